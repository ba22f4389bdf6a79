/** What happens to a service over minutes of virtual time: a load, tasks that take time to start, and real decisions. */
import { describe, expect, test } from '@jest/globals';
import { steady } from '../../local/simulation/story.ts';
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

describe('burst from 0: 600 messages of a second at once', () => {
  const load = steady((t) => (t === 60 ? 600 : 0), 1);

  test.each(each)(
    '%s goes out at the next tick, is through within a minute and goes back to 0',
    (_, policy) => {
      const story = told({ service: { policy }, load, seconds: 1200 });
      expectSane(story, 600);
      expect(at(story, 60)).toBe(0);
      expect(at(story, 65)).toBeGreaterThanOrEqual(30);
      expect(longest(story)).toBeLessThan(60);
      expect(story.left).toBe(0);
      expect(at(story, 1195)).toBe(0);
    },
  );

  test('queueDelay says why, and that 30 s to start leave nothing of a target of 30 s', () => {
    const story = told({ service: { policy: POLICIES.queueDelay }, load, seconds: 600 });
    const [first] = during(story, 65, 66);
    expect(chain(first)).toMatch(/^queueDelay said \d+: 600 waiting, .*target 30 s.*raise tasks\.min/);
    // From the burst to the next tick 5 s, then 30 s until the tasks run: what is left after that is theirs.
    expect(longest(story)).toBeLessThan(5 + 30 + 5);
  });

  test('queueDelay with a minimum that can hold it, keeps the target', () => {
    const story = told({
      service: { policy: POLICIES.queueDelay, tasks: { min: 20, max: 200 } },
      tasks: 20,
      load,
      seconds: 600,
    });
    expect(longest(story)).toBeLessThanOrEqual(30);
  });
});

describe('slow ramp: one task’s work more every minute, for 20 minutes', () => {
  const story = told({
    service: { policy: POLICIES.queueDelay, tasks: { min: 1, max: 200 } },
    tasks: 1,
    seconds: 1260,
    load: steady((t) => Math.min(20, t / 60), 1),
  });

  test('queueDelay follows, two thirds more on the whole than is needed, at most, and never fewer than are busy', () => {
    expectSane(story, story.finished + story.left);
    expect(at(story, 1255)).toBeGreaterThanOrEqual(20);
    expect(peak(story)).toBeLessThanOrEqual(30);
    for (const { decision, inFlight } of ins(story.ticks))
      expect(decision.to).toBeGreaterThanOrEqual(inFlight);
    expect(story.taskSeconds).toBeLessThanOrEqual(1.7 * story.finished);
  });
  test('and all but the first messages wait less than the target', () => {
    expect(percentile(story, 99)).toBeLessThanOrEqual(30);
    expect(longest(story)).toBeLessThanOrEqual(45);
  });
});

describe('flash crowd: 5 messages of a second a second, for five minutes 50', () => {
  const load = steady((t) => (between(t, 120, 420) ? 50 : 5), 1);

  test.each(each)('%s is there in a minute and gone in five', (_, policy) => {
    const story = told({ service: { policy }, tasks: 6, seconds: 900, load });
    expectSane(story, 300 * 5 + 300 * 50 + 300 * 5);
    expect(at(story, 180)).toBeGreaterThanOrEqual(50);
    expect(longest(story)).toBeLessThanOrEqual(40);
    expect(at(story, 720)).toBeLessThanOrEqual(20);
  });

  test('queueDelay: everybody who may for the backlog, no worker taken from a message, few changes', () => {
    const story = told({ service: { policy: POLICIES.queueDelay }, tasks: 6, seconds: 900, load });
    expect(percentile(story, 99)).toBeLessThanOrEqual(35);
    expect(story.taskSeconds).toBeLessThanOrEqual(2.8 * story.finished);
    expect(at(story, 415)).toBeLessThanOrEqual(60);
    for (const { decision, inFlight } of ins(story.ticks))
      expect(decision.to).toBeGreaterThanOrEqual(inFlight);
    expect(changes(story)).toBeLessThanOrEqual(12);
  });
});

describe('on and off: a minute of 20 messages of a second a second, a minute of none, ten times', () => {
  const story = told({
    service: { policy: POLICIES.queueDelay, cooldown: { in: '2m' } },
    seconds: 1500,
    load: steady((t) => (t < 1200 && t % 120 < 60 ? 20 : 0), 1),
  });

  test('queueDelay with a cooldown stays where it is through the gaps: nobody waits for a start again', () => {
    expectSane(story, 12_000);
    expect(Math.min(...during(story, 120, 1200).map(({ decision }) => decision.to))).toBeGreaterThanOrEqual(
      18,
    );
    const waits = story.waits.slice(1200);
    expect(Math.max(...waits)).toBeLessThanOrEqual(15);
    expect(changes(story)).toBeLessThanOrEqual(30);
  });
  test('and is gone some minutes after the last', () => {
    expect(story.left).toBe(0);
    expect(at(story, 1480)).toBeLessThanOrEqual(1);
  });
});
