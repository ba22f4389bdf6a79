/**
 * What a run is worth: punctuality and cost first, since these are what an operator has a scaler for; how closely it followed the demand
 * (θ, τ, υ) is for the comparison with the literature. Plain finite numbers, so that a row of results is JSON.
 */
import type { Plant } from '../plant.ts';
import type { Simulated } from '../simulated.ts';
import type { Trace } from '../trace.ts';
import { type Elasticity, elasticityOf } from './elasticity.ts';
import { type Lateness, latenessOf } from './lateness.ts';
import { dollarsFor, smallestTask, type TaskSize } from './price.ts';

export interface Figures extends Lateness, Elasticity {
  /** Paid for: from when a task pulls its image until it is gone. */
  readonly taskSeconds: number;
  /** Σ d_t: what it takes with tasks that start in no time and are never one too many. */
  readonly optimumSeconds: number;
  /** The first ÷ the second. Below 1 where messages wait, or are left, that the optimum would have finished. */
  readonly costRatio: number;
  /** US dollars for these tasks, the scaler itself not included. */
  readonly dollars: number;
  readonly actionsPerHour: number;
  /** Highest desired count ÷ highest demand. */
  readonly overshoot: number;
  /** Share of the seconds, 0 to 1, in which the desired count is the plant's highest: what is late then is not the scaler's doing. */
  readonly atMax: number;
}

export interface FigureOptions {
  /** A wait in seconds, for `overTarget`. */
  readonly target?: number;
  readonly size?: TaskSize;
}

export const figuresOf = (
  trace: Trace,
  plant: Plant,
  simulated: Simulated,
  demand: Uint16Array,
  { target = 60, size = smallestTask }: FigureOptions = {},
): Figures => {
  const { desired, running, paid, actions } = simulated;
  if (running.length !== demand.length)
    throw new RangeError(`${running.length} seconds were simulated, and the demand is of ${demand.length}`);
  let [taskSeconds, optimumSeconds, highest, peak, atMax] = [0, 0, 0, 0, 0];
  for (let t = 0; t < demand.length; t += 1) {
    const [wanted, needed] = [desired[t] ?? 0, demand[t] ?? 0];
    taskSeconds += paid[t] ?? 0;
    optimumSeconds += needed;
    if (wanted > highest) highest = wanted;
    if (needed > peak) peak = needed;
    if (wanted >= plant.tasks.max) atMax += 1;
  }
  return {
    ...latenessOf(simulated, target),
    ...elasticityOf(running, demand),
    ...{ taskSeconds, optimumSeconds, costRatio: taskSeconds / Math.max(1, optimumSeconds) },
    dollars: dollarsFor(taskSeconds, size),
    actionsPerHour: (3600 * actions.length) / Math.max(1, trace.seconds),
    overshoot: highest / Math.max(1, peak),
    atMax: atMax / Math.max(1, demand.length),
  };
};
