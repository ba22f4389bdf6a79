/**
 * fast-autoscaler's rule was made for one decision a minute. At ticks of 5 s and with tasks that take 30 s to start it must not
 * ask for more than 1.5 times what it would have asked for then: what was asked for counts as there.
 */
import { expect, test } from '@jest/globals';
import type { Message } from '../../local/simulation/queue.ts';
import { type Story, steady } from '../../local/simulation/story.ts';
import { between, expectSane, peak, told } from './told.ts';

type Load = (t: number) => readonly Message[];

/** With system A's defaults, for 25 minutes. */
const systemA = (load: Load, interval: number, given: Partial<Story> = {}) =>
  told({
    ...{ load, interval, seconds: 1500, startUp: 30, tasks: 10 },
    ...given,
    service: {
      policy: {
        ...{ type: 'threshold', scaleUpThreshold: 100, scaleDownThreshold: 99 },
        ...{ tasksPerMessage: 0.01, maxScaleDownFactor: 0.99 },
      },
      tasks: { min: 10, max: 300 },
      cooldown: { out: '120s', in: '120s', priorityOverride: true },
    },
  });

/** As if every task that was asked for ran, and nobody remembered that it was. */
const careless: Partial<Story> = {
  forgets: () => true,
  count: (counts) => ({ ...counts, running: counts.desired, pending: 0 }),
};

/** A second before a tick of either kind, so that both see all of it. */
const burst = (messages: number, seconds: number): Load => steady((t) => (t === 119 ? messages : 0), seconds);
const ramp = (perSecond: number, seconds: number): Load =>
  steady((t) => perSecond * Math.max(0, Math.min(1, (t - 60) / 600)), seconds);
const plateau = (perSecond: number, seconds: number): Load =>
  steady((t) => (between(t, 119, 719) ? perSecond : 1), seconds);

const LOADS: Readonly<Record<string, Load>> = {
  ...Object.fromEntries(
    [500, 1000, 2000, 5000, 10_000, 20_000, 50_000].flatMap((messages) =>
      [0.1, 0.5, 2, 20].map((seconds) => [
        `${messages} messages of ${seconds} s at once`,
        burst(messages, seconds),
      ]),
    ),
  ),
  ...Object.fromEntries(
    [20, 50, 100, 200].flatMap((rate) =>
      [0.5, 2].map((seconds) => [
        `up to ${rate} of ${seconds} s a second in ten minutes`,
        ramp(rate, seconds),
      ]),
    ),
  ),
  ...Object.fromEntries(
    [20, 50, 100].flatMap((rate) =>
      [1, 5].map((seconds) => [`${rate} of ${seconds} s a second`, plateau(rate, seconds)]),
    ),
  ),
  'a backlog of 1000 that nobody ever works off': burst(1000, 100_000),
};

test.each(Object.entries(LOADS))('%s', (_, load) => {
  const quick = systemA(load, 5);
  const minutes = systemA(load, 60);
  expectSane(quick, quick.finished + quick.left);
  let asked = 10;
  for (const { t, decision } of minutes.ticks) {
    // What it would ask for by the end of the minute in which the quick one asks.
    asked = Math.max(asked, decision.to);
    for (const tick of quick.ticks)
      if (between(tick.t, t - 59, t + 1)) expect(tick.decision.to).toBeLessThanOrEqual(1.5 * asked);
  }
});

test.each([
  [500, 2],
  [2000, 0.5],
  [5000, 2],
  [10_000, 0.5],
])('it would exceed that by far if nothing counted as there: %i messages of %d s', (messages, seconds) => {
  const load = burst(messages, seconds);
  expect(peak(systemA(load, 5, careless))).toBeGreaterThan(2 * peak(systemA(load, 60)));
});
