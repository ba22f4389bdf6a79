/** What a guard is: it takes the count proposed so far and either lets it pass or answers with another and the reason. */
import type { Service } from '../../contract/config.ts';
import type { KnownCounts, Reading, ServiceMemory } from '../../contract/records.ts';
import type { Tools } from '../../contract/tools.ts';
import type { Kept } from '../policies/policy.ts';

export interface Guarded {
  readonly service: Service;
  readonly counts: KnownCounts;
  readonly readings: readonly Reading[];
  readonly memory: ServiceMemory;
  /** What this guard returned as `kept` at the last tick. Absent, old or odd: it must be safe. */
  readonly kept: Kept | undefined;
  /** ISO 8601: the tick's time. */
  readonly at: string;
  /** The same in epoch seconds. */
  readonly seconds: number;
  /** What the winning policy adds at every tick, where it is such a rule. */
  readonly adds: number | undefined;
  /** Why something could not be seen; undefined: everything was. */
  readonly unknown: string | undefined;
  /** Scale-in is refused for every service. */
  readonly disableScaleIn: boolean;
  readonly tools: Tools;
}

export interface Verdict {
  readonly to: number;
  /** Without it the guard lets the count pass in silence and only keeps something. */
  readonly why?: string;
  /** To be remembered; undefined: what is remembered stays. */
  readonly kept?: Kept;
}

/** @returns undefined: the proposal passes. A guard that speaks may also confirm the count it was given. */
export type Guard = (proposed: number, situation: Guarded) => Verdict | undefined;

/** What a guard keeps once the count is decided. */
export type Afterwards = (decided: number, situation: Guarded) => Kept | undefined;
