/** What goes on from one holder of a lane to the next: its memory, what is paused in it, and what has not been told. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notice } from '../../lambdas/contract/records.ts';
import { type LaneBucket, startLaneBucket } from './lane-bucket.ts';

const ORDERS = 'shop/orders-worker';
const MAIL = 'shop/mail-worker';
let bucket: LaneBucket;
let lanes = 0;
let lane: string;
beforeAll(async () => {
  bucket = await startLaneBucket(['orders-worker', 'mail-worker']);
});
beforeEach(() => {
  lanes += 1;
  lane = `lane${String.fromCharCode(96 + lanes)}`;
});
afterAll(() => bucket.close());

const change = async (given: object, of = lane): Promise<void> =>
  bucket.put(`lanes/${of}/lease.json`, { ...(await bucket.lease(of)), ...given });

const memory = { [ORDERS]: { desired: 7 }, [MAIL]: { desired: 3 } };

describe('a revived lane', () => {
  const revivedAt = () => ({ [ORDERS]: { revivedAt: bucket.at() }, [MAIL]: { revivedAt: bucket.at() } });

  test('waits for readings of its own in every service', async () => {
    await bucket.ask(lane, 'e1', { memory });
    bucket.pass(80);
    const answer = await bucket.ask(lane, 'e2');
    expect(answer).toMatchObject({ acquired: true, revived: true, memory: revivedAt() });
    expect(answer).toMatchObject({ memory });
    expect(await bucket.lease(lane)).toMatchObject({ memory: revivedAt() });
  });

  test('is one whose last execution was stale, too: what that one hands over is older than what was saved', async () => {
    await bucket.ask(lane, 'e1', { memory });
    await bucket.ask(lane, 'e2', { input: { term: 1, memory } });
    await change({ memory: { [ORDERS]: { desired: 9 } } });
    bucket.pass(80);
    const late = { term: 1, memory, savedAt: bucket.at() };
    expect(await bucket.ask(lane, 'e3', { input: late })).toMatchObject({
      revived: true,
      memory: { [ORDERS]: { desired: 9, revivedAt: bucket.at() } },
    });
  });

  test.each([
    ['a first start', {}, 0, false],
    ['a hand-over', { input: { term: 1, memory } }, 58, true],
    ['a hand-over that comes late', { input: { term: 1, memory } }, 100, true],
    ['a take-over', { input: { takeOver: true } }, 10, true],
  ])('is not %s', async (_, given, passed, before) => {
    if (before) await bucket.ask(lane, 'e1', { memory });
    bucket.pass(passed);
    const answer = await bucket.ask(lane, 'e2', given);
    expect(answer).toMatchObject({ acquired: true, revived: false });
    expect(JSON.stringify(answer)).not.toContain('revivedAt');
  });

  test('asked again it says the same, under one more term', async () => {
    await bucket.ask(lane, 'e1', { memory });
    await change({ notices: [notice(ORDERS, 4)] });
    bucket.pass(80);
    const first = await bucket.ask(lane, 'e2');
    expect(await bucket.ask(lane, 'e2', { retry: 1 })).toEqual({ ...first, term: Number(first.term) + 1 });
  });
});

describe('what is paused is the word of the object', () => {
  test.each([
    ['one service', { [ORDERS]: { what: 'in' } }, [{ what: 'in' }, undefined]],
    ['every service', { '*': { what: 'out' } }, [{ what: 'out' }, { what: 'out' }]],
    [
      'one of all, otherwise',
      { '*': { what: 'out' }, [ORDERS]: { what: 'in' } },
      [{ what: 'all' }, { what: 'out' }],
    ],
    ['a service that is not ours', { 'shop/other': { what: 'in' } }, [undefined, undefined]],
  ])('%s', async (_, pauses, expected) => {
    const stale = { [ORDERS]: { paused: { what: 'all' } }, [MAIL]: { paused: { what: 'in' } } };
    await bucket.ask(lane, 'e1');
    await change({ pauses });
    const answer = await bucket.ask(lane, 'e2', { input: { term: 1, memory: stale } });
    expect([ORDERS, MAIL].map((key) => answer.memory[key]?.['paused'])).toEqual(expected);
    expect(await bucket.lease(lane)).toMatchObject({ pauses });
  });

  test('until it ends by itself', async () => {
    await bucket.ask(lane, 'e1');
    const until = bucket.at(30);
    await change({ pauses: { [ORDERS]: { what: 'in', until }, [MAIL]: { what: 'all' } } });
    const input = { term: 1, memory };
    const during = await bucket.ask(lane, 'e2', { input });
    expect(during.memory).toMatchObject({
      [ORDERS]: { paused: { what: 'in', until } },
      [MAIL]: { paused: { what: 'all' } },
    });
    bucket.pass(30);
    const after = await bucket.ask(lane, 'e3', { input: { term: 2, memory: during.memory } });
    expect(after.memory).toEqual({
      [ORDERS]: { desired: 7 },
      [MAIL]: { desired: 3, paused: { what: 'all' } },
    });
    expect((await bucket.lease(lane))['pauses']).toEqual({ [MAIL]: { what: 'all' } });
  });

  test('two that end at different times are one that lasts as long as the longer', async () => {
    await bucket.ask(lane, 'e1');
    const [soon, late] = [bucket.at(30), bucket.at(90)];
    await change({ pauses: { [ORDERS]: { what: 'in', until: late }, '*': { what: 'out', until: soon } } });
    const answer = await bucket.ask(lane, 'e2', { input: { term: 1, memory } });
    expect(answer.memory[ORDERS]).toMatchObject({ paused: { what: 'all', until: late } });
    expect(answer.memory[MAIL]).toMatchObject({ paused: { what: 'out', until: soon } });
  });

  test('a lane that is paused for a while goes on by itself', async () => {
    await bucket.ask(lane, 'e1', { memory });
    const pausedUntil = bucket.at(100);
    await change({ paused: true, pausedUntil });
    bucket.pass(99);
    expect(await bucket.ask(lane, 'e2')).toMatchObject({
      acquired: false,
      why: `lane ${lane} is paused until ${pausedUntil}`,
    });
    bucket.pass(1);
    expect(await bucket.ask(lane, 'e2')).toMatchObject({ acquired: true, memory });
    expect(await bucket.lease(lane)).toMatchObject({ paused: false });
    expect(await bucket.lease(lane)).not.toHaveProperty('pausedUntil');
  });

  test('not even a take-over gets a paused lane', async () => {
    await bucket.ask(lane, 'e1');
    await change({ paused: true });
    expect(await bucket.ask(lane, 'e2', { input: { takeOver: true } })).toMatchObject({ acquired: false });
  });
});

const notice = (key: string, to: number): Notice => {
  const [cluster = '', service = ''] = key.split('/');
  return {
    subject: `Scale out: ${key} 1 -> ${to}`,
    body: {
      event: 'scale-out',
      cluster,
      service,
      from: 1,
      to,
      reasons: [],
      reading: { known: true },
      at: '2026-11-22T12:00:00.000Z',
      lane: 'any',
      term: to,
    },
  };
};

describe('what has not been told', () => {
  const [told, open, doubtful] = [notice(ORDERS, 2), notice(ORDERS, 3), notice(MAIL, 4)];

  test('is handed over, but for what was told meanwhile', async () => {
    await bucket.ask(lane, 'e1', { memory });
    await change({ notices: [open, doubtful] });
    const input = { term: 1, memory, notices: [told, open], unsure: [doubtful] };
    expect(await bucket.ask(lane, 'e2', { input })).toMatchObject({ notices: [open], unsure: [doubtful] });
    expect(await bucket.lease(lane)).toMatchObject({ notices: [open, doubtful] });
  });

  test('is nobody knows what where the holder has died: the counts will tell', async () => {
    await bucket.ask(lane, 'e1', { memory });
    await change({ notices: [open, doubtful] });
    bucket.pass(80);
    expect(await bucket.ask(lane, 'e2')).toMatchObject({
      revived: true,
      notices: [],
      unsure: [open, doubtful],
    });
    expect(await bucket.lease(lane)).toMatchObject({ notices: [open, doubtful] });
  });

  test('is left to a holder that still lives', async () => {
    await bucket.ask(lane, 'e1', { memory });
    await change({ notices: [open] });
    expect(await bucket.ask(lane, 'e2', { input: { takeOver: true } })).toMatchObject({
      notices: [],
      unsure: [],
    });
  });

  test('is kept when the lane is found paused', async () => {
    await bucket.ask(lane, 'e1', { memory });
    await change({ notices: [told, open], paused: true });
    await bucket.ask(lane, 'e2', { input: { term: 1, memory, notices: [open] } });
    await change({ paused: false });
    expect(await bucket.ask(lane, 'e3')).toMatchObject({ acquired: true, notices: [open], unsure: [] });
  });

  test('and was accepted for certain is told by whoever revives the lane; of the rest the counts will tell', async () => {
    await bucket.ask(lane, 'e1', { memory });
    await change({ notices: [{ ...open, accepted: true }, doubtful] });
    bucket.pass(80);
    const untold = { notices: [open], unsure: [doubtful] };
    expect(await bucket.ask(lane, 'e2')).toMatchObject({ revived: true, ...untold });
    // And once more, if he dies too.
    bucket.pass(80);
    expect(await bucket.ask(lane, 'e3')).toMatchObject({ revived: true, ...untold });
  });

  test('goes with its bearer where the object is gone', async () => {
    await bucket.ask(lane, 'e1', { memory });
    await bucket.drop(`lanes/${lane}/lease.json`);
    const input = { term: 1, memory, notices: [open], unsure: [doubtful] };
    expect(await bucket.ask(lane, 'e2', { input })).toMatchObject({ notices: [open], unsure: [doubtful] });
  });
});

test('what people are shown stays until there is something newer', async () => {
  await bucket.ask(lane, 'e1', { memory });
  const last = { at: bucket.at(), services: {} };
  await change({ last, atMax: { [ORDERS]: bucket.at(), 'shop/gone': bucket.at() } });
  bucket.pass(80);
  await bucket.ask(lane, 'e2');
  expect(await bucket.lease(lane)).toMatchObject({
    last,
    services: [ORDERS, MAIL],
    atMax: { [ORDERS]: expect.any(String) },
  });
});
