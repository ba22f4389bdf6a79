/** The load behind a log: what arrived, how long it took, and what the loop that wrote the log made of it. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogTick } from '../../../local/replay/log.ts';
import { loggedRun } from '../../../local/replay/logged.ts';
import { reconstruct } from '../../../local/replay/reconstruct.ts';
import type { View } from '../../../local/simulation/controller.ts';
import { ours } from '../../../local/simulation/ours.ts';
import { fargate } from '../../../local/simulation/plant.ts';
import { simulate } from '../../../local/simulation/simulate.ts';
import type { Told } from '../../../local/simulation/story.ts';
import { service, tools } from '../../samples.ts';
import { plantOf, traceOf } from '../simulation/loads.ts';
import { configuration, story, WORK, waiting, withRates } from './logs.ts';

const ticksOf = ({ ticks }: Told): readonly LogTick[] =>
  ticks.map(({ t, desired, running, decision }) => ({
    ...{ at: 1000 + t, desired, running, to: decision.to },
    ...(decision.reading.known ? decision.reading : {}),
    at: 1000 + t,
  }));

const toldWork = { work: { seconds: WORK, by: '--work' } };
const tick = (at: number, visible: number, inFlight: number, given: Partial<LogTick> = {}): LogTick => ({
  ...{ at, visible, inFlight, running: 2, desired: 2, to: 2 },
  ...given,
});

describe('by hand', () => {
  test('arrivals are what the backlog grew by and what two busy tasks finished', () => {
    // 2 busy tasks for 10 s at 2 s each: 10 finished; the backlog grew by 5.
    const { trace } = reconstruct('x', [tick(0, 3, 2), tick(10, 8, 2)], {
      work: { seconds: 2, by: '--work' },
    });
    const [at0, later] = [trace.arrivals.filter((at) => at === 0), trace.arrivals.filter((at) => at > 0)];
    expect(at0).toHaveLength(5);
    expect(later).toHaveLength(15);
    expect([later[0], later[14]]).toEqual([10 / 30, 10 - 10 / 30]);
    expect([trace.seconds, trace.work[3]]).toEqual([10, 2]);
  });
  test('counted rates win over guesses', () => {
    const ticks = [tick(0, 0, 2), tick(10, 0, 2, { arrivalsPerSecond: 3, departuresPerSecond: 3 })];
    const { trace, work, hasRates } = reconstruct('x', ticks, {});
    expect([trace.arrivals.length, work, hasRates]).toEqual([2 + 30, 20 / 30, true]);
  });
  test('departures alone tell arrivals by the growth', () => {
    const ticks = [tick(0, 0, 2), tick(10, 6, 2, { departuresPerSecond: 1 })];
    expect(reconstruct('x', ticks, {}).trace.arrivals).toHaveLength(2 + 16);
  });
  test('more in flight than tasks: each works on one', () => {
    const ticks = [tick(0, 0, 20), tick(10, 0, 20)];
    expect(reconstruct('x', ticks, { work: { seconds: 1, by: '--work' } }).trace.arrivals).toHaveLength(
      20 + 20,
    );
  });
  test('a source that does not tell what is in flight: all tasks work while anything waits', () => {
    const ticks = [0, 10].map((at) => tick(at, 5, 0, { inFlight: undefined }));
    const { trace, said } = reconstruct('x', ticks, { work: { seconds: 1, by: '--work' } });
    expect(trace.arrivals).toHaveLength(5 + 20);
    expect(said.join()).toContain('does not tell what is in flight');
  });
  test('what was not seen is bridged, and a long gap is told', () => {
    const ticks = [tick(0, 0, 2), tick(5, 0, 0, { visible: undefined }), tick(1000, 0, 2)];
    const { trace, said } = reconstruct('x', ticks, { work: { seconds: 2, by: '--work' } });
    expect(trace.arrivals).toHaveLength(2 + 1000);
    expect(said.join('\n')).toMatch(/1 of 3 ticks .* could not be seen/);
    expect(said.join('\n')).toMatch(/1 gap is longer than 5 minutes \(the longest 17\)/);
  });
  test.each<readonly [string, readonly LogTick[], RegExp]>([
    ['no queue', [tick(0, 0, 0, { visible: undefined })], /no reading has a count.*--trace FILE/],
    ['a single tick', [tick(0, 1, 1)], /a single tick/],
    ['nothing to learn from', [tick(0, 1, 1), tick(10, 1, 1)], /give --work SECONDS$/],
    [
      'a backlog that two tasks bring down by ten',
      [tick(0, 30, 2), tick(10, 20, 2)],
      /give --work SECONDS \(2 s or less, as fast as its backlog fell\)/,
    ],
  ])('%s is an error with a remedy', (_, ticks, message) => {
    expect(() => reconstruct('x', ticks, {})).toThrow(message);
  });
});

/** What so many tasks see of a load every five seconds, and how many came until their last look. */
const watched = (perSecond: readonly number[], tasks: number, work: number) => {
  const arrivals = perSecond.flatMap((rate, minute) =>
    Array.from({ length: rate * 60 }, (_, nth) => 60 * minute + (nth + 0.5) / rate),
  );
  const trace = traceOf(
    arrivals.map((at) => [at, work]),
    60 * perSecond.length,
  );
  const ticks: LogTick[] = [];
  const decide = ({ t, visible, inFlight, desired, running }: View) => {
    ticks.push({ at: t, visible, inFlight, desired, running, to: desired });
    return undefined;
  };
  simulate(trace, plantOf({ running: tasks }), { every: 5, decide }, 1);
  const last = ticks.at(-1)?.at ?? 0;
  return { ticks, came: arrivals.filter((at) => at < last).length };
};

test('about as many messages as there were, in order, whatever came and whoever worked on it', () => {
  const rates = fc.array(fc.nat({ max: 20 }), { minLength: 3, maxLength: 8 });
  const seconds = fc.double({ min: 0.2, max: 8, noNaN: true });
  const off: number[] = [];
  fc.assert(
    fc.property(rates, fc.integer({ min: 1, max: 60 }), seconds, (perSecond, tasks, work) => {
      const { ticks, came } = watched(perSecond, tasks, work);
      const { trace } = reconstruct('x', ticks, { work: { seconds: work, by: '--work' } });
      expect(trace.arrivals).toEqual(trace.arrivals.toSorted());
      expect(trace.arrivals.at(-1) ?? 0).toBeLessThanOrEqual(trace.seconds);
      off.push(Math.abs(trace.arrivals.length - came) / Math.max(50, came));
    }),
    { numRuns: 100 },
  );
  off.sort((a, b) => a - b);
  // Single ones are off by a half: long messages of many tasks, where the load stops or begins between two looks.
  expect(off[50] ?? 1).toBeLessThan(0.02);
  expect(off[90] ?? 1).toBeLessThan(0.15);
});

describe('of a story', () => {
  const told = story();
  const load = reconstruct('x', ticksOf(told), toldWork);
  const arrived = told.finished + told.left;

  test('as many messages as there were, when they came', () => {
    expect(Math.abs(load.trace.arrivals.length - arrived) / arrived).toBeLessThan(0.02);
    const inTurn = (nth: number) => load.trace.arrivals.filter((at) => Math.floor(at / 300) === nth).length;
    for (const [nth, count] of [1200, 3600, 1200, 3600, 1200].entries())
      expect(Math.abs(inTurn(nth) - count) / count).toBeLessThan(0.06);
  });

  test('the same configuration on it decides nearly the same', () => {
    const counts: number[] = [];
    const controller = ours({
      ...{ service: service(configuration), tools, interval: 5 },
      decided: ({ to }) => counts.push(to),
    });
    const plant = { ...fargate, tasks: { min: 1, max: 60 }, running: load.running };
    simulate(load.trace, plant, controller, 1);
    const was = told.ticks.map(({ decision }) => decision.to);
    // A message that is counted at the next tick moves a decision by a tick.
    const near = counts.filter((count, nth) =>
      was
        .slice(Math.max(0, nth - 1), nth + 2)
        .some((then) => Math.abs(count - then) <= Math.max(1, 0.1 * then)),
    );
    expect(near.length / counts.length).toBeGreaterThan(0.9);
    const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
    expect(Math.abs(sum(counts) / sum(was.slice(0, counts.length)) - 1)).toBeLessThan(0.03);
  });

  test('seconds of work are learned from how the backlog bends, and from counted messages', () => {
    expect(reconstruct('x', ticksOf(story(undefined, waiting)), {}).work / WORK).toBeCloseTo(1, 0.6);
    const counted = story((truth) => withRates(truth));
    expect(reconstruct('x', ticksOf(counted), {}).work / WORK).toBeCloseTo(1, 1);
  });

  test('what the loop itself did is told: its counts as they were, its waits as near as its looks', () => {
    const { desired, running, waits, actions, left } = loggedRun(ticksOf(told), load, 23);
    const [third] = told.ticks.slice(3);
    expect(desired[15]).toBe(third?.decision.to);
    expect(running[15]).toBe(third?.running);
    expect(actions.length).toBe(told.ticks.filter(({ decision }) => decision.direction !== 'hold').length);
    const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);
    const quantile = (values: readonly number[], q: number) =>
      values[Math.floor(q * (values.length - 1))] ?? 0;
    const [was, isTold] = [sorted(told.waits), sorted(waits)];
    for (const q of [0.5, 0.9, 0.99])
      expect(Math.abs(quantile(isTold, q) - quantile(was, q))).toBeLessThan(4);
    const last = told.ticks.at(-1);
    expect(left).toBe((last?.visible ?? 0) + (last?.inFlight ?? 0));
  });

  test('of a log that does not tell what ran a task runs when it has had time to start', () => {
    const ticks: LogTick[] = [0, 10, 20, 30, 40].map((at) => ({
      at,
      visible: 1,
      inFlight: 1,
      desired: at > 10 ? 5 : 1,
      to: at >= 10 ? 5 : 1,
    }));
    const given = reconstruct('x', ticks, toldWork);
    const { running } = loggedRun(ticks, given, 12);
    expect([running[9], running[21], running[22], running[39]]).toEqual([1, 1, 5, 5]);
  });
});
