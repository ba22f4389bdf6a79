/** What is to be run: which loads, on which plants, by whom, and where the tuned parameters of the peers come from. */
import { type Bound, bounds } from './bounds.ts';
import type { Own } from './contestants.ts';
import { type Entry, entries } from './entries.ts';
import type { LoadName } from './load.ts';
import type { Peer } from './peer.ts';
import { peers } from './peers/registry.ts';
import { traces } from './traces/registry.ts';

export interface Sweep {
  /** Points of a grid, per peer, trace and plant. */
  readonly budget: number;
  /** Seconds of the training part, around its busiest minute. */
  readonly cut: number;
  /** Of all, whether or not something is stored. */
  readonly again: boolean;
  /** And nothing else is done. */
  readonly only: boolean;
}

export interface Plan {
  /** What the files of results are called. */
  readonly name: string;
  readonly loads: readonly Omit<LoadName, 'seed'>[];
  /** Medians of the start-up, in seconds. */
  readonly startUps: readonly number[];
  readonly seeds: number;
  readonly peers: readonly Peer[];
  readonly entries: readonly Entry[];
  readonly bounds: readonly Bound[];
  readonly own?: { readonly name: string; readonly own: Own };
  /** Seconds from tick to tick for all of ours; unset: as each entry says. */
  readonly interval?: number;
  /** Of traces with parameters that are not stored. undefined: no tuned peers. */
  readonly sweep?: Sweep;
}

const HOUR = 3600;
const everyLoad = (cut?: number): Plan['loads'] =>
  traces.map(({ name }) => ({ trace: name, part: 'test', ...(cut === undefined ? {} : { cut }) }));

const everybody = { peers, entries, bounds };

/** Where nothing is stored: what does not take longer than the rest. */
const SMALL: Sweep = { budget: 6, cut: HOUR, again: false, only: false };

/** The busiest hour of each, once: what two cores do in some minutes. */
export const shortPlan: Plan = {
  ...{ name: 'short', loads: everyLoad(HOUR), startUps: [23, 57], seeds: 1, ...everybody, sweep: SMALL },
};

/** All that was recorded, five times. */
export const fullPlan: Plan = { ...shortPlan, name: 'full', loads: everyLoad(), seeds: 5 };

/** No runs that count, but sweeps of the peers, to be stored. */
export const tuningPlan: Plan = {
  ...{ ...fullPlan, name: 'tuned', sweep: { budget: 40, cut: 2 * HOUR, again: true, only: true } },
};
