/** The bounded window against one that forgets nothing, and at every edge. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { highestOf } from '../../lambdas/decide/window.ts';

const RUNS = { numRuns: 2000 };
const AT = 1_795_348_800;

interface Given {
  readonly after: number;
  readonly value: number;
}

interface WindowSettings {
  readonly seconds: number;
  readonly unknown?: number;
}

/** The answers of the window, one for each value. */
const answersOf = (given: readonly Given[], { seconds, unknown = 0 }: WindowSettings) => {
  let at = AT;
  let kept: readonly number[] | undefined;
  return given.map(({ after, value }) => {
    at += after;
    const answer = highestOf({ kept, at, seconds, value, unknown });
    kept = JSON.parse(JSON.stringify(answer.kept)) as number[];
    return { ...answer, at };
  });
};

/** The same with everything remembered: what stands for the unknown is one more value, given when sight begins. */
const exactly = (given: readonly Given[], { seconds, unknown = 0 }: WindowSettings): readonly number[] => {
  let at = AT;
  let last: number | undefined;
  let all: { readonly at: number; readonly value: number }[] = [];
  return given.map(({ after, value }) => {
    at += after;
    if (last === undefined || at < last || at - last > 90) all = [{ at, value: unknown }];
    last = at;
    all.push({ at, value });
    const now = at;
    return Math.max(value, ...all.filter((each) => now - each.at < seconds).map((each) => each.value));
  });
};

const values = fc.array(
  fc.record({
    after: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(0, 1, 5, 7, 60, 90) },
      { weight: 1, arbitrary: fc.constantFrom(91, 3600, -1, -400) },
    ),
    value: fc.integer({ min: -20, max: 100 }),
  }),
  { minLength: 1, maxLength: 60 },
);
const seconds = fc.constantFrom(0, 1, 5, 30, 300, 3600);

test('never lower than what was given inside the window, and never more than 16 numbers', () => {
  fc.assert(
    fc.property(values, seconds, fc.integer({ min: 0, max: 100 }), (given, window, unknown) => {
      const settings = { seconds: window, unknown };
      const exact = exactly(given, settings);
      for (const [index, { highest, kept }] of answersOf(given, settings).entries()) {
        expect(highest).toBeGreaterThanOrEqual(exact[index] ?? Number.NaN);
        expect(kept.length).toBeLessThanOrEqual(16);
        expect(kept.every(Number.isFinite)).toBe(true);
      }
    }),
    RUNS,
  );
});

test('exact while no more than eight answers matter', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 80 }), seconds, (given, window) => {
      const ticks = given.map((value) => ({ after: 5, value }));
      const settings = { seconds: window, unknown: 3 };
      expect(answersOf(ticks, settings).map(({ highest }) => highest)).toEqual(exactly(ticks, settings));
    }),
    RUNS,
  );
});

test('a count that falls all the time is let go never too early, and at most two sevenths of the window late', () => {
  const falling = fc.array(fc.tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 9 })), {
    minLength: 30,
    maxLength: 60,
  });
  fc.assert(
    fc.property(falling, (falls) => {
      let value = 500;
      const given = falls.map(([after, fall]) => {
        value -= fall;
        return { after, value };
      });
      const [exact, late] = [70, 90].map((window) => exactly(given, { seconds: window, unknown: 500 }));
      answersOf(given, { seconds: 70, unknown: 500 }).forEach(({ highest }, index) => {
        expect(highest).toBeGreaterThanOrEqual(exact?.[index] ?? Number.NaN);
        expect(highest).toBeLessThanOrEqual(late?.[index] ?? Number.NaN);
      });
    }),
    RUNS,
  );
});

describe('edges', () => {
  const last = (given: readonly Given[], settings: WindowSettings) => answersOf(given, settings).at(-1);

  test('what is as old as the window is long has left it', () => {
    const answer = (age: number) =>
      last(
        [
          { after: 0, value: 9 },
          { after: age, value: 1 },
        ],
        { seconds: 30 },
      );
    expect(answer(29)).toMatchObject({ highest: 9, age: 29 });
    expect(answer(30)).toMatchObject({ highest: 1, age: 0 });
  });

  test('milliseconds make no difference', () => {
    const given = [0.004, 29.998, 0.001].map((after, index) => ({ after, value: [9, 1, 1][index] ?? 0 }));
    expect(answersOf(given, { seconds: 30 }).map(({ highest }) => highest)).toEqual([9, 1, 1]);
    expect(last(given, { seconds: 30 })?.kept.every(Number.isInteger)).toBe(true);
  });

  test('a window shorter than a tick is the present answer', () => {
    const given = [9, 5, 1].map((value) => ({ after: 5, value }));
    expect(answersOf(given, { seconds: 3, unknown: 0 }).map(({ highest }) => highest)).toEqual([9, 5, 1]);
    expect(answersOf(given, { seconds: 0, unknown: 20 }).map(({ highest }) => highest)).toEqual([9, 5, 1]);
  });

  test('two answers at one moment both count', () => {
    const given = [
      { after: 0, value: 9 },
      { after: 0, value: 4 },
    ];
    expect(last(given, { seconds: 30 })).toMatchObject({ highest: 9, age: 0 });
  });

  test.each([
    ['no memory', undefined],
    ['none to speak of', []],
    ['an odd number of numbers', [AT - 5, 2, 3]],
    ['ages that go the wrong way', [AT - 5, 2, -60, 9]],
    ['answers that do not rise with age', [AT - 5, 9, 60, 2]],
    ['a clock that went back', [AT + 1, 2]],
    ['no look for more than 90 s', [AT - 91, 2]],
  ])('%s: what stands for the unknown counts', (_, kept) => {
    expect(highestOf({ kept, at: AT, seconds: 300, value: 1, unknown: 7 })).toMatchObject({
      highest: 7,
      kept: [AT, 1, 0, 7],
    });
  });

  test('90 s without a look are within the slowest interval and one lost tick of the usual ones', () => {
    expect(highestOf({ kept: [AT - 90, 2], at: AT, seconds: 300, value: 1, unknown: 7 }).highest).toBe(2);
  });
});
