/** What the methods of forecasting have in common. */
import type { PolicyOf } from '../../../contract/policies.ts';
import type { Kept } from '../policy.ts';

/** What a method is told at one tick. */
export interface Told {
  readonly policy: PolicyOf<'forecast'>;
  /** Epoch seconds, whole ones. */
  readonly at: number;
  readonly kept: Kept | undefined;
  /** The tasks that are needed now; undefined: nobody could see. */
  readonly need: number | undefined;
}

export interface Floor {
  /** 0: no floor. */
  readonly to: number;
  readonly why: string;
  /** undefined: nothing was learned. */
  readonly kept: Kept | undefined;
}

export const noFloor = (why: string, kept?: Kept): Floor => ({ to: 0, why, kept });

/** A loop that has not looked for so long has lost sight: its interval is a minute at most. */
export const GAP_SECONDS = 90;

/** More than ECS runs, in four digits. */
export const MOST_TASKS = 9_999;

/** What comes from the memory may be anything: from 0 to `most`. */
export const bounded = (value: number, most: number): number => Math.max(0, Math.min(most, value));

/** For the memory: so many digits at most, six of them behind the point. */
export const digits = (value: number, most: number): number =>
  Number((Math.round(value * 1e6) / 1e6).toPrecision(most));
