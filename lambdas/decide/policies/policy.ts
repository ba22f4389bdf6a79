/** What a policy is: one reading and the present count in, one recommended count and the sentence for it out. */
import type { KnownReading } from '../../contract/records.ts';

export interface Situation {
  readonly reading: KnownReading;
  /** The desired count now. */
  readonly from: number;
}

export type Recommendation =
  | {
      readonly known: true;
      /** The recommended count, not yet bounded. */
      readonly to: number;
      readonly why: string;
      /**
       * For a rule that adds to the present count at every tick: how many it adds. Tasks that were asked for and have not
       * started yet are then not asked for again.
       */
      readonly adds?: number;
    }
  /** The reading lacks what the rule needs. */
  | { readonly known: false; readonly why: string };

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
