/** The bounds, simulated on a load that grows by a message a second each ten seconds. */
import { expect, test } from '@jest/globals';
import { bounds } from '../../../bench/scaling/bounds.ts';
import { demandOf } from '../../../local/simulation/figures/demand.ts';
import { type Figures, figuresOf } from '../../../local/simulation/figures/figures.ts';
import { fargate, type Plant } from '../../../local/simulation/plant.ts';
import { simulate } from '../../../local/simulation/simulate.ts';
import type { Trace } from '../../../local/simulation/trace.ts';

const seconds = 120;
const arrivals = Float64Array.from(
  Array.from({ length: seconds }, (_, t) => {
    const messages = 1 + Math.floor(t / 10);
    return Array.from({ length: messages }, (__, nth) => t + (nth + 0.5) / messages);
  }).flat(),
);
const growing: Trace = {
  ...{ name: 'growing', seconds, arrivals },
  work: new Float64Array(arrivals.length).fill(0.9),
};

const run = (name: string, trace: Trace, plant: Plant): Figures & { readonly demand: Uint16Array } => {
  const bound = bounds.find((each) => each.name === name);
  if (bound === undefined) throw new RangeError(name);
  const demand = demandOf(trace, plant.tasks);
  const its = bound.plant(plant, demand);
  return { ...figuresOf(trace, its, simulate(trace, its, bound.create(demand), 1), demand), demand };
};

test('Nobody leaves while the load grows, so the optimum costs exactly the demand and follows it exactly', () => {
  const exact = { thetaU: 0, thetaO: 0, tauU: 0, tauO: 0, upsilon: 0, excess: 0, overshoot: 1 };
  expect(run('zero-delay optimum', growing, fargate)).toMatchObject({ costRatio: 1, over30: 0, ...exact });
});

test('Tasks at the peak all the time are never late; at the mean they are when it matters', () => {
  const peak = run('always at peak', growing, fargate);
  // In the last second: 10 messages a second for 10 s, 11 and 12 for 10 s each, over the last 31 s: one second more of 9.
  expect(peak.demand.at(-1)).toBe(Math.ceil(((9 + 100 + 110 + 120) / 31) * 0.9));
  expect(peak).toMatchObject({ taskSeconds: seconds * 10, tauU: 0, actionsPerHour: 0 });
  expect(peak.maxWait).toBeLessThan(5);

  const mean = run('static mean', growing, fargate);
  const sum = mean.demand.reduce((all, each) => all + each, 0);
  expect(mean.taskSeconds).toBe(seconds * Math.ceil(sum / seconds));
  expect(mean.maxWait).toBeGreaterThan(peak.maxWait);
  expect(mean.left).toBeGreaterThan(peak.left);
});

test('Within the bounds of the plant', () => {
  const narrow = { ...fargate, tasks: { min: 2, max: 3 } };
  expect(run('always at peak', growing, narrow)).toMatchObject({ taskSeconds: 3 * seconds, atMax: 1 });
  expect(run('zero-delay optimum', growing, narrow)).toMatchObject({ costRatio: 1, overshoot: 1 });
});
