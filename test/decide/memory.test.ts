/** What is remembered stays within its limit, and what is over it goes in a fixed order. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Decision, ServiceMemory } from '../../lambdas/contract/records.ts';
import { MOST_CHARACTERS, remember } from '../../lambdas/decide/memory.ts';
import { AT, later } from '../samples.ts';

const decision = (given: Partial<Decision> = {}): Decision => ({
  ...{ cluster: 'shop', service: 'orders-worker', from: 1, to: 1, direction: 'hold', reasons: [], term: 1 },
  reading: { known: true },
  at: AT,
  ...given,
});

const size = (memory: ServiceMemory): number => JSON.stringify(memory).length;

/** Times as long as a configuration from elsewhere may write them. */
const instant = fc
  .tuple(fc.nat({ max: 1e6 }), fc.nat({ max: 60 }))
  .map(([seconds, digits]) => `${later(seconds).slice(0, 19)}.${'1'.repeat(digits + 1)}+01:00`);
const count = fc.oneof(fc.nat({ max: 500 }), fc.constant(Number.MAX_SAFE_INTEGER));
const number = fc.oneof(
  fc.nat({ max: 2000 }),
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, 999, 1000, 9_999_999, 1e7, 999_999_999_999, 1e12, 1e21, -1e-300),
);
const keeps = fc.dictionary(fc.stringMatching(/^[A-Za-z_]\w{0,30}$/), fc.array(number, { maxLength: 60 }), {
  maxKeys: 8,
});

test('never more than the limit, whatever is kept', () => {
  fc.assert(
    fc.property(
      fc.record(
        { lastOut: fc.record({ at: instant, to: count }), desired: count, unknownSince: instant },
        { requiredKeys: [] },
      ),
      fc.record({
        at: instant,
        to: count,
        direction: fc.constantFrom('in' as const, 'out' as const, 'hold' as const),
      }),
      fc.boolean(),
      keeps,
      (before, decided, blind, kept) => {
        const { memory: after } = remember(before, decision(decided), blind, kept);
        expect(size(after)).toBeLessThanOrEqual(MOST_CHARACTERS);
        expect(after.desired).toBe(decided.to);
      },
    ),
    { numRuns: 5000 },
  );
});

test('what fits is kept whole', () => {
  const kept = {
    queueDelay: Array.from({ length: 40 }, (_, nth) => nth + 0.5),
    limits: [1_795_000_000, 0, 5, 0],
  };
  expect(remember({}, decision(), false, kept)).toEqual({ memory: { kept, desired: 1 }, forgotten: [] });
});

test('up to the last character: nothing goes that has room', () => {
  const ones = (count: number) => ({ panic: Array.from({ length: count }, () => 1) });
  const most = (MOST_CHARACTERS - size({ kept: ones(1), desired: 1 })) / 2 + 1;
  expect(size({ kept: ones(most), desired: 1 })).toBe(MOST_CHARACTERS);
  expect(remember({}, decision(), false, ones(most)).memory.kept).toEqual(ones(most));
  expect(remember({}, decision(), false, ones(most + 1)).memory.kept).toBeUndefined();
});

test('the totals go first, one by one, then what the last ones keep', () => {
  const totals = { sqs: { at: AT, arrived: 1, departed: 1 }, mails: { at: AT, arrived: 1, departed: 1 } };
  const ones = (count: number) => Array.from({ length: count }, () => 1);
  const after = (queueDelay: number, forecast: number) =>
    remember({ totals }, decision(), false, {
      limits: ones(100),
      queueDelay: ones(queueDelay),
      forecast: ones(forecast),
    });
  const kept = { limits: ones(100) };
  expect(after(100, 100)).toMatchObject({ memory: { totals }, forgotten: [] });
  expect(after(100, 230).memory.totals).toEqual({ sqs: totals.sqs });
  expect(after(200, 300)).toEqual({
    memory: { kept: { ...kept, queueDelay: ones(200) }, desired: 1 },
    forgotten: ['forecast'],
  });
  expect(after(500, 500)).toEqual({ memory: { kept, desired: 1 }, forgotten: ['forecast', 'queueDelay'] });
});

test('what is no number is not kept', () => {
  const { memory } = remember({}, decision(), false, { target: [1, Number.NaN], panic: [], limits: [1] });
  expect(memory.kept).toEqual({ limits: [1] });
});

test('what could not be seen since tomorrow could not be seen since now', () => {
  const since = (unknownSince: string) =>
    remember({ unknownSince }, decision(), true, {}).memory.unknownSince;
  expect([since(later(-60)), since(later(86_400))]).toEqual([later(-60), AT]);
});
