/** Since when a service is at its maximum with work left, told by the ticks of execution after execution. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { History } from '../../lambdas/contract/history.ts';
import { noHistory } from '../../lambdas/contract/history.ts';
import type { Decision, Reading } from '../../lambdas/contract/records.ts';
import { withTick } from '../../lambdas/decide/history.ts';
import { type AtMaxSince, atMaxAfter } from '../../lambdas/lease/at-max.ts';
import { sample, seen, service } from '../samples.ts';

const KEY = 'shop/orders-worker';
const MAX = 10;
const ours = service({ tasks: { min: 1, max: MAX } });
const services = new Map([[KEY, ours]]);
const START = Date.parse('2026-11-22T12:00:00.000Z');
const iso = (nth: number): string => new Date(START + nth * 5000).toISOString();

const unknown: Reading = { known: false, why: 'it is down', error: 'ECONNREFUSED' };
const value: Reading = { known: true, value: 93, at: iso(0) };

interface Tick {
  readonly readings: readonly Reading[];
  /** null: ECS could not be asked. */
  readonly desired: number | null;
  readonly to: number;
}

const full = (...readings: readonly Reading[]): Tick => ({ readings, desired: MAX, to: MAX });

/** As decide leaves it. @param from the number of the first tick */
const historyOf = (ticks: readonly Tick[], from = 0): History =>
  ticks.reduce<History>((before, { readings, desired, to }, nth) => {
    const counts =
      desired === null
        ? ({ known: false, why: 'ECS is down', error: 'Unknown' } as const)
        : { desired, running: desired, pending: 0, deploying: false };
    const decision: Decision = {
      ...{ cluster: 'shop', service: 'orders-worker', from: desired ?? to, to, direction: 'hold' },
      ...{ reasons: [], reading: readings[0] ?? unknown, at: iso(from + nth), term: 1 },
    };
    return withTick(before, [sample({ service: ours, readings, counts })], [decision]);
  }, noHistory);

const after = (before: AtMaxSince, ...ticks: readonly Tick[]) =>
  atMaxAfter(before, services, historyOf(ticks));
const LONG_AGO = '2026-11-22T11:00:00.000Z';

describe('one execution', () => {
  test.each<[what: string, ticks: readonly Tick[], since: string | undefined]>([
    ['it gets there and stays', [{ ...full(seen(9)), desired: 8 }, full(seen(9)), full(seen(9))], iso(1)],
    ['it is there from the first tick on', [full(seen(9)), full(seen(9))], iso(0)],
    ['its queue is empty', [full(seen(9)), full(seen(0))], undefined],
    ['its queue is empty once and fills again', [full(seen(9)), full(seen(0)), full(seen(1))], iso(2)],
    ['it is about to leave', [full(seen(9)), { ...full(seen(9)), to: 9 }], undefined],
    ['one of two queues is empty', [full(seen(0), seen(4))], iso(0)],
    ['one source is empty, the other unknown', [full(seen(0), unknown)], undefined],
    ['its source is no queue', [full(value)], iso(0)],
    ['nothing can be seen after the first tick', [full(seen(9)), full(unknown)], iso(0)],
    ['ECS cannot be asked', [{ readings: [seen(9)], desired: null, to: MAX }], undefined],
    ['somebody has set more than its maximum', [{ ...full(seen(9)), desired: MAX + 5 }], iso(0)],
  ])('%s', (_, ticks, since) => {
    expect(after({}, ...ticks)).toEqual(since === undefined ? {} : { [KEY]: since });
  });
});

test('what was before goes on, through ticks that tell nothing too', () => {
  const before = { [KEY]: LONG_AGO };
  expect(after(before, full(seen(9)), full(seen(8)))).toEqual(before);
  expect(after(before, full(seen(0), unknown))).toEqual(before);
  expect(after(before, full(unknown), { readings: [seen(9)], desired: null, to: MAX })).toEqual(before);
  expect(atMaxAfter(before, services, undefined)).toEqual(before);
  expect(atMaxAfter(before, services, noHistory)).toEqual(before);
});

test('of a service that is configured no more, or can be nowhere else, nothing is kept', () => {
  const before = { [KEY]: LONG_AGO };
  const history = historyOf([full(seen(9))]);
  expect(atMaxAfter(before, new Map(), history)).toEqual({});
  const fixed = new Map([[KEY, service({ tasks: { min: MAX, max: MAX } })]]);
  expect(atMaxAfter(before, fixed, history)).toEqual({});
});

const anyTick: fc.Arbitrary<Tick> = fc.record({
  readings: fc.array(
    fc.oneof(fc.integer({ min: 0, max: 2 }).map(seen), fc.constant(unknown), fc.constant(value)),
    { minLength: 2, maxLength: 2 },
  ),
  desired: fc.option(fc.integer({ min: MAX - 1, max: MAX }), { nil: null, freq: 6 }),
  to: fc.integer({ min: MAX - 1, max: MAX }),
});

test('it does not matter how the ticks are spread over executions', () => {
  fc.assert(
    fc.property(
      fc.array(anyTick, { maxLength: 12 }),
      fc.array(anyTick, { maxLength: 12 }),
      fc.option(fc.constant(LONG_AGO), { nil: undefined }),
      (first, second, since) => {
        const before: AtMaxSince = since === undefined ? {} : { [KEY]: since };
        const together = atMaxAfter(before, services, historyOf([...first, ...second]));
        const between = atMaxAfter(before, services, historyOf(first));
        expect(atMaxAfter(between, services, historyOf(second, first.length))).toEqual(together);
      },
    ),
    { numRuns: 2000 },
  );
});
