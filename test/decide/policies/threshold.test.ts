/** fast-autoscaler's rule at ticks of seconds: as quick as they are, and no more tasks than once a minute gets. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { steady, tell } from '../../../local/simulation/story.ts';
import { counts, seen, tools } from '../../samples.ts';
import { every, type Tick, tellTicks, toOf } from '../guards/story.ts';

/** System A's defaults. */
const defaults = {
  policy: { type: 'threshold' },
  tasks: { min: 10, max: 300 },
  cooldown: { out: 120, in: 120, priorityOverride: true },
};
const tick = (at: number, visible: number, desired: number, running = desired): Tick => ({
  at,
  readings: [seen(visible)],
  counts: counts(desired, running),
});

describe('within a minute', () => {
  test('the same backlog gets its tasks once, started or not', () => {
    const ticks = [tick(0, 1000, 10), ...every(5, 5, 55, { readings: [seen(1000)], counts: 20 })];
    expect(new Set(toOf(tellTicks(defaults, ticks)))).toEqual(new Set([20]));
    const told = tellTicks(defaults, [...ticks, tick(60, 1000, 20)]);
    expect(toOf(told).at(-1)).toBe(30);
    expect(told.decisions.at(-2)?.reasons[0]?.why).toBe(
      '1000 waiting, above 100: 10 + 10, once a minute, and that began 55 s ago',
    );
  });

  test('a larger one gets at once what is missing, and a smaller one loses nothing', () => {
    const ticks = [tick(0, 1000, 10), tick(5, 3000, 20), tick(10, 500, 40)];
    expect(toOf(tellTicks(defaults, ticks))).toEqual([20, 40, 40]);
  });

  test('a count that fell meanwhile is added to as it is', () => {
    expect(toOf(tellTicks(defaults, [tick(0, 1000, 40), tick(5, 1000, 12)]))).toEqual([50, 22]);
  });

  test('tasks that need longer than that are waited for', () => {
    expect(toOf(tellTicks(defaults, [tick(0, 1000, 10), tick(60, 1000, 20, 10)]))).toEqual([20, 20]);
  });
});

test.each([
  ['an hour old', [1_795_345_200, 1]],
  ['of the future', [1_795_352_400, 1]],
  ['odd', [1_795_348_800, -4]],
])('memory that is %s adds to what is there', (_, kept) => {
  expect(toOf(tellTicks(defaults, [tick(0, 1000, 30)], { kept: { threshold: kept } }))).toEqual([40]);
});

test('what is remembered of a minute goes with it', () => {
  const { memory } = tellTicks(defaults, [tick(0, 1000, 10), tick(60, 99.5, 20)]);
  expect(memory.kept).toBeUndefined();
});

describe('5 s ticks and 30 s to start never ask for more than 1.5 × what one decision a minute does', () => {
  const peak = (interval: number, story: Pick<Parameters<typeof tell>[0], 'load'>) =>
    Math.max(
      ...tell({
        ...story,
        service: defaults,
        tools,
        seconds: 1200,
        interval,
        startUp: 30,
        tasks: 10,
      }).ticks.map(({ decision }) => decision.to),
    );

  test.each([
    ['a burst of 3000 messages of 2 s', (t: number) => (t === 60 ? 3000 : 0), 2],
    ['a burst of 20000 of them', (t: number) => (t === 60 ? 20_000 : 0), 2],
    ['50 a second of 2 s', () => 50, 2],
    ['10 a second of 10 s', () => 10, 10],
    ['on and off', (t: number) => (t % 240 < 60 ? 60 : 0), 2],
    ['a slow ramp', (t: number) => t / 20, 2],
    ['1000 that nobody ever finishes', (t: number) => (t === 60 ? 1000 : 0), Number.POSITIVE_INFINITY],
  ])('%s', (_, perSecond, seconds) => {
    const load = steady(perSecond, seconds);
    expect(peak(5, { load })).toBeLessThanOrEqual(1.5 * peak(60, { load }));
  });

  test('whatever the backlog, as long as it lasts: never ahead of the minutes', () => {
    const asked = (interval: number, backlog: number) => {
      let [desired, memory] = [10, {}];
      const asks = [];
      for (let at = 0; at <= 300; at += interval) {
        // All of them have started: the worst for who counts only what has not.
        const told = tellTicks(defaults, [tick(at, backlog, desired)], memory);
        [desired, memory] = [toOf(told)[0] ?? desired, told.memory];
        if (at % 60 === 0) asks.push(desired);
      }
      return asks;
    };
    fc.assert(
      fc.property(fc.integer({ min: 101, max: 4000 }), (backlog) => {
        expect(asked(5, backlog)).toEqual(asked(60, backlog));
      }),
      { numRuns: 50 },
    );
  });
});
