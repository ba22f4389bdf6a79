/** The table of Knative's autoscaler in facts/scaling-rules.md, row by row, and the stories of its own tests. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  autoscaler,
  type Options,
  panicSeconds,
} from '../../../../../bench/scaling/peers/knative/autoscaler.ts';

const options = (some: Partial<Options> = {}): Options => ({
  ...{ target: 10, upRate: 1000, downRate: 2, panicPercent: 200, stableSeconds: 60, scaleInDelaySeconds: 0 },
  ...some,
});

describe('a single look', () => {
  test.each([
    ['stable 50, panic 10, target 10, ready 1', {}, 1, 50, 10, 5],
    ['up rate 1.1, ready 2, stable 3, target 1', { upRate: 1.1, target: 1 }, 2, 3, 0, 3],
    ['up rate 10, ready 1: at most 10', { upRate: 10 }, 1, 1000, 0, 10],
    ['no ready task counts as one', {}, 0, 50, 10, 5],
  ])('%s', (_, some, ready, stable, panic, to) => {
    const wanted = autoscaler(options(some));
    // A look at nothing before, so that more than one ready task is no restart.
    wanted(0, 0, 0, 0);
    expect(wanted(2, ready, stable, panic)).toBe(to);
  });

  test('down rate 1.1, ready 100, stable 1, target 10 → 90', () => {
    const wanted = autoscaler(options({ downRate: 1.1 }));
    wanted(0, 0, 0, 0);
    expect(wanted(2, 100, 1, 1)).toBe(90);
  });
});

describe('panic', () => {
  test('begins at twice the ready tasks, and is over a stable window after', () => {
    const wanted = autoscaler(options({ target: 1 }));
    wanted(0, 0, 0, 0);
    expect(wanted(2, 10, 11, 25)).toBe(25);
    expect(wanted(32, 40, 30, 41)).toBe(41);
    expect(wanted(64, 55, 50, 56)).toBe(50);
  });

  test('lasts longer while the surge does', () => {
    const wanted = autoscaler(options({ target: 1 }));
    wanted(0, 0, 0, 0);
    expect(wanted(2, 10, 11, 25)).toBe(25);
    expect(wanted(32, 40, 30, 80)).toBe(80);
    // 62 s after it began, but 32 after it was seen last.
    expect(wanted(64, 80, 50, 56)).toBe(80);
    expect(wanted(92, 80, 50, 56)).toBe(80);
    expect(wanted(94, 80, 50, 56)).toBe(50);
  });

  test('does not go in when the load drops off, until it is over', () => {
    const wanted = autoscaler(options({ downRate: 10, upRate: 10 }));
    expect(wanted(0, 1, 100, 100)).toBe(10);
    expect(wanted(2, 10, 100, 1000)).toBe(100);
    expect(wanted(32, 10, 1, 1)).toBe(100);
    expect(wanted(63, 10, 1, 1)).toBe(1);
  });

  test('a restart with more than one ready task holds for a stable window; with one it does not', () => {
    const two = autoscaler(options());
    expect([0, 2, 60, 62].map((now) => two(now, 2, 1, 1))).toEqual([2, 2, 2, 1]);
    const one = autoscaler(options());
    expect(one(0, 1, 0, 0)).toBe(0);
  });
});

test('a scale-in delay of 5 min: 40 at 2 s; 0 at 5 min; 0 at 5 min 2 s', () => {
  const wanted = autoscaler(options({ scaleInDelaySeconds: 300 }));
  wanted(0, 0, 0, 0);
  expect(wanted(2, 1, 40, 10)).toBe(4);
  expect(wanted(300, 1, 0, 0)).toBe(4);
  expect(wanted(302, 1, 0, 0)).toBe(0);
});

test.each([
  [10, 10, 1],
  [600, 10, 60],
  [60, 51, 31],
  [6, 1, 1],
])('panic window of %d s at %d %%: %d s', (stable, percent, seconds) => {
  expect(panicSeconds(stable, percent)).toBe(seconds);
});

test('the count stays between half and a thousand times the ready tasks, panic aside never below what was wanted', () => {
  const load = fc.double({ min: 0, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), load, load)), (looks) => {
      const wanted = autoscaler(options());
      looks.forEach(([ready, stable, panic], index) => {
        const count = wanted(2 * index, ready, stable, panic);
        expect(Number.isInteger(count)).toBe(true);
        expect(count).toBeGreaterThanOrEqual(Math.floor(Math.max(1, ready) / 2));
        expect(count).toBeGreaterThanOrEqual(Math.min(Math.ceil(stable / 10), 1000 * Math.max(1, ready)));
      });
    }),
  );
});
