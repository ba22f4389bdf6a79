/** The figures of a run by hand: what it cost, and against what. */
import { expect, test } from '@jest/globals';
import { figuresOf } from '../../../../local/simulation/figures/figures.ts';
import { dollarsFor } from '../../../../local/simulation/figures/price.ts';
import { fargate } from '../../../../local/simulation/plant.ts';
import type { Simulated } from '../../../../local/simulation/simulated.ts';
import type { Trace } from '../../../../local/simulation/trace.ts';

const seconds = 4;
const trace: Trace = {
  name: 'by hand',
  seconds,
  arrivals: Float64Array.of(0, 1),
  work: Float64Array.of(1, 1),
};
const simulated: Simulated = {
  ...{ waits: Float64Array.of(0, 40), left: 0, lost: 0 },
  desired: Uint16Array.of(1, 6, 6, 2),
  running: Uint16Array.of(1, 1, 4, 2),
  paid: Uint16Array.of(1, 6, 6, 5),
  ...{ visible: new Uint32Array(seconds), inFlight: new Uint32Array(seconds) },
  actions: [
    { t: 1, from: 1, to: 6 },
    { t: 3, from: 6, to: 2 },
  ],
};
const demand = Uint16Array.of(1, 4, 2, 2);

test('Four seconds by hand', () => {
  const plant = { ...fargate, tasks: { min: 1, max: 6 } };
  const figures = figuresOf(trace, plant, simulated, demand, { target: 39 });
  expect(figures).toMatchObject({
    ...{ taskSeconds: 18, optimumSeconds: 9, costRatio: 2 },
    // Twice in 4 s; 6 asked for where at most 4 were needed; at its highest in 2 of 4 seconds.
    ...{ actionsPerHour: 1800, overshoot: 1.5, atMax: 0.5 },
    ...{ messages: 2, over30: 0.5, over60: 0, overTarget: 0.5 },
    // Three of four missing in one second of four; two of four too many in another.
    ...{ thetaU: 18.75, thetaO: 12.5, tauU: 25, tauO: 25 },
  });
  expect(figures.dollars).toBe(dollarsFor(18));
});

test('An hour of the smallest task, and of a larger one', () => {
  expect(dollarsFor(3600)).toBeCloseTo(0.25 * 0.03238 + 0.5 * 0.00356, 12);
  expect(dollarsFor(7200, { vcpu: 1, gb: 2 })).toBeCloseTo(2 * (0.03238 + 2 * 0.00356), 12);
});

test('Who supplies the demand and pays for no more has a cost ratio of 1', () => {
  const exact = { ...simulated, desired: demand, running: demand, paid: demand };
  expect(figuresOf(trace, fargate, exact, demand)).toMatchObject({ costRatio: 1, overshoot: 1, excess: 0 });
});

test('Finite even where nothing is', () => {
  const none = new Uint16Array(0);
  const nothing = { ...simulated, waits: new Float64Array(0), desired: none, running: none, paid: none };
  const figures = figuresOf({ ...trace, seconds: 0 }, fargate, { ...nothing, actions: [] }, none);
  for (const each of Object.values(figures)) expect(each).toBe(0);
});

test('The demand of another trace is refused', () => {
  expect(() => figuresOf(trace, fargate, simulated, Uint16Array.of(1))).toThrow(
    '4 seconds were simulated, and the demand is of 1',
  );
});
