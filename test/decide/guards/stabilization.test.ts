/** Stabilization windows: the table of the HPA v2 (shared/facts/scaling-rules.md), a restart, and what is bounded against what is exact. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stabilization } from '../../../lambdas/decide/guards/stabilization.ts';
import type { Kept } from '../../../lambdas/decide/policies/policy.ts';
import { later, service } from '../../samples.ts';
import { asWished, every, guarded, saidBy, type Tick, tellTicks, toOf } from './story.ts';

const last = (given: object, story: readonly Tick[]) => {
  const told = tellTicks({ stabilization: given }, story);
  return { to: toOf(told).at(-1), said: saidBy(told, 'stabilization') };
};

describe('HPA v2', () => {
  // A tick a minute, and before what the row tells of a quiet while: a window without one is not filled yet.
  test('300 s in: 4 two minutes ago, 5 one minute ago, now 3 → 5', () => {
    const quiet = every(60, -600, -180, { wish: 3, counts: 10 });
    const ticks = [4, 5, 3].map((wish, nth) => ({ at: -120 + nth * 60, wish, counts: 10 }));
    const { to, said } = last({ in: '300s' }, [...quiet, ...ticks]);
    expect(to).toBe(5);
    expect(said).toEqual({ by: 'stabilization', said: 5, why: '5, 60 s ago, was the highest of 300 s' });
  });

  test('300 s in: 10 ten minutes ago, 9 nine minutes ago, now 3 → 3', () => {
    const asked = [10, 9].map((wish, nth) => ({ at: -600 + nth * 60, wish, counts: 10 }));
    const ticks = [...asked, ...every(60, -480, 0, { wish: 3, counts: 10 })];
    expect(last({ in: '300s' }, ticks).to).toBe(3);
    expect(last({ in: '541s' }, ticks).to).toBe(9);
    expect(last({ in: '601s' }, ticks).to).toBe(10);
  });

  test('300 s out: 4 two minutes ago, 5 one minute ago, current 1, now 7 → 4', () => {
    const quiet = every(60, -600, -180, { wish: 9, counts: 1 });
    const ticks = [4, 5, 7].map((wish, nth) => ({ at: -120 + nth * 60, wish, counts: 1 }));
    const { to, said } = last({ out: '300s' }, [...quiet, ...ticks]);
    expect(to).toBe(4);
    expect(said?.why).toBe('4, 120 s ago, was the lowest of 300 s');
  });
});

test('each direction has its own window', () => {
  const up = [...every(5, 0, 300, { wish: 10, counts: 10 }), { at: 305, wish: 12, counts: 10 }];
  expect(last({ in: '300s' }, up).to).toBe(12);
  expect(last({ out: '300s' }, up).to).toBe(10);
  const down = [...every(5, 0, 300, { wish: 10, counts: 10 }), { at: 305, wish: 8, counts: 10 }];
  expect(last({ out: '300s' }, down).to).toBe(8);
  expect(last({ in: '300s' }, down).to).toBe(10);
});

test.each([
  ['empty', {}],
  [
    'an hour old',
    { kept: { stabilization: [0, 1_795_345_200, 2] }, desired: 40, lastIn: { at: later(-3600), streak: 1 } },
  ],
  ['of the future', { kept: { stabilization: [0, 1_795_352_400, 2] } }],
])('a restart at 40 tasks with memory that is %s holds for a window, then scales in', (_, memory) => {
  const ticks = every(5, 0, 300, { wish: 2, counts: 40 });
  const answers = toOf(tellTicks({ stabilization: { in: '300s' } }, ticks, memory));
  expect(answers.slice(0, 60).every((to) => to === 40)).toBe(true);
  expect(answers[60]).toBe(2);
});

test('what is remembered of windows that were taken out of the configuration is dropped', () => {
  const { memory } = tellTicks({ stabilization: { in: 300 } }, [{ at: 0, wish: 5, counts: 5 }]);
  expect(memory.kept?.['stabilization']).toBeDefined();
  expect(tellTicks({}, [{ at: 5, wish: 5, counts: 5 }], memory).memory.kept).toBeUndefined();
});

test('a wish beyond all bounds costs no more memory than the bound', () => {
  const { memory, decisions } = tellTicks({ stabilization: { out: 60, in: 300 }, tasks: { max: 50 } }, [
    { at: 0, wish: 1e15, counts: 5 },
    { at: 5, wish: 1e15, counts: 5 },
  ]);
  expect(decisions.at(-1)?.to).toBe(5);
  expect(JSON.stringify(memory.kept)).not.toContain('00000000');
});

interface Wished {
  readonly at: number;
  readonly wish: number;
  readonly counts: number;
}
interface Windows {
  readonly out: number;
  readonly in: number;
}

/** Every wish remembered, and what the HPA would answer. */
const exactly = (given: readonly Wished[], seconds: Windows): readonly number[] =>
  given.map(({ at, wish, counts }, index) => {
    const [first] = given;
    const all = [{ at: first?.at ?? at, wish: first?.counts ?? 0 }, ...given.slice(0, index + 1)];
    const of = (window: number) => [
      wish,
      ...all.flatMap((each) => (at - each.at < window ? [each.wish] : [])),
    ];
    const [lowest, highest] = [Math.min(...of(seconds.out)), Math.max(...of(seconds.in))];
    return Math.max(lowest, Math.min(highest, counts));
  });

/** Every tick in its turn, and what the guard says. */
const answers = (ticks: readonly Wished[], windows: Windows): readonly number[] => {
  const owner = service({ ...asWished, stabilization: windows });
  let kept: Kept | undefined;
  return ticks.map(({ at, wish, counts }) => {
    const verdict = stabilization(wish, guarded(owner, at, counts, kept));
    kept = JSON.parse(JSON.stringify(verdict?.kept ?? [])) as Kept;
    return verdict?.to ?? wish;
  });
};

const windows = fc.record({ out: fc.constantFrom(0, 3, 60, 300), in: fc.constantFrom(0, 30, 300) });
const ticks = (most: number) =>
  fc
    .array(fc.tuple(fc.constantFrom(1, 5, 30), fc.integer({ min: 1, max: most }), fc.nat({ max: most })), {
      minLength: 1,
      maxLength: 30,
    })
    .map((given) => {
      let at = 0;
      return given.map(([after, wish, counts]): Wished => {
        at += after;
        return { at, wish, counts };
      });
    });

test('never further from the present count than with every wish remembered', () => {
  fc.assert(
    fc.property(windows, ticks(60), (given, wished) => {
      const exact = exactly(wished, given);
      answers(wished, given).forEach((to, index) => {
        const { counts = 0 } = wished[index] ?? {};
        const limit = exact[index] ?? counts;
        expect(to).toBeGreaterThanOrEqual(Math.min(counts, limit));
        expect(to).toBeLessThanOrEqual(Math.max(counts, limit));
      });
    }),
    { numRuns: 2000 },
  );
});

test('the same answer, while no more than eight wishes matter', () => {
  fc.assert(
    fc.property(windows, ticks(8), (given, wished) => {
      expect(answers(wished, given)).toEqual(exactly(wished, given));
    }),
    { numRuns: 2000 },
  );
});
