/** Said where a pause is not written. */
export const UNWRITTEN_COOLDOWN =
  'There 300 s between two actions unless told otherwise. Here none between scale-outs, because tasks that still start are counted, and 300 s between scale-ins.';

/** What one scaling policy comes to, before the sources of all of them have names. */
import type { Fields } from '../values.ts';

export interface Rule {
  /** What it is called where it comes from. */
  readonly called: string;
  readonly sources: readonly Fields[];
  /** @param of the name of each source with a dot behind it; empty where the policy is tied to its only source */
  readonly policy: (of: readonly string[]) => Fields;
  /** Seconds, where they are written. */
  readonly cooldownOut: number | undefined;
  readonly cooldownIn: number | undefined;
  /** How long a metric must have been low, in seconds. */
  readonly calm: number;
  readonly noScaleIn: boolean;
}
