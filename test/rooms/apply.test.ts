/** Apply against S3 and ECS in their real wire formats: the fence, the order of its writes, and what a repeat does. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { subjectOf } from '../../lambdas/contract/notice.ts';
import type { Decision, Memory, Notice, Outcome } from '../../lambdas/contract/records.ts';
import { setPaused } from '../../local/lane.ts';
import { AT, later, seen } from '../samples.ts';
import { BUCKET, startAws, type TestAws } from './aws.ts';

interface Applied {
  readonly outcomes: readonly Outcome[];
  readonly notices: readonly Notice[];
  readonly memory: Memory;
  readonly stale: boolean;
}

let aws: TestAws;
let handler: (event: unknown) => Promise<Applied>;
let lane = '';
let lanes = 0;

beforeAll(async () => {
  aws = await startAws({ 'orders-worker': 2, 'mail-worker': 5 });
  ({ handler } = (await import('../../lambdas/apply/handler.ts')) as unknown as { handler: typeof handler });
});
beforeEach(async () => {
  lanes += 1;
  lane = `lane-${lanes}`;
  await aws.putJson(`lanes/${lane}/lease.json`, { owner: 'e', term: 4, expiresAt: later(80), paused: false });
  aws.set('orders-worker', 2);
  aws.set('mail-worker', 5);
  aws.calls.clear();
});
afterAll(() => aws.close());

const decision = (to: number, given: Partial<Decision> = {}): Decision => ({
  cluster: 'shop',
  service: 'orders-worker',
  from: 2,
  to,
  direction: to > 2 ? 'out' : to < 2 ? 'in' : 'hold',
  reasons: [{ by: 'target', said: to, why: 'because' }],
  reading: seen(80),
  at: AT,
  term: 4,
  ...given,
});

const remembered = (to: number): Memory => ({
  'shop/orders-worker': { desired: to, lastOut: { at: AT, to } },
});

const apply = (decisions: readonly Decision[], memory: Memory = remembered(8), given: object = {}) =>
  handler({ at: AT, lane, term: 4, decisions, changes: decisions.length, memory, ...given });

const storedLease = () => aws.getJson(`lanes/${lane}/lease.json`);

test('sets the absolute count, saves the memory under the term and hands out the notice', async () => {
  const { outcomes, notices, stale } = await apply([decision(8)]);
  expect(Object.fromEntries(aws.calls)).toEqual({
    's3:GetObject': 1,
    's3:PutObject': 1,
    'ecs:UpdateService': 1,
  });
  expect(outcomes).toMatchObject([{ service: 'orders-worker', to: 8, applied: true }]);
  expect(aws.desired('orders-worker')).toBe(8);
  expect(await storedLease()).toMatchObject({
    owner: 'e',
    term: 4,
    paused: false,
    memory: remembered(8),
    savedAt: AT,
  });
  expect(notices).toEqual([
    {
      subject: 'Scale out: shop/orders-worker 2 -> 8',
      body: {
        event: 'scale-out',
        cluster: 'shop',
        service: 'orders-worker',
        from: 2,
        to: 8,
        reasons: decision(8).reasons,
        reading: seen(80),
        at: AT,
        lane,
        term: 4,
      },
    },
  ]);
  expect(stale).toBe(false);
});

test('a scale-in is applied without a notice, a hold is not touched', async () => {
  const { outcomes, notices } = await apply([
    decision(1),
    decision(5, { service: 'mail-worker', from: 5, direction: 'hold' }),
  ]);
  expect(outcomes).toHaveLength(1);
  expect(notices).toEqual([]);
  expect([aws.desired('orders-worker'), aws.desired('mail-worker')]).toEqual([1, 5]);
});

test('only holds: not a single call', async () => {
  await apply([decision(2)]);
  expect(aws.calls.size).toBe(0);
});

test('6: a repeated apply changes nothing the second time, whatever was decided', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 50 }),
      fc.nat({ max: 50 }),
      fc.nat({ max: 3 }),
      async (first, second, repeats) => {
        await aws.putJson(`lanes/${lane}/lease.json`, {
          owner: 'e',
          term: 4,
          expiresAt: later(80),
          paused: false,
        });
        aws.set('orders-worker', 2);
        aws.set('mail-worker', 2);
        const decisions = [decision(first), decision(second, { service: 'mail-worker' })];
        const once = await apply(decisions, remembered(first));
        const lease = JSON.stringify(await storedLease());
        for (let repeat = 0; repeat <= repeats; repeat += 1)
          expect(await apply(decisions, remembered(first))).toEqual(once);
        expect([aws.desired('orders-worker'), aws.desired('mail-worker')]).toEqual([first, second]);
        expect(JSON.stringify(await storedLease())).toBe(lease);
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

test('what a second attempt may not do the first one may have done: neither its cooldown nor its notice is given up', async () => {
  const paused = { owner: 'e', term: 4, expiresAt: later(80), paused: true };
  await aws.putJson(`lanes/${lane}/lease.json`, paused);
  const first = await apply([decision(8)]);
  expect(first.memory['shop/orders-worker']?.lastOut).toBeUndefined();
  expect(first).toMatchObject({ notices: [], unsure: [] });
  const second = await apply([decision(8)], remembered(8), { retry: 1 });
  expect(second).toMatchObject({ memory: remembered(8), notices: [], unsure: [{ body: { to: 8, at: AT } }] });
});

describe('the fence', () => {
  test.each([3, 5])('term %i is not the term of the lease: nothing is done, and it says so', async (term) => {
    const { outcomes, notices, stale } = await apply([decision(8)], remembered(8), { term });
    expect(outcomes).toMatchObject([
      { applied: false, error: expect.stringContaining(`term ${term} is stale`) },
    ]);
    expect({ notices, stale }).toEqual({ notices: [], stale: true });
    expect(aws.desired('orders-worker')).toBe(2);
    expect(await storedLease()).not.toHaveProperty('memory');
  });

  test('no lease at all: nothing is done', async () => {
    const { stale } = await apply([decision(8)], remembered(8), { lane: 'never-started' });
    expect(stale).toBe(true);
    expect(aws.desired('orders-worker')).toBe(2);
  });

  test('a lease that is no lease: nothing is done, and the next tick looks again', async () => {
    await aws.putJson('lanes/garbled/lease.json', '<html>welcome</html>');
    const { outcomes, stale } = await apply([decision(8)], remembered(8), { lane: 'garbled' });
    expect(outcomes).toMatchObject([{ applied: false, error: expect.stringContaining('is unreadable') }]);
    expect(stale).toBe(false);
    expect(aws.desired('orders-worker')).toBe(2);
  });

  test('a paused lane: nothing is done, but the execution goes on', async () => {
    await setPaused({ bucket: BUCKET, s3: aws.s3 }, lane, true);
    const { outcomes, stale } = await apply([decision(8)]);
    expect(outcomes).toMatchObject([{ applied: false, error: `lane ${lane} is paused` }]);
    expect({ stale, desired: aws.desired('orders-worker') }).toEqual({ stale: false, desired: 2 });
  });

  test('a tick that is delivered late does not undo a later one', async () => {
    await apply([decision(8, { at: later(10) })], remembered(8), { at: later(10) });
    const { outcomes } = await apply([decision(4)], remembered(4));
    expect(outcomes).toMatchObject([{ applied: false, error: expect.stringContaining('a later tick') }]);
    expect(aws.desired('orders-worker')).toBe(8);
  });

  test('a pause that is written at the same moment is not lost', async () => {
    await Promise.all([apply([decision(8)]), setPaused({ bucket: BUCKET, s3: aws.s3 }, lane, true)]);
    expect(await storedLease()).toMatchObject({ paused: true });
  });
});

test('a service that refuses keeps its place in the queue: no notice, its cooldown does not begin, the others go on', async () => {
  const memory = {
    ...remembered(8),
    'shop/gone': { desired: 9, lastOut: { at: AT, to: 9 }, lastIn: { at: later(-300), streak: 0 } },
  };
  const applied = await apply([decision(8), decision(9, { service: 'gone' })], memory);
  expect(applied.outcomes).toMatchObject([
    { applied: true },
    { applied: false, error: expect.stringContaining('ecs:UpdateService') },
  ]);
  expect(applied.notices).toHaveLength(1);
  expect(applied.memory).toEqual({
    ...remembered(8),
    'shop/gone': { desired: 2, lastIn: { at: later(-300), streak: 0 } },
  });
});

test('a subject has at most 100 ASCII characters and always both counts', () => {
  const name = fc.string({ minLength: 1, maxLength: 255, unit: 'grapheme' });
  fc.assert(
    fc.property(name, name, fc.nat(), fc.nat(), (cluster, service, from, to) => {
      const subject = subjectOf({ cluster, service, from, to });
      expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
      expect(subject.startsWith('Scale out: ')).toBe(true);
      expect(subject.endsWith(` ${from} -> ${to}`)).toBe(true);
    }),
  );
});
