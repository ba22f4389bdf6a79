/** Rate limits: the table of the HPA v2 (shared/facts/scaling-rules.md), what else must hold, and what is bounded against what is exact. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countsOfLate, limits } from '../../../lambdas/decide/guards/limits.ts';
import type { Kept } from '../../../lambdas/decide/policies/policy.ts';
import { later, service } from '../../samples.ts';
import { asWished, every, guarded, saidBy, type Tick, tellTicks, toOf } from './story.ts';

/** A count that has stood for long enough: nobody scales in before a period is remembered. */
const steady = (count: number, seconds = 120): readonly Tick[] =>
  every(60, -seconds, -60, { wish: count, counts: count });

const decided = (given: object, from: number, wish: number, before = steady(from)) => {
  const told = tellTicks({ limits: given }, [...before, { at: 0, wish, counts: from }]);
  return { to: toOf(told).at(-1), why: saidBy(told, 'limits')?.why };
};

/** Counts that were decided and came about, one after the other, 5 s apart, and then the present wish. */
const afterChanges = (given: object, counts: readonly number[], wish: number): number | undefined => {
  const [first = 0] = counts;
  const changes = counts.map((count, nth): Tick => {
    return { at: (nth - counts.length + 1) * 5, wish: counts[nth + 1] ?? wish, counts: count };
  });
  return toOf(tellTicks({ limits: given }, [...steady(first, 240), ...changes])).at(-1);
};

describe('HPA v2', () => {
  const tasks = (number: number) => ({ tasks: number, per: '60s' });
  const percent = (number: number) => ({ percent: number, per: '60s' });

  test.each([
    ['out, tasks 100 and 100 %, Max', { out: [tasks(100), percent(100)] }, 10, 500, 110],
    ['out, tasks 30', { out: [tasks(30)] }, 10, 50, 40],
    ['out, 200 %', { out: [percent(200)] }, 10, 50, 30],
    ['in, tasks 20 and 1 %, Max', { in: [tasks(20), percent(1)], select: 'max' }, 100, 2, 80],
    ['in, 50 %', { in: [percent(50)] }, 10, 5, 5],
    ['out, Min, tasks 2 and 50 %', { out: [tasks(2), percent(50)], select: 'min' }, 1, 100, 2],
  ])('%s', (_, given, from, wish, to) => {
    expect(decided(given, from, wish).to).toBe(to);
  });

  test('out, events 1, 5 and 9 in the period, 150 tasks: at 100 a high wish is 235', () => {
    const limits = { out: [{ tasks: 150, per: 60 }] };
    expect(afterChanges(limits, [85, 86, 91, 100], 1000)).toBe(235);
  });

  test('in, events 2, 4 and 6 in the period, 50 %: at 100 it is 56', () => {
    const limits = { in: [{ percent: 50, per: 60 }] };
    expect(afterChanges(limits, [112, 110, 106, 100], 1)).toBe(56);
  });
});

describe('in whole numbers', () => {
  test.each([
    [10, 10, 11],
    [100, 10, 110],
    [3, 10, 4],
    [1, 1, 2],
    [70, 10, 77],
    [1000, 7, 1000],
  ])('out from %i by %i % is %i', (from, percent, to) => {
    const { to: allowed } = decided({ out: [{ percent, per: 60 }] }, from, 5000);
    expect(allowed).toBe(Math.min(1000, to));
  });

  // The policy asks for 1, and for 0 where there is one task left: `emptyFor` has its own say on that step.
  test.each([
    [100, 1, 99],
    [10, 10, 9],
    [3, 50, 1],
    [30, 90, 3],
    [9, 150, 1],
  ])('in from %i by %i % is %i', (from, percent, to) => {
    expect(decided({ in: [{ percent, per: 60 }] }, from, 1).to).toBe(to);
  });
});

describe('the last step', () => {
  const inBy = (tasks: number, per: number) => ({ in: [{ tasks, per }] });

  test('to 0 is limited like any other', () => {
    const before = [...steady(3, 240), { at: -60, wish: 2, counts: 3 }, { at: -30, wish: 1, counts: 2 }];
    expect(decided(inBy(2, 90), 1, 0, before).to).toBe(1);
    expect(decided(inBy(2, 60), 1, 0, before).to).toBe(0);
  });

  test('to 0 by any percentage: the whole part of less than one task is none', () => {
    expect(decided({ in: [{ percent: 1, per: 60 }] }, 1, 0).to).toBe(0);
  });

  test('from 0 by any percentage the first task, and from there on as the percentage says', () => {
    const limits = { out: [{ percent: 100, per: 15 }] };
    expect(decided(limits, 0, 50)).toEqual({ to: 1, why: 'at most +100 % per 15 s, which began with 0' });
    const counts = (at: number, count: number): Tick => ({ at, wish: 50, counts: count });
    const ticks = [0, 5, 10, 15, 20, 25, 30].map((at) => counts(at, at === 0 ? 0 : at <= 15 ? 1 : 2));
    expect(toOf(tellTicks({ limits }, [...steady(0), ...ticks])).slice(2)).toEqual([1, 1, 1, 2, 2, 2, 4]);
  });

  test('from 0 by tasks, whichever allows more', () => {
    const limits = {
      out: [
        { tasks: 4, per: 15 },
        { percent: 100, per: 15 },
      ],
    };
    expect(decided(limits, 0, 50).to).toBe(4);
    expect(decided({ ...limits, select: 'min' }, 0, 50).to).toBe(1);
  });
});

describe('select', () => {
  const limits = { out: [{ tasks: 2, per: 60 }], in: [{ tasks: 2, per: 60 }] };

  test('disabled: no change in that direction, with or without limits', () => {
    expect(decided({ select: 'disabled' }, 5, 9)).toEqual({ to: 5, why: 'the limits allow no scale-out' });
    expect(decided({ ...limits, select: { in: 'disabled' } }, 5, 1).why).toBe('the limits allow no scale-in');
    expect(decided({ ...limits, select: { in: 'disabled' } }, 5, 9).to).toBe(7);
  });

  test('a direction without limits is free', () => {
    expect(decided({ out: [{ tasks: 2, per: 60 }] }, 50, 1).to).toBe(1);
    expect(decided({ out: [], in: [{ tasks: 2, per: 60 }] }, 5, 900).to).toBe(900);
  });
});

describe('what counts as a change', () => {
  const limits = { out: [{ tasks: 10, per: 60 }], in: [{ tasks: 10, per: 60 }] };
  const answers = (ticks: readonly Tick[], before = steady(10)) =>
    toOf(tellTicks({ limits }, [...before, ...ticks]));

  test('a limit never reverses the direction, however much was added before', () => {
    // The bounds lift 10 to 50; the limit would have allowed 20, and does not go back to that.
    const lifted = tellTicks({ limits, tasks: { min: 50, max: 1000 } }, [
      ...steady(10),
      { at: 0, wish: 10, counts: 10 },
    ]);
    expect(toOf(lifted).at(-1)).toBe(50);
    expect(toOf(tellTicks({ limits }, [{ at: 5, wish: 60, counts: 50 }], lifted.memory))).toEqual([50]);
  });

  test('a decision that nobody carried out leaves nothing behind', () => {
    const ticks = [0, 5, 10, 15].map((at) => ({ at, wish: 50, counts: 10 }));
    expect(answers(ticks).slice(2)).toEqual([20, 20, 20, 20]);
    const down = [0, 5, 10].map((at) => ({ at, wish: 1, counts: 40 }));
    expect(answers(down, steady(40)).slice(2)).toEqual([30, 30, 30]);
  });

  test('one that comes about late is counted all the same', () => {
    const ticks: readonly Tick[] = [
      { at: 0, wish: 50, counts: 10 },
      { at: 5, wish: 10, counts: 10 },
      { at: 10, wish: 50, counts: 20 },
      { at: 70, wish: 50, counts: 20 },
    ];
    expect(answers(ticks).slice(2)).toEqual([20, 10, 20, 30]);
  });

  test("somebody else's change makes no room for ours", () => {
    const grown = [
      { at: 0, wish: 10, counts: 10 },
      { at: 5, wish: 1, counts: 40 },
      { at: 70, wish: 1, counts: 40 },
    ];
    expect(answers(grown).slice(2)).toEqual([10, 30, 30]);
    const shrunk = [
      { at: 0, wish: 40, counts: 40 },
      { at: 5, wish: 900, counts: 10 },
    ];
    expect(answers(shrunk, steady(40)).slice(2)).toEqual([40, 20]);
  });

  test('a change leaves the period when it is as old as the period is long', () => {
    const ticks = [0, 5, 59, 60].map((at) => ({ at, wish: 50, counts: at === 0 ? 10 : 20 }));
    expect(answers(ticks).slice(2)).toEqual([20, 20, 20, 30]);
  });
});

describe('without memory', () => {
  const limits = { out: [{ tasks: 10, per: 60 }], in: [{ tasks: 10, per: 60 }] };

  test.each([
    ['empty', {}],
    ['an hour old', { kept: { limits: [1_795_345_200, 60, 40, 0] }, desired: 40 }],
    ['of the future', { kept: { limits: [1_795_352_400, 60, 40, 0] } }],
    ['odd', { kept: { limits: [1_795_348_799, -60, 40.5, -1, 3] }, lastOut: { at: later(-5) } }],
  ])('memory that is %s: out as from the present count, in after a period', (_, memory) => {
    const told = tellTicks({ limits }, every(5, 0, 60, { wish: 1, counts: 40 }), memory);
    expect(toOf(told)).toEqual([...Array.from({ length: 12 }, () => 40), 30]);
    expect(toOf(tellTicks({ limits }, [{ at: 0, wish: 100, counts: 40 }], memory))).toEqual([50]);
  });

  test('the reason says so', () => {
    const told = tellTicks({ limits }, [{ at: 0, wish: 1, counts: 40 }]);
    expect(saidBy(told, 'limits')).toEqual({
      by: 'limits',
      said: 40,
      why: 'the count of 60 s ago is not known',
    });
  });

  test('what is remembered for limits that were taken out of the configuration is dropped', () => {
    const { memory } = tellTicks({ limits }, [{ at: 0, wish: 5, counts: 5 }]);
    expect(memory.kept?.['limits']).toEqual([1_795_348_800, 0, 5, 0]);
    expect(tellTicks({}, [{ at: 5, wish: 5, counts: 5 }], memory).memory.kept).toBeUndefined();
  });
});

/** The HPA's own arithmetic with every event remembered: `added` is below 0 for a scale-in. */
interface Event {
  readonly at: number;
  readonly added: number;
}
interface Limit {
  readonly tasks?: number;
  readonly percent?: number;
  readonly per: number;
}
interface Limits {
  readonly out: readonly Limit[];
  readonly in: readonly Limit[];
  readonly select: { readonly out: 'max' | 'min'; readonly in: 'max' | 'min' };
}

const exactly = (
  given: Limits,
  events: readonly Event[],
  at: number,
  count: number,
  wish: number,
): number => {
  const out = wish > count;
  const allowed = given[out ? 'out' : 'in'].map(({ tasks = 0, percent, per }) => {
    const changed = events.reduce((total, event) => (at - event.at < per ? total + event.added : total), 0);
    const start = BigInt(count - changed);
    if (percent === undefined) return Number(start) + (out ? tasks : -tasks);
    const hundredfold = start * BigInt(out ? 100 + percent : 100 - percent);
    return out ? Math.max(1, Number((hundredfold + 99n) / 100n)) : Math.max(0, Number(hundredfold / 100n));
  });
  if (allowed.length === 0) return wish;
  const most = given.select[out ? 'out' : 'in'] === 'max';
  if (out) return Math.min(wish, Math.max(count, most ? Math.max(...allowed) : Math.min(...allowed)));
  return Math.max(wish, Math.min(count, most ? Math.min(...allowed) : Math.max(...allowed)));
};

const limit = (pers: readonly number[]): fc.Arbitrary<Limit> =>
  fc.oneof(
    fc.record({ tasks: fc.integer({ min: 1, max: 30 }), per: fc.constantFrom(...pers) }),
    fc.record({ percent: fc.integer({ min: 1, max: 200 }), per: fc.constantFrom(...pers) }),
  );
const someLimits = (pers: readonly number[]): fc.Arbitrary<Limits> =>
  fc.record({
    out: fc.array(limit(pers), { maxLength: 3 }),
    in: fc.array(limit(pers), { maxLength: 3 }),
    select: fc.record({ out: fc.constantFrom('max', 'min'), in: fc.constantFrom('max', 'min') }),
  });
const step = fc.record({
  after: fc.constantFrom(1, 5, 20),
  wish: fc.integer({ min: 1, max: 200 }),
  isApplied: fc.oneof(
    { weight: 4, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const steps = (maxLength: number) => fc.array(step, { minLength: 1, maxLength });

/** Each wish in its turn; the count follows where the decision is carried out. Says what was decided and what is exact. */
const compared = (given: Limits, wishes: readonly Step[]) => {
  const owner = service({ ...asWished, limits: given });
  const longest = Math.max(1, ...[...given.out, ...given.in].map(({ per }) => per));
  const events: Event[] = [];
  let [at, count] = [0, 20];
  let kept = every(60, -2 * longest, 0, { counts: 20 }).reduce<Kept | undefined>(
    (before, tick) => countsOfLate(20, guarded(owner, tick.at, 20, before)),
    undefined,
  );
  return wishes.map(({ after, wish, isApplied }) => {
    at += after;
    const from = count;
    const situation = guarded(owner, at, from, kept);
    const to = limits(wish, situation)?.to ?? wish;
    kept = JSON.parse(JSON.stringify(countsOfLate(to, situation) ?? [])) as Kept;
    const exact = exactly(given, events, at, from, wish);
    if (isApplied && to !== from) events.push({ at, added: to - from });
    count = isApplied ? to : from;
    return { from, to, exact };
  });
};

test('never further from the present count than with every event remembered', () => {
  fc.assert(
    fc.property(someLimits([15, 60, 300]), steps(25), (given, wishes) => {
      for (const { from, to, exact } of compared(given, wishes)) {
        expect(to).toBeLessThanOrEqual(Math.max(from, exact));
        expect(to).toBeGreaterThanOrEqual(Math.min(from, exact));
      }
    }),
    { numRuns: 2000 },
  );
});

test('the same answer, while no more than five decisions matter', () => {
  fc.assert(
    fc.property(someLimits([5, 15, 60, 300]), steps(6), (given, wishes) => {
      for (const { to, exact } of compared(given, wishes)) expect(to).toBe(exact);
    }),
    { numRuns: 2000 },
  );
});
