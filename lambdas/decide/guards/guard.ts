/** What a guard is: it takes the count proposed so far and either lets it pass or answers with another and the reason. */
import type { Service } from '../../contract/config.ts';
import type { KnownCounts, ServiceMemory } from '../../contract/records.ts';

export interface Guarded {
  readonly service: Service;
  readonly counts: KnownCounts;
  readonly memory: ServiceMemory;
  /** ISO 8601: the tick's time. */
  readonly at: string;
  /** What the winning policy adds at every tick, where it is such a rule. */
  readonly adds: number | undefined;
  /** Why something could not be seen; undefined: everything was. */
  readonly unknown: string | undefined;
  /** Scale-in is refused for every service. */
  readonly disableScaleIn: boolean;
}

export interface Verdict {
  readonly to: number;
  readonly why: string;
}

/** @returns undefined: the proposal passes. A guard that speaks may also confirm the count it was given. */
export type Guard = (proposed: number, situation: Guarded) => Verdict | undefined;
