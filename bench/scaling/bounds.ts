/**
 * What costs as little as can be, and what needs no scaler: between them every contestant has its place. They run like everybody else, since
 * how late a fixed number of tasks is can't be computed from the demand.
 *
 * Gotchas of the optimum, which is one of cost and of elasticity (θ, τ and υ are 0), on the test parts at seed 1:
 * - It pays 1.00 to 1.11 times the demand where messages take up to 11 s, and 1.2 to 1.4 times where they take one or two minutes: a
 *   task that is not needed any more finishes its message first, and is paid until then.
 * - It follows a mean over a minute, not the deadline of a message. Where a burst is over sooner, half of its tasks come too early and the
 *   others go too soon: 32 % wait over 60 s in `bursts`, 9 % in `on-off`. So somebody may well be more punctual, and pays for it.
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
    name: 'zero-delay optimum',
    rule: 'knows the load: what the minute around each second needs, with tasks that start at once',
    // Gandhi et al. (TOCS 30(4), 2012) measure by such a yardstick: reactive, with a setup time of 0.
    plant: (plant, demand) => ({
      ...plant,
      ...{ startUp: 0, startUpSigma: 0, running: demand[0] ?? plant.tasks.min },
      ...{ launchBurst: plant.tasks.max, launchesPerSecond: plant.tasks.max },
    }),
    create: (demand) => ({ every: 1, decide: ({ t }) => demand[t] }),
  },
  fixed('always at peak', 'knows the load: its highest demand all the time', (demand) =>
    demand.reduce((highest, each) => Math.max(highest, each), 0),
  ),
  fixed('static mean', 'knows the load: its mean demand all the time, rounded up', (demand) =>
    Math.ceil(demand.reduce((sum, each) => sum + each, 0) / Math.max(1, demand.length)),
  ),
];
