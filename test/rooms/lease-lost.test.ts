/** An object that is deleted or overwritten while its lane lives. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type LaneBucket, startLaneBucket } from './lane-bucket.ts';

const KEY = 'shop/orders-worker';
let bucket: LaneBucket;
let lanes = 0;
let lane: string;
beforeAll(async () => {
  bucket = await startLaneBucket(['orders-worker', 'mail-worker']);
});
beforeEach(() => {
  lanes += 1;
  lane = `lane${lanes}`;
});
afterAll(() => bucket.close());

const object = (): string => `lanes/${lane}/lease.json`;
const kept = () => bucket.keys(`corrupt/${lane}/`);
/** What is remembered of a service whose cooldown nobody knows. */
const cautious = () => ({ lastIn: { at: bucket.at(), streak: 1 } });

describe('an object that is no lease of ours', () => {
  const foreign: readonly (readonly [string, string])[] = [
    ['truncated', '{"owner":"e1","term":7,"expiresAt":"2026-'],
    ['empty', ''],
    ['of another kind', '<html>welcome</html>'],
    [
      'of a later version',
      JSON.stringify({ format: 2, owner: 'e1', term: 7, expiresAt: '2026-11-22T12:00:00Z' }),
    ],
    ['without a term', JSON.stringify({ owner: 'e1', expiresAt: '2026-11-22T12:00:00Z' })],
    ['not even text', '\u0000\ud800\u0001'],
  ];

  test.each(foreign)('%s: as long as its holder may live it is reported and left alone', async (_, text) => {
    await bucket.put(object(), text);
    bucket.pass(79);
    const answer = await bucket.ask(lane, 'e2', { input: { takeOver: true } });
    expect(answer).toMatchObject({ acquired: false, awaitExpiry: expect.any(String) });
    expect(answer.why).toMatch(/no lease of ours.*replaced 1 s from now/s);
    expect(await kept()).toEqual([]);
  });

  test.each(foreign)('%s: then its bytes are kept aside, and the lane goes on', async (_, text) => {
    await bucket.put(object(), text);
    const written = await bucket.text(object());
    const [date, time] = bucket.at().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
    bucket.pass(80);
    const answer = await bucket.ask(lane, 'e2');
    expect(answer).toMatchObject({ acquired: true, revived: true });
    expect(answer.term).toBeGreaterThan(Date.parse('2026-01-01') / 1000);
    expect(await kept()).toEqual([`corrupt/${lane}/${date}T${time}Z.json`]);
    expect(await bucket.text(`corrupt/${lane}/${date}T${time}Z.json`)).toBe(written);
    expect(await bucket.lease(lane)).toMatchObject({ owner: 'e2', term: answer.term });
    // Whoever still lived from before is stale: no term of before comes again.
    expect(await bucket.ask(lane, 'e3', { input: { term: 7 } })).toMatchObject({ acquired: false });
  });

  test('what it forgot waits out a cooldown before scale-in, and only that', async () => {
    await bucket.put(object(), '{');
    bucket.pass(80);
    const { memory } = await bucket.ask(lane, 'e2');
    expect(memory).toEqual({
      [KEY]: { ...cautious(), revivedAt: bucket.at() },
      'shop/mail-worker': { ...cautious(), revivedAt: bucket.at() },
    });
  });

  test('whatever can still be read of it goes on', async () => {
    const memory = { [KEY]: { desired: 7, lastIn: { at: bucket.at(-30), streak: 2 } } };
    const pauses = { 'shop/mail-worker': { what: 'in' } };
    await bucket.put(object(), {
      format: 2,
      term: { epoch: 7 },
      memory,
      pauses,
      paused: 'no',
      notices: 'none',
    });
    bucket.pass(80);
    const answer = await bucket.ask(lane, 'e2');
    expect(answer.memory).toMatchObject(memory);
    expect(answer.memory['shop/mail-worker']).toMatchObject({ paused: { what: 'in' } });
  });

  test('a paused lane stays paused', async () => {
    await bucket.put(object(), { format: 2, paused: true });
    bucket.pass(80);
    expect(await bucket.ask(lane, 'e2')).toMatchObject({ acquired: false, why: `lane ${lane} is paused` });
    expect(await bucket.lease(lane)).toMatchObject({ paused: true, owner: expect.stringMatching(/^nobody/) });
  });

  test('of many that find it exactly one gets the lane, and the bytes are kept once', async () => {
    await bucket.put(object(), 'garbage');
    bucket.pass(100);
    const asked = Array.from({ length: 6 }, (_, index) => bucket.ask(lane, `e${index}`));
    expect((await Promise.all(asked)).filter(({ acquired }) => acquired)).toHaveLength(1);
    expect(await kept()).toHaveLength(1);
  });

  test('its bytes are kept before it is replaced: when that fails, it stays', async () => {
    await bucket.put(object(), 'garbage');
    bucket.pass(80);
    const isKept = ({ path }: { readonly path: string }): boolean => path.includes('/corrupt/');
    const { end, hits } = bucket.injections.inject({ api: 's3:PutObject', how: 'deny', where: isKept });
    await expect(bucket.ask(lane, 'e2')).rejects.toMatchObject({
      name: 'StoreError',
      message: expect.stringMatching(/s3:PutObject on arn:aws:s3:::state\/corrupt/),
    });
    end();
    expect(hits()).toBeGreaterThan(0);
    expect(await bucket.text(object())).toBe('garbage');
  });
});

describe('an object that is deleted', () => {
  const memory = { [KEY]: { desired: 7, lastIn: { at: '2026-11-22T11:59:00.000Z', streak: 2 } } };

  test('the successor brings term and memory along', async () => {
    const { term } = await bucket.ask(lane, 'e1', { memory });
    await bucket.drop(object());
    bucket.pass(58);
    const heir = await bucket.ask(lane, 'e2', { input: { term, memory, savedAt: bucket.at() } });
    expect(heir).toMatchObject({ acquired: true, revived: false, memory });
    expect(heir.term).toBeGreaterThan(Number(term));
  });

  test('anybody else knows that it was there: no cooldown is forgotten, no term comes again', async () => {
    await bucket.ask(lane, 'e1', { memory });
    bucket.pass(30);
    await bucket.drop(object());
    const start = await bucket.ask(lane, 'e2');
    expect(start).toMatchObject({ acquired: true, revived: true, memory: { [KEY]: cautious() } });
    const heir = { input: { term: 1, memory, savedAt: bucket.at() } };
    expect(await bucket.ask(lane, 'e3', heir)).toMatchObject({ acquired: false, term: start.term });
    expect(start.term).toBeGreaterThan(Date.parse('2026-01-01') / 1000);
  });

  test('before the first start there was none', async () => {
    const first = await Promise.all(Array.from({ length: 5 }, (_, index) => bucket.ask(lane, `e${index}`)));
    expect(first.filter(({ acquired }) => acquired)).toMatchObject([
      { term: 1, revived: false, memory: { [KEY]: {}, 'shop/mail-worker': {} } },
    ]);
  });

  test('deleted while somebody takes it: exactly one gets it', async () => {
    const { term } = await bucket.ask(lane, 'e1', { memory });
    const input = { term, memory, savedAt: bucket.at() };
    const [, ...answers] = await Promise.all([
      bucket.drop(object()),
      ...Array.from({ length: 6 }, (_, index) => bucket.ask(lane, `h${index}`, { input })),
    ]);
    const terms = answers.filter(({ acquired }) => acquired).map((answer) => answer.term);
    expect(new Set(terms).size).toBe(terms.length);
    expect(terms).toContain((await bucket.lease(lane)).term);
  });
});
