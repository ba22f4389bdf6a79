/** The table of the HPA in facts/scaling-rules.md, row by row, and what its state adds. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  averageValue,
  type Behaviour,
  DEFAULTS,
  hpa,
  limited,
  type Moment,
  stabilized,
} from '../../../../../bench/scaling/peers/keda/hpa.ts';

type Rules = Behaviour['out'];
const rules = (policies: Rules['policies'], select: Rules['select'] = 'max', windowSeconds = 0): Rules => ({
  ...{ policies, select, windowSeconds },
});
const tasks = (value: number) => ({ kind: 'tasks' as const, value, seconds: 60 });
const percent = (value: number) => ({ kind: 'percent' as const, value, seconds: 60 });

describe('average value', () => {
  test.each([
    [8600, 2150, 3, undefined, 4],
    [8600, 2900, 3, undefined, 3],
    [8600, 2800, 3, { out: 0.01, in: 0.1 }, 4],
    [20_000, 5000, 0, undefined, 4],
    [0, 5, 0, undefined, 0],
    [0, 5, 7, undefined, 0],
    // Both bounds of the tolerance belong to it.
    [55, 5, 10, undefined, 10],
    [45, 5, 10, undefined, 10],
    [56, 5, 10, undefined, 12],
    [44, 5, 10, undefined, 9],
  ])('%d of %d each, at %d: %j → %d', (total, target, current, tolerance, to) => {
    expect(averageValue(total, target, current, tolerance)).toBe(to);
  });
});

describe('policies', () => {
  const out = (policies: Rules['policies'], select?: Rules['select']): Behaviour => ({
    ...DEFAULTS,
    out: rules(policies, select),
  });
  const inwards = (policies: Rules['policies'], select?: Rules['select']): Behaviour => ({
    ...DEFAULTS,
    in: rules(policies, select),
  });
  const events = (...counts: readonly number[]): readonly Moment[] =>
    counts.map((count) => ({ at: 50, count }));

  test.each([
    ['out, tasks 100 and 100 %', 10, 500, out([tasks(100), percent(100)]), [], 110],
    ['out, tasks 30', 10, 50, out([tasks(30)]), [], 40],
    ['out, 200 %', 10, 50, out([percent(200)]), [], 30],
    ['out, 10 %', 10, 50, out([percent(10)]), [], 11],
    ['in, tasks 20 and 1 %', 100, 2, inwards([tasks(20), percent(1)]), [], 80],
    ['in, tasks 20 and 1 %, the smaller', 100, 2, inwards([tasks(20), percent(1)], 'min'), [], 99],
    ['in, 50 %', 10, 5, inwards([percent(50)]), [], 5],
    ['out, 1, 5 and 9 more in the period, tasks 150', 100, 900, out([tasks(150)]), events(1, 5, 9), 235],
    ['in, 2, 4 and 6 fewer in the period, 50 %', 100, 1, inwards([percent(50)]), events(-2, -4, -6), 56],
    ['out, the smaller of tasks 2 and 50 %', 1, 9, out([tasks(2), percent(50)], 'min'), [], 2],
    ['out, more than allowed has been added: as it is', 20, 30, out([tasks(4)]), events(12), 20],
    ['in, more than allowed has been removed: as it is', 20, 3, inwards([tasks(4)]), events(-12), 20],
    ['defaults: 4 more from 1', 1, 99, DEFAULTS, [], 5],
    ['defaults: twice from 10', 10, 99, DEFAULTS, [], 20],
    ['defaults: all at once inwards', 90, 1, DEFAULTS, [], 1],
  ])('%s', (_, current, wish, behaviour, changes, to) => {
    expect(limited(current, wish, behaviour, changes, 60)).toBe(to);
  });

  test('a change that is as old as the period has left it', () => {
    const changes = [{ at: 0, count: 15 }];
    expect(limited(100, 900, out([tasks(150)]), changes, 59)).toBe(235);
    expect(limited(100, 900, out([tasks(150)]), changes, 60)).toBe(250);
  });
});

describe('stabilization', () => {
  const behaviour = (out: number, inwards: number): Behaviour => ({
    out: rules([tasks(1000)], 'max', out),
    in: rules([tasks(1000)], 'max', inwards),
  });
  const NOW = 1000;
  const ago = (minutes: number, count: number): Moment => ({ at: NOW - 60 * minutes, count });

  test.each([
    ['in: the highest of 300 s', 9, 3, behaviour(0, 300), [ago(2, 4), ago(1, 5)], 5],
    ['in: what is older does not count', 9, 3, behaviour(0, 300), [ago(10, 10), ago(9, 9)], 3],
    ['out: the lowest of 300 s', 1, 7, behaviour(300, 0), [ago(2, 4), ago(1, 5)], 4],
    ['between both: as it is', 6, 3, behaviour(300, 300), [ago(2, 8)], 6],
    ['in: five minutes old is old', 9, 3, behaviour(0, 300), [ago(5, 8)], 3],
  ])('%s', (_, current, wish, windows, recommendations, to) => {
    expect(stabilized(current, wish, windows, recommendations, NOW)).toBe(to);
  });
});

describe('from sync to sync', () => {
  const bounds = { min: 1, max: 100 };

  test('a step load: 1, 5, 10, 20, 40, 60', () => {
    const replicas = hpa(5, DEFAULTS, bounds);
    const counts = [1];
    for (let now = 0; now < 90; now += 15) counts.push(replicas(now, counts.at(-1) ?? 0, 300));
    expect(counts).toEqual([1, 5, 10, 20, 40, 60, 60]);
  });

  test('what stood before the first look is held for the window of in', () => {
    const replicas = hpa(5, DEFAULTS, bounds);
    let count = 20;
    const changed: number[] = [];
    for (let now = 0; now < 900; now += 15) {
      const to = replicas(now, count, 10);
      if (to !== count) changed.push(now);
      count = to;
    }
    expect([count, changed]).toEqual([2, [300]]);
  });

  test('never beyond its bounds, never beyond a doubling or four more', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 100 }),
        (totals, begin) => {
          const replicas = hpa(5, DEFAULTS, bounds);
          let count = begin;
          totals.forEach((total, index) => {
            const to = replicas(15 * index, count, total);
            expect(to).toBeGreaterThanOrEqual(1);
            expect(to).toBeLessThanOrEqual(Math.min(100, Math.max(2 * count, count + 4)));
            count = to;
          });
        },
      ),
    );
  });
});
