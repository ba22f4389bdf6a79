/** A budget that services share: by rank, among equals by need, and without moving tasks between them for nothing. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Group } from '../../lambdas/contract/groups.ts';
import { type Claim, withinBudgets } from '../../lambdas/decide/groups.ts';

const RUNS = { numRuns: 1000 };

/** Runs `from`, wants `to`; the rest as it is as a rule. */
const claim = (key: string, from: number, to: number, more: Partial<Claim> = {}): Claim => {
  const min = more.min ?? 0;
  return { key, from, to, min, fixed: false, floor: min, ...more };
};

const group = (maxTotalTasks: number, services: readonly string[], rank: Group['rank'] = {}): Group => ({
  maxTotalTasks,
  services,
  rank,
});

/** What everybody gets, in the order of the claims. */
const counts = (claims: readonly Claim[], budget: number, rank: Group['rank'] = {}): readonly number[] => {
  const granted = withinBudgets(claims, [
    group(
      budget,
      claims.map(({ key }) => key),
      rank,
    ),
  ]);
  return claims.map(({ key, to }) => granted.get(key)?.to ?? to);
};
const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0);

describe('examples', () => {
  const first = { a: 2, b: 1 };

  test('when everything fits nothing is said', () => {
    expect(withinBudgets([claim('a', 0, 30), claim('b', 5, 20)], [group(50, ['a', 'b'])]).size).toBe(0);
  });

  test('the first in rank gets all it wants, the next what is left, and is told where the rest went', () => {
    const claims = [claim('b', 10, 20), claim('c', 3, 4), claim('a', 0, 38)];
    const granted = withinBudgets(claims, [group(50, ['a', 'b', 'c'], first)]);
    expect([...granted]).toEqual([
      ['b', { to: 12, why: 'the budget of 50 tasks: 12 of 20 wanted, 38 went to 1 service before it' }],
      ['c', { to: 0, why: 'the budget of 50 tasks: 0 of 4 wanted, 50 went to 2 services before it' }],
    ]);
  });

  test.each<readonly [string, readonly Claim[], number, Group['rank'], readonly number[]]>([
    ['a min comes before a rank', [claim('a', 0, 50), claim('b', 9, 9, { min: 4 })], 50, first, [46, 4]],
    [
      'a running task gives way to a higher rank',
      [claim('a', 0, 30), claim('b', 40, 40)],
      50,
      first,
      [30, 20],
    ],
    [
      'what can’t be brought lower does not',
      [claim('a', 0, 30), claim('b', 40, 40, { floor: 40 })],
      50,
      first,
      [10, 40],
    ],
    [
      'floors above the budget give way, the lowest rank first',
      [claim('a', 30, 30, { floor: 30 }), claim('b', 40, 40, { floor: 40, min: 2 })],
      50,
      first,
      [30, 20],
    ],
    [
      'even a floor in front gives way where the budget is below it',
      [claim('a', 60, 60, { floor: 60, min: 1 }), claim('b', 40, 40, { floor: 40, min: 2 })],
      50,
      first,
      [48, 2],
    ],
    ['a fixed one counts', [claim('a', 0, 50), claim('b', 20, 20, { fixed: true })], 50, first, [30, 20]],
    [
      'a fixed one above the budget leaves the others their min',
      [claim('a', 9, 50, { min: 3 }), claim('b', 60, 60, { fixed: true })],
      50,
      first,
      [3, 60],
    ],
    ['equals share by need', [claim('a', 0, 60), claim('b', 0, 20)], 40, {}, [30, 10]],
    ['what does not divide goes to the first', [claim('a', 0, 5), claim('b', 0, 5)], 5, {}, [3, 2]],
    [
      'the largest remainder first',
      [claim('a', 0, 10), claim('b', 0, 11), claim('c', 0, 12)],
      10,
      {},
      [3, 3, 4],
    ],
    ['a tenth above its share is kept', [claim('a', 20, 30), claim('b', 27, 30)], 50, {}, [23, 27]],
    ['more than a tenth is not', [claim('a', 20, 30), claim('b', 28, 30)], 50, {}, [25, 25]],
    ['a task above its share is kept', [claim('a', 1, 4), claim('b', 3, 4)], 4, {}, [1, 3]],
    ['two are not', [claim('a', 0, 4), claim('b', 4, 4)], 4, {}, [2, 2]],
    ['a budget of nothing', [claim('a', 3, 4), claim('b', 0, 4)], 0, {}, [0, 0]],
  ])('%s', (_, claims, budget, rank, expected) => expect(counts(claims, budget, rank)).toEqual(expected));

  test('groups do not see each other, and who is in none is left alone', () => {
    const claims = [claim('a', 0, 9), claim('b', 0, 9), claim('c', 0, 9)];
    const granted = withinBudgets(claims, [group(4, ['a']), group(5, ['b', 'gone'])]);
    expect([...granted].map(([key, { to }]) => [key, to])).toEqual([
      ['a', 4],
      ['b', 5],
    ]);
  });

  test('who can’t be changed and who comes after are named too', () => {
    const claims = [
      claim('a', 0, 30),
      claim('b', 9, 9, { fixed: true }),
      claim('c', 2, 2, { min: 2 }),
      claim('d', 0, 30),
    ];
    const granted = withinBudgets(claims, [group(31, ['a', 'b', 'c', 'd'], { a: 1, d: 1 })]);
    expect(granted.get('a')).toEqual({
      to: 10,
      why: 'the budget of 31 tasks: 10 of 30 wanted, 9 went to 1 service that can’t be changed now, 10 went to 1 service beside it, 2 went to 1 service after it',
    });
  });
});

/** Counts of ECS, many small ones among them; and of large ones few. */
const count = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 300 }));

const anyClaim = (key: string): fc.Arbitrary<Claim> =>
  fc
    .record({
      from: count,
      min: count,
      above: count,
      fixed: fc.integer({ min: 0, max: 5 }),
      blind: fc.boolean(),
    })
    .map(({ from, min, above, fixed, blind }) => {
      const to = min + above;
      if (fixed === 0) return claim(key, from, from, { min, fixed: true });
      return claim(key, from, to, { min, floor: blind ? Math.max(min, Math.min(from, to)) : min });
    });

interface Given {
  readonly claims: readonly Claim[];
  readonly budget: number;
  readonly rank: Readonly<Record<string, number>>;
}

const given: fc.Arbitrary<Given> = fc.integer({ min: 1, max: 7 }).chain((members) => {
  const keys = Array.from({ length: members }, (_, nth) => `shop/s${nth}`);
  return fc.record({
    claims: fc.tuple(...keys.map(anyClaim)),
    budget: fc.oneof(count, fc.integer({ min: 0, max: 1200 })),
    rank: fc.record(Object.fromEntries(keys.map((key) => [key, fc.integer({ min: -1, max: 2 })])), {
      requiredKeys: [],
    }) as fc.Arbitrary<Readonly<Record<string, number>>>,
  });
});

/** The claims that a budget can lower, with what each gets. */
const freeOf = ({ claims, budget, rank }: Given) => {
  const got = counts(claims, budget, rank);
  return claims.flatMap((each, nth) =>
    each.fixed ? [] : [{ ...each, got: got[nth] ?? 0, rank: rank[each.key] ?? 0 }],
  );
};

describe('whatever the claims', () => {
  test('the sum never passes the budget, but by what can’t be changed and by mins', () => {
    fc.assert(
      fc.property(given, (all) => {
        const { claims, budget, rank } = all;
        const fixed = sum(claims.map((each) => (each.fixed ? each.to : 0)));
        const mins = sum(freeOf(all).map(({ min }) => min));
        expect(sum(counts(claims, budget, rank))).toBeLessThanOrEqual(Math.max(budget, fixed + mins));
      }),
      RUNS,
    );
  });

  test('and nothing of it is left where somebody lacks something', () => {
    fc.assert(
      fc.property(given, ({ claims, budget, rank }) => {
        const got = counts(claims, budget, rank);
        const wanted = sum(claims.map(({ to }) => to));
        expect(sum(got)).toBeGreaterThanOrEqual(Math.min(budget, wanted));
      }),
      RUNS,
    );
  });

  test('nobody is below its min, nobody above its wish, and what is fixed stays', () => {
    fc.assert(
      fc.property(given, ({ claims, budget, rank }) => {
        for (const [nth, got] of counts(claims, budget, rank).entries()) {
          const { to, min, fixed } = claims[nth] ?? claim('none', 0, 0);
          expect(got).toBeLessThanOrEqual(to);
          expect(got).toBeGreaterThanOrEqual(fixed ? to : min);
        }
      }),
      RUNS,
    );
  });

  test('no rank is inverted: who ranks lower has nothing above its floor while a higher one lacks something, and none above its min while a higher one lacks of its floor', () => {
    fc.assert(
      fc.property(given, (all) => {
        const free = freeOf(all);
        for (const high of free)
          for (const low of free.filter(({ rank }) => rank < high.rank)) {
            if (high.got < high.to) expect(low.got).toBeLessThanOrEqual(low.floor);
            if (high.got < high.floor) expect(low.got).toBe(low.min);
          }
      }),
      RUNS,
    );
  });

  test('the same claims give the same answer, and who is asked first does not matter', () => {
    fc.assert(
      fc.property(given, ({ claims, budget, rank }) => {
        const groups = [
          group(
            budget,
            claims.map(({ key }) => key),
            rank,
          ),
        ];
        const once = [...withinBudgets(claims, groups)];
        expect([...withinBudgets(structuredClone(claims), structuredClone(groups))]).toEqual(once);
        expect([...withinBudgets(claims.toReversed(), groups)]).toEqual(once);
      }),
      RUNS,
    );
  });
});

/** Equals: one rank, no floors but the mins, nobody fixed, and more wanted than there is. */
const equals = fc
  .array(fc.record({ from: count, min: fc.integer({ min: 0, max: 9 }), above: count }), {
    minLength: 2,
    maxLength: 7,
  })
  .chain((drawn) => {
    const claims = drawn.map(({ from, min, above }, nth) =>
      claim(`shop/s${nth}`, from, min + above, { min }),
    );
    const least = sum(claims.map(({ min }) => min));
    const most = sum(claims.map(({ to }) => to));
    return fc.integer({ min: least, max: most }).map((budget) => ({ claims, budget }));
  });

/** What each has by need alone, in fractions of a task. */
const sharesOf = (claims: readonly Claim[], budget: number): readonly number[] => {
  const need = sum(claims.map(({ to, min }) => to - min));
  const left = budget - sum(claims.map(({ min }) => min));
  return claims.map(({ to, min }) => min + (need === 0 ? 0 : ((to - min) * left) / need));
};

describe('equals', () => {
  test('who starts from nothing is less than a task from its share', () => {
    fc.assert(
      fc.property(equals, ({ claims, budget }) => {
        const fresh = claims.map((each) => ({ ...each, from: 0 }));
        const shares = sharesOf(fresh, budget);
        for (const [nth, got] of counts(fresh, budget).entries())
          expect(Math.abs(got - (shares[nth] ?? 0))).toBeLessThan(1);
      }),
      RUNS,
    );
  });

  test('nobody is more than a task and a tenth above its share, and nobody is brought below its own by who is', () => {
    fc.assert(
      fc.property(equals, ({ claims, budget }) => {
        const shares = sharesOf(claims, budget);
        for (const [nth, got] of counts(claims, budget).entries()) {
          const share = shares[nth] ?? 0;
          const { from = 0, to = 0 } = claims[nth] ?? {};
          expect(got).toBeLessThanOrEqual(share + Math.max(1, share / 10));
          expect(got).toBeGreaterThan(Math.min(from, to, share) - 1);
        }
      }),
      RUNS,
    );
  });

  test('a second look at the same wishes moves nobody', () => {
    fc.assert(
      fc.property(equals, ({ claims, budget }) => {
        const once = counts(claims, budget);
        const again = claims.map((each, nth) => ({ ...each, from: once[nth] ?? 0 }));
        expect(counts(again, budget)).toEqual(once);
      }),
      RUNS,
    );
  });

  test('a wish that moves within the tolerance moves no running task', () => {
    const moved = equals.chain(({ claims, budget }) =>
      fc
        .array(fc.integer({ min: -1, max: 1 }), { minLength: claims.length, maxLength: claims.length })
        .map((moves) => ({ claims, budget, moves })),
    );
    fc.assert(
      fc.property(moved, ({ claims, budget, moves }) => {
        const fresh = claims.map((each) => ({ ...each, from: 0 }));
        const runs = counts(fresh, budget);
        const next = claims.map((each, nth) => ({
          ...each,
          from: runs[nth] ?? 0,
          // Who has all it wants goes with its wish; the others want a little more or less.
          to: Math.max(each.to + (moves[nth] ?? 0), runs[nth] ?? 0),
        }));
        const shares = sharesOf(next, budget);
        const within = next.every(({ from }, nth) => {
          const share = shares[nth] ?? 0;
          return from <= share + Math.max(1, share / 10);
        });
        fc.pre(within && sum(next.map(({ to }) => to)) >= budget);
        expect(counts(next, budget)).toEqual(runs);
      }),
      RUNS,
    );
  });
});
