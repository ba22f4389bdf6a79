/** What a configuration does with a load: the deployed `decide` in the simulation of the bench, and the figures of that. */
import type { Service } from '../../lambdas/contract/config.ts';
import type { Decision } from '../../lambdas/contract/records.ts';
import { toolsFor } from '../../lambdas/tools.ts';
import { demandOf } from '../simulation/figures/demand.ts';
import { type Figures, figuresOf } from '../simulation/figures/figures.ts';
import { ours } from '../simulation/ours.ts';
import { simulate } from '../simulation/simulate.ts';
import type { Simulated } from '../simulation/simulated.ts';
import type { Case } from './loads.ts';

export interface How {
  /** Seconds from tick to tick. */
  readonly interval: number;
  readonly seed: number;
  /** The wait in seconds from which on a message is late. */
  readonly target: number;
}

/** A run and what it is worth. */
export interface Measured {
  readonly simulated: Simulated;
  readonly figures: Figures;
  readonly demand: Uint16Array;
}

export interface Replayed extends Measured {
  /** Ticks at which something that a policy asks for was unknown, and what of the first of them. */
  readonly unknown: { readonly ticks: number; readonly why: string } | undefined;
}

/** The figures of what was done, whoever did it. */
export const measured = ({ trace, plant }: Case, simulated: Simulated, target: number): Measured => {
  const demand = demandOf(trace, plant.tasks);
  return { simulated, demand, figures: figuresOf(trace, plant, simulated, demand, { target }) };
};

/** @param decided is told every decision, holds too */
export const replayed = async (
  asked: Case,
  how: How,
  service: Service = asked.service,
  decided: (decision: Decision) => void = () => undefined,
): Promise<Replayed> => {
  const { trace, plant, sight, begin } = asked;
  const { interval, seed, target } = how;
  const tools = await toolsFor([service]);
  let ticks = 0;
  let why = '';
  const controller = ours({
    ...{ service, tools, interval, see: sight, seed, begin },
    decided: (decision) => {
      const unknown = decision.reasons.find(({ by }) => by === 'unknown');
      if (unknown !== undefined) {
        ticks += 1;
        if (ticks === 1) why = unknown.why;
      }
      decided(decision);
    },
  });
  const simulated = simulate(trace, plant, controller, seed);
  return { ...measured(asked, simulated, target), unknown: ticks === 0 ? undefined : { ticks, why } };
};
