/**
 * What no scaler can beat, and what needs none: between them every contestant has its place. They run like everybody else, since how late
 * a fixed number of tasks is can't be computed from the demand.
 */
import type { Controller } from '../../local/simulation/controller.ts';
import type { Plant } from '../../local/simulation/plant.ts';

export interface Bound {
  readonly name: string;
  /** One line for the table. */
  readonly rule: string;
  /** The plant that it runs on: the one of all others, with what the bound may do differently. */
  readonly plant: (plant: Plant, demand: Uint16Array) => Plant;
  readonly create: (demand: Uint16Array) => Controller;
}

/** A count that never changes, and that is there from the start. */
const fixed = (name: string, rule: string, count: (demand: Uint16Array) => number): Bound => ({
  ...{ name, rule },
  plant: (plant, demand) => ({ ...plant, running: count(demand) }),
  create: (demand) => {
    const tasks = count(demand);
    return { every: 60, decide: () => tasks };
  },
});

export const bounds: readonly Bound[] = [
  {
    name: 'optimum',
    rule: 'knows the load; what the minute around each second needs, with tasks that start at once',
    // Gandhi et al. (TOCS 30(4), 2012) measure by the same yardstick: reactive, with a setup time of 0.
    plant: (plant, demand) => ({
      ...plant,
      ...{ startUp: 0, startUpSigma: 0, running: demand[0] ?? plant.tasks.min },
      ...{ launchBurst: plant.tasks.max, launchesPerSecond: plant.tasks.max },
    }),
    create: (demand) => ({ every: 1, decide: ({ t }) => demand[t] }),
  },
  fixed('always at peak', 'knows the load; its highest demand all the time', (demand) =>
    demand.reduce((highest, each) => Math.max(highest, each), 0),
  ),
  fixed('static mean', 'knows the load; its mean demand all the time, rounded up', (demand) =>
    Math.ceil(demand.reduce((sum, each) => sum + each, 0) / Math.max(1, demand.length)),
  ),
];
