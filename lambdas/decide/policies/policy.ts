/** What a policy is: one view of the load and the present counts in, one recommended count and the sentence for it out. */
import type { Service } from '../../contract/config.ts';
import type { KnownCounts, KnownReading } from '../../contract/records.ts';

/** What a policy or a guard keeps for itself from tick to tick: a few finite numbers, in whatever order it likes. */
export type Kept = readonly number[];

/** The value of an expression with its sentence, `visible / 10 is 12.4 (visible 124)`, or why it has none. */
export type Measured =
  | { readonly known: true; readonly value: number; readonly said: string }
  | { readonly known: false; readonly why: string };

export interface Situation {
  /** What is looked at; for a policy over expressions only what `measure` can't say: notes, parallelism. */
  readonly reading: KnownReading;
  /** The desired count now. */
  readonly from: number;
  readonly counts: KnownCounts;
  readonly tasks: Service['tasks'];
  /** Epoch seconds of the tick. */
  readonly at: number;
  /** What this policy returned as `kept` the last time it looked at this source. Absent, old or odd: it must be safe. */
  readonly kept: Kept | undefined;
  readonly measure: (expression: string) => Measured;
  /** What the other policies came to, forecasts left out; undefined: nobody has an answer. */
  readonly others: number | undefined;
}

export type Recommendation = {
  readonly why: string;
  /** To be remembered; undefined: what is remembered stays. */
  readonly kept?: Kept;
} & (
  | {
      readonly known: true;
      /** The recommended count, not yet bounded. */
      readonly to: number;
      /**
       * For a rule that adds to the present count at every tick: how many it adds. Tasks that were asked for and have not
       * started yet are then not asked for again.
       */
      readonly adds?: number;
      /** Why the answer is only a floor: a part of what the rule needs could not be seen. */
      readonly unseen?: string;
    }
  /** The reading lacks what the rule needs. */
  | { readonly known: false }
);

/** `12 waiting + 3 in flight`, and the sum; `value 64` where the source is no queue. A queue without an in-flight counter says so. */
export const backlogOf = (
  reading: KnownReading,
  withInFlight: boolean,
): { readonly size: number; readonly said: string } | undefined => {
  const { visible, inFlight, value } = reading;
  if (visible === undefined)
    return value === undefined ? undefined : { size: Math.max(0, value), said: `value ${value}` };
  if (!withInFlight) return { size: visible, said: `${visible} waiting` };
  if (inFlight === undefined) return { size: visible, said: `${visible} waiting (in flight not reported)` };
  return { size: visible + inFlight, said: `${visible} waiting + ${inFlight} in flight` };
};

/** The answer of a rule over messages to a reading that has none. */
export const needsMessages = (type: string): Recommendation => ({
  known: false,
  why: `${type} needs a number of messages or a value, and this source reports neither`,
});
