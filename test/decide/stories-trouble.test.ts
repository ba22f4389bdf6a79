/** Stories in which something is wrong: the broker, the counters, the memory, a message; or a deployment runs. */
import { describe, expect, test } from '@jest/globals';
import type { Reading } from '../../lambdas/contract/records.ts';
import type { Message } from '../../local/simulation/queue.ts';
import { steady, type Truth } from '../../local/simulation/story.ts';
import {
  at,
  between,
  chain,
  changes,
  during,
  expectSane,
  ins,
  longest,
  POLICIES,
  peak,
  percentile,
  told,
} from './told.ts';

const each = Object.entries(POLICIES);
const { queueDelay } = POLICIES;

describe('the broker is down for five minutes in the middle of a burst', () => {
  const down = (t: number) => between(t, 120, 420);
  const story = { seconds: 1500, load: steady((t) => (between(t, 60, 480) ? 20 : 0), 1), down };

  test.each(each)(
    '%s holds, says what it can’t see, and ends the burst when the broker is back',
    (_, policy) => {
      const seen = told({ ...story, service: { policy } });
      expectSane(seen, 420 * 20);
      const blind = during(seen, 120, 420);
      expect(new Set(blind.map(({ decision }) => decision.to)).size).toBe(1);
      expect(blind[0]?.desired).toBeGreaterThanOrEqual(20);
      expect(chain(blind.at(-1))).toContain('the queue did not answer');
      expect(at(seen, 430)).toBeGreaterThanOrEqual(blind[0]?.desired ?? 0);
      expect(at(seen, 430)).toBeGreaterThan(40);
      expect(seen.left).toBe(0);
      expect(at(seen, 1495)).toBeLessThanOrEqual(3);
    },
  );

  test('with a fallback from 0 tasks, somebody is there when the broker is back', () => {
    const fallback = { after: '60s', tasks: { atLeast: 10 } };
    const early = { ...story, down: (t: number) => between(t, 60, 420) };
    const seen = told({ ...early, service: { policy: queueDelay, fallback } });
    expect([at(seen, 115), at(seen, 125), at(seen, 415)]).toEqual([0, 10, 10]);
  });
});

describe('a deployment runs during a burst', () => {
  // The new tasks start beside the old ones, and ECS counts them all.
  const story = {
    seconds: 900,
    tasks: 4,
    load: steady((t) => (between(t, 60, 300) ? 20 : 2), 1),
    deploying: (t: number) => between(t, 90, 240),
    count: <C extends { desired: number; running: number; deploying: boolean }>(counts: C) =>
      counts.deploying
        ? { ...counts, running: counts.running + Math.ceil(counts.desired / 2), pending: counts.desired }
        : { ...counts, pending: 0 },
  };

  test.each(each)('%s goes out as far as it must and not in', (_, policy) => {
    const seen = told({ ...story, service: { policy } });
    expectSane(seen, 900 * 2 + 240 * 18);
    expect(ins(during(seen, 90, 240))).toEqual([]);
    expect(at(seen, 235)).toBeGreaterThanOrEqual(20);
    expect(longest(seen)).toBeLessThanOrEqual(60);
    expect(seen.taskSeconds).toBeLessThanOrEqual(7 * seen.finished);
    expect(at(seen, 895)).toBeLessThanOrEqual(15);
  });
});

describe('a restart with empty memory at 40 tasks', () => {
  test('queueDelay takes nobody away before it has seen half a minute, and then those who are too many', () => {
    const load = steady((t) => (t < 300 ? 39 : 20), 1);
    const forgets = (t: number) => t === 300;
    const seen = told({ seconds: 900, tasks: 40, load, forgets, service: { policy: queueDelay } });
    expectSane(seen, 300 * 39 + 600 * 20);
    expect(at(seen, 295)).toBeGreaterThanOrEqual(39);
    expect(ins(during(seen, 300, 330))).toEqual([]);
    expect(at(seen, 430)).toBeLessThanOrEqual(32);
    expect(at(seen, 895)).toBeGreaterThanOrEqual(20);
    expect(longest(seen)).toBeLessThanOrEqual(10);
  });

  test.each([
    [30, 'queueDelay', { policy: queueDelay }],
    [60, 'panic', { policy: POLICIES.panic }],
    [120, 'presence', { policy: { type: 'presence', tasks: 40 } }],
    [60, 'target with a window', { policy: POLICIES.target, stabilization: { in: '60s' } }],
  ])('for %i s %s takes nobody from an empty queue', (seconds, _, service) => {
    const seen = told({ seconds: 900, tasks: 40, load: () => [], forgets: (t) => t === 5, service });
    const decided = during(seen, 5, 5 + seconds).map(({ decision }) => decision.to);
    expect(decided).toEqual(Array(seconds / 5).fill(40));
    expect(at(seen, 895)).toBe(0);
  });
});

describe('counters that lie for a minute, 20 messages of a second a second', () => {
  const lying =
    (lie: Partial<Truth>) =>
    (truth: Truth, t: number): Reading => {
      const { visible, inFlight } = between(t, 300, 360) ? { ...truth, ...lie } : truth;
      return { known: true, visible, inFlight };
    };
  const story = { seconds: 1200, tasks: 24, load: steady(() => 20, 1) };

  test('empty: queueDelay keeps its tasks, and what it takes away late it gives back at once', () => {
    const see = lying({ visible: 0, inFlight: 0 });
    const seen = told({ ...story, see, service: { policy: queueDelay } });
    expectSane(seen, 24_000);
    expect(Math.min(...during(seen, 300, 420).map(({ decision }) => decision.to))).toBeGreaterThanOrEqual(18);
    expect(longest(seen)).toBeLessThanOrEqual(10);
    expect(between(at(seen, 1195), 20, 24)).toBe(true);
  });

  test('a billion: the bounds hold, and two minutes later nothing is left of it', () => {
    const see = lying({ visible: 1e9 });
    const seen = told({ ...story, see, service: { policy: queueDelay } });
    expectSane(seen, 24_000);
    expect(peak(seen)).toBe(200);
    expect(between(at(seen, 480), 20, 30)).toBe(true);
    expect(between(at(seen, 1195), 20, 24)).toBe(true);
  });
});

test('poison that nobody ever finishes costs queueDelay its tasks, and no more once what waits behind it is done', () => {
  const good = steady(() => 5, 1);
  const poison = (t: number): Message => ({ arrivedAt: t, seconds: Number.POSITIVE_INFINITY });
  const seen = told({
    seconds: 1800,
    tasks: 6,
    load: (t) => [...good(t), ...(t === 60 ? Array.from({ length: 5 }, () => poison(t)) : [])],
    service: { policy: queueDelay },
  });
  expectSane(seen, 1800 * 5 + 5);
  // 5 tasks for the load, 5 in the hands of whom poison holds.
  expect(peak(seen)).toBeLessThanOrEqual(100);
  for (const { decision } of during(seen, 300, 1800)) expect(between(decision.to, 10, 13)).toBe(true);
  expect(percentile(seen, 99)).toBeLessThanOrEqual(30);
  expect(seen.left).toBeLessThan(20);
  expect(changes(seen)).toBeLessThanOrEqual(10);
});
