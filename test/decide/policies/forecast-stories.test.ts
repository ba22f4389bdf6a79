/**
 * What a forecast is worth, message by message in virtual time: six half hours, of which the first two are for learning. Tasks take
 * 120 s to start and 2 s for a message. Messages that waited for more than 30 s, and task-seconds:
 *
 * | load                                              | without         | seasonal        | smoothing       |
 * |---------------------------------------------------|-----------------|-----------------|-----------------|
 * | a batch, 10 of 30 minutes, under queueDelay        | 4,489; 173,385  | 0; 116,020      | 4,489; 173,370  |
 * | random, under queueDelay                          | 0; 102,270      | 0; 93,515       | 0; 89,175       |
 * | ramps, under a rule that looks at the arrivals now | 39,157; 171,470 | 39,145; 174,110 | 20,068; 185,335 |
 */
import { describe, expect, test } from '@jest/globals';
import type { Reading } from '../../../lambdas/contract/records.ts';
import { steady, type Told, type Truth, tell } from '../../../local/simulation/story.ts';
import { tools } from '../../samples.ts';

const RULE = { type: 'queueDelay', target: 30 };
const TARGET = 30;
const INTERVAL = 5;
const SEASON = 1800;
const SECONDS = 6 * SEASON;
const LEARNING = 2 * SEASON;

/** mulberry32 */
const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
};

/** So many messages a second on average, never evenly. */
const poisson = (perSecond: (t: number) => number, seed: number) => {
  const random = randomFrom(seed);
  const counts = Array.from({ length: SECONDS }, (_, t) => {
    let count = 0;
    let sum = -Math.log(random());
    while (sum < perSecond(t)) {
      count += 1;
      sum -= Math.log(random());
    }
    return count;
  });
  return steady((t) => counts[t] ?? 0, 2);
};

/** A source that counts arrivals. */
const see = ({ visible, inFlight, arrivalsPerSecond }: Truth): Reading => ({
  known: true,
  ...{ visible, inFlight, arrivalsPerSecond },
});

const played = (
  load: ReturnType<typeof steady>,
  method: 'seasonal' | 'smoothing' | undefined,
  policy: object = RULE,
): Told =>
  tell({
    ...{ tools, load, see, seconds: SECONDS, startUp: 120, startUpSigma: 0.1, tasks: 2 },
    service: {
      tasks: { min: 1, max: 100 },
      policies: [
        policy,
        ...(method === undefined ? [] : [{ type: 'forecast', method, season: SEASON, horizon: 120 }]),
      ],
    },
  });

/** Messages that waited longer than the target, and task-seconds, of all seasons but the first two. */
const resultOf = ({ ticks, waits }: Told) => {
  const before = ticks.filter(({ t }) => t <= LEARNING);
  const arrived = before.reduce((sum, { arrivalsPerSecond }) => sum + arrivalsPerSecond * INTERVAL, 0);
  return {
    late: waits.slice(Math.round(arrived)).filter((wait) => wait > TARGET).length,
    taskSeconds: ticks.slice(before.length).reduce((sum, { desired }) => sum + desired * INTERVAL, 0),
  };
};

describe('a batch of ten minutes in every half hour', () => {
  const load = poisson((t) => (t % SEASON >= 900 && t % SEASON < 1500 ? 10 : 1), 1);
  const without = resultOf(played(load, undefined));

  test('nobody is late any more, for fewer task-seconds', () => {
    const { late, taskSeconds } = resultOf(played(load, 'seasonal'));
    expect(without.late).toBeGreaterThan(3000);
    expect(late).toBeLessThan(without.late / 20);
    expect(taskSeconds).toBeLessThan(without.taskSeconds);
  });

  test('level and trend know nothing of it, and do little harm', () => {
    const { late, taskSeconds } = resultOf(played(load, 'smoothing'));
    expect(late).toBeLessThanOrEqual(1.01 * without.late);
    expect(taskSeconds).toBeLessThan(1.15 * without.taskSeconds);
  });
});

describe('a random load', () => {
  const load = poisson(() => 5, 1);
  const without = resultOf(played(load, undefined));

  test.each(['seasonal', 'smoothing'] as const)('%s costs a few per cent at most', (method) => {
    const { late, taskSeconds } = resultOf(played(load, method));
    expect(late).toBeLessThanOrEqual(without.late);
    expect(taskSeconds).toBeLessThan(1.09 * without.taskSeconds);
  });
});

describe('a ramp, under a rule that looks at what arrives now', () => {
  // Up in twenty minutes and down again, every time at another time of the season.
  const load = steady((t) => {
    const share = (t % 3000) / 1200;
    return 2 + 18 * Math.max(0, share < 1 ? share : 2 - share);
  }, 2);
  const formula = { type: 'formula', tasks: 'arrivalsPerSecond * 2.2' };
  const without = resultOf(played(load, undefined, formula));

  test('level and trend lead it, the season knows better than to be used', () => {
    const smoothing = resultOf(played(load, 'smoothing', formula));
    const seasonal = resultOf(played(load, 'seasonal', formula));
    expect(without.late).toBeGreaterThan(30_000);
    expect(smoothing.late).toBeLessThan(0.6 * without.late);
    expect(smoothing.taskSeconds).toBeLessThan(1.12 * without.taskSeconds);
    expect(seasonal.late).toBeLessThanOrEqual(without.late);
    expect(seasonal.taskSeconds).toBeLessThan(1.04 * without.taskSeconds);
  });
});
