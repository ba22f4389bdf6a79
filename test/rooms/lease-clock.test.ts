/** Whose clock judges a lease, and how soon a dead lane goes on. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type LaneBucket, startLaneBucket } from './lane-bucket.ts';

let bucket: LaneBucket;
beforeAll(async () => {
  bucket = await startLaneBucket(['orders-worker']);
});
afterAll(() => bucket.close());

describe("S3's clock judges, whatever the clock of an execution says", () => {
  test.each([-30, 0, 30])('the holder is %i s ahead: the lease lasts 80 s by S3', async (ahead) => {
    const lane = `holder${ahead}`;
    await bucket.ask(lane, 'e1', {}, ahead);
    expect(await bucket.lease(lane)).toMatchObject({ expiresAt: bucket.at(80), acquiredAt: bucket.at() });
  });

  test.each([-30, 30, 59])('who asks is %i s ahead: not a second too early or late', async (ahead) => {
    const lane = `asker${ahead}`;
    await bucket.ask(lane, 'e1');
    bucket.pass(79);
    expect(await bucket.ask(lane, 'e2', {}, ahead)).toMatchObject({ acquired: false, term: 1 });
    bucket.pass(1);
    expect(await bucket.ask(lane, 'e2', {}, ahead)).toMatchObject({ acquired: true, term: 2 });
  });

  test('somebody who drives it at a time of his own means that time', async () => {
    const NOON = '2020-01-01T12:00:00.000Z';
    await bucket.ask('replay', 'e1', { at: NOON });
    expect(await bucket.lease('replay')).toMatchObject({ expiresAt: '2020-01-01T12:01:20.000Z' });
    expect(await bucket.ask('replay', 'e2', { at: '2020-01-01T12:01:19.000Z' })).toMatchObject({
      acquired: false,
    });
    expect(await bucket.ask('replay', 'e2', { at: '2020-01-01T12:01:20.000Z' })).toMatchObject({
      acquired: true,
    });
  });

  test('released, it ends at once by that clock too', async () => {
    await bucket.ask('released', 'e1', {}, 30);
    await bucket.ask('released', 'e1', { act: 'release' }, 30);
    expect(await bucket.lease('released')).toMatchObject({ expiresAt: bucket.at() });
    expect(await bucket.ask('released', 'e2', {}, -30)).toMatchObject({ acquired: true, term: 2 });
  });
});

describe('a start that finds the lease overdue waits for its end', () => {
  test.each([
    [60, false],
    [59, false],
    [25, false],
    [24, true],
    [1, true],
  ])('with %i s left: %s', async (left, waits) => {
    const lane = `left${left}`;
    await bucket.ask(lane, 'e1');
    bucket.pass(80 - left);
    const { awaitExpiry } = await bucket.ask(lane, 'e2');
    expect(typeof awaitExpiry === 'string').toBe(waits);
  });

  test.each([-30, -5, 0, 5, 30])(
    'and at that time, its clock %i s ahead, it gets the lane',
    async (ahead) => {
      const lane = `waits${ahead}`;
      await bucket.ask(lane, 'e1');
      bucket.pass(65);
      const { awaitExpiry, lane: named } = await bucket.ask(lane, 'e2', {}, ahead);
      const seconds = (Date.parse(String(awaitExpiry)) - Date.parse(bucket.at(ahead))) / 1000;
      expect(seconds).toBeGreaterThanOrEqual(15);
      expect(seconds).toBeLessThanOrEqual(15 + 7);
      // As AWS does: a Wait knows whole seconds.
      expect(awaitExpiry).toMatch(/:\d\d\.000Z$/);
      bucket.pass(Math.floor(seconds));
      const again = { input: { lane: named, config: null, waited: true } };
      expect(await bucket.ask(lane, 'e2', again, ahead)).toMatchObject({
        acquired: true,
        revived: true,
        awaitExpiry: null,
      });
    },
  );

  test('a slow start of the function does not make it ask too early', async () => {
    await bucket.ask('slow', 'e1');
    bucket.pass(65);
    // The state was entered 4 s before S3 answered.
    const { awaitExpiry } = await bucket.ask('slow', 'e2', {}, -4);
    expect(Date.parse(String(awaitExpiry))).toBeGreaterThanOrEqual(Date.parse(bucket.at(15)));
  });

  test.each([
    ['a successor', { input: { term: 7 } }],
    ['who has waited already', { input: { waited: true } }],
    ['a release', { act: 'release' }],
  ])('not so %s', async (_, given) => {
    const lane = `no-${_.replaceAll(' ', '-')}`;
    await bucket.ask(lane, 'e1');
    bucket.pass(70);
    expect(await bucket.ask(lane, 'e2', given)).toMatchObject({ acquired: false, awaitExpiry: null });
  });

  test('nor at a paused lane', async () => {
    await bucket.ask('resting', 'e1');
    await bucket.put('lanes/resting/lease.json', { ...(await bucket.lease('resting')), paused: true });
    bucket.pass(70);
    expect(await bucket.ask('resting', 'e2')).toMatchObject({ acquired: false, awaitExpiry: null });
  });
});

/** Asks as the state machine does for a start of the schedule. @returns how many seconds later it had the lane, if it got it */
const revived = async (lane: string, ahead: number): Promise<number | undefined> => {
  const first = await bucket.ask(lane, 'reviver', {}, ahead);
  if (first.acquired) return 0;
  if (first.awaitExpiry === null) return undefined;
  const seconds = Math.floor((Date.parse(String(first.awaitExpiry)) - Date.parse(bucket.at(ahead))) / 1000);
  bucket.pass(seconds);
  const again = await bucket.ask(lane, 'reviver', { input: { waited: true } }, ahead);
  return again.acquired ? seconds : undefined;
};

test('a lane whose execution dies at any moment goes on within 120 s of a schedule that starts one a minute', async () => {
  let lanes = 0;
  const second = fc.integer({ min: 0, max: 59 });
  await fc.assert(
    fc.asyncProperty(second, fc.integer({ min: -30, max: 30 }), fc.boolean(), async (phase, ahead, waits) => {
      lanes += 1;
      // Its first tick is due now, or an interval from now: that long the lease lasts longer.
      await bucket.ask(`dies${lanes}`, 'e1', { input: { next: bucket.at(waits ? 5 : 0) } });
      bucket.pass(phase);
      let passed = phase;
      let waited = await revived(`dies${lanes}`, ahead);
      while (waited === undefined && passed < 180) {
        bucket.pass(60);
        passed += 60;
        waited = await revived(`dies${lanes}`, ahead);
      }
      // Dead as soon as it had the lease, which is the worst.
      expect(passed + (waited ?? Number.NaN)).toBeLessThanOrEqual(120);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('an execution may stay until 160 s after its start, however long it has waited for the lease', async () => {
  const started = bucket.at(-100);
  expect(await bucket.ask('stays', 'e1', { started })).toMatchObject({
    deadline: bucket.at(60),
    until: bucket.at(60),
  });
  expect(await bucket.ask('stays2', 'e1')).toMatchObject({ deadline: bucket.at(160) });
});
