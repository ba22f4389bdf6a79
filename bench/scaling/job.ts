/**
 * One run of the bench by name, so that a worker can build all of it by itself: a load, a plant, a contestant. The same job gives the
 * same bytes, whoever runs it.
 *
 * Everybody begins with the tasks that the load needs in its first second: what a cold start costs is told by the loads that have one, and in
 * an hour that is cut out of a busy day it would drown everything else.
 */
import type { Controller } from '../../local/simulation/controller.ts';
import { type Figures, figuresOf } from '../../local/simulation/figures/figures.ts';
import { fargate, type Plant } from '../../local/simulation/plant.ts';
import { simulate } from '../../local/simulation/simulate.ts';
import type { Simulated } from '../../local/simulation/simulated.ts';
import { bounds } from './bounds.ts';
import { controllerOf, type Own } from './contestants.ts';
import { factsOf, type Load, type LoadFacts, type LoadName, loaded, TARGET, TASKS } from './load.ts';
import type { Parameters } from './peer.ts';

export interface Job {
  readonly load: LoadName;
  /** Median seconds until a task works. */
  readonly startUp: number;
  /** A peer, an entry of ours, a bound, or what one's own is called. */
  readonly contestant: string;
  /** Of a peer; unset: its defaults. */
  readonly parameters?: Parameters;
  /** Seconds from tick to tick, for ours; unset: as the entry says. */
  readonly interval?: number;
  readonly own?: Own;
}

const plantFor = ({ startUp }: Job, { demand }: Load): Plant => ({
  ...fargate,
  ...{ startUp, tasks: TASKS, running: demand[0] ?? TASKS.min },
});

const arranged = (job: Job, load: Load): { readonly plant: Plant; readonly controller: Controller } => {
  const plant = plantFor(job, load);
  const bound = bounds.find(({ name }) => name === job.contestant);
  return bound === undefined
    ? { plant, controller: controllerOf(job, load.setting) }
    : { plant: bound.plant(plant, load.demand), controller: bound.create(load.demand) };
};

export interface Series extends Load {
  readonly plant: Plant;
  readonly simulated: Simulated;
}

/** One run second by second, for plots. @throws Error when the file of its trace is not there */
export const seriesOf = (job: Job): Series => {
  const load = loaded(job.load);
  if (load === undefined)
    throw new Error(`${job.load.trace}: its file is not there; TRACES names the folder`);
  const { plant, controller } = arranged(job, load);
  return { ...load, plant, simulated: simulate(load.trace, plant, controller, job.load.seed) };
};

export const figuresOfJob = (job: Job): Figures => {
  const { trace, plant, simulated, demand } = seriesOf(job);
  return figuresOf(trace, plant, simulated, demand, { target: TARGET });
};

/** undefined: the file of the trace is not there. */
export const factsOfLoad = (name: LoadName): LoadFacts | undefined => {
  const load = loaded(name);
  return load && factsOf(load);
};
