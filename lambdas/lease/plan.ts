/** How long an execution may act, and how long its lease lasts. All of it ends before Express ends it (`test/statemachine/definition.test.ts`). */
import type { Config } from '../contract/config.ts';
import { firstTick } from '../contract/ticks.ts';

/**
 * When an execution that cannot hand over gives up, after its start: what is left of Express's 300 s is enough for a last tick in which every
 * room takes all its time.
 */
const STAY_SECONDS = 160;

/** How long after its last tick may have begun an execution still owns its lane: the time of one slow tick. */
export const GRACE_SECONDS = 15;

const plus = (instant: string, seconds: number): string =>
  new Date(Date.parse(instant) + seconds * 1000).toISOString();

export interface Plan {
  /** ISO 8601, as all of these: the first tick. */
  readonly next: string;
  /** No planned tick begins later. */
  readonly until: string;
  /** Nor any other, where nobody can be started to go on. */
  readonly deadline: string;
  readonly ticks: number;
  /** When others may take the lane. */
  readonly expiresAt: string;
}

/** @param at when the execution asks @param started when it began @param next when its predecessor would have had the next tick */
export const planOf = (
  { interval, executionLength }: Pick<Config['loop'], 'interval' | 'executionLength'>,
  {
    at,
    started = at,
    next,
  }: { readonly at: string; readonly started?: string | undefined; readonly next?: string | undefined },
): Plan => {
  const first = firstTick(at, next, interval);
  const until = plus(first, executionLength);
  return {
    next: first,
    until,
    deadline: plus(started, STAY_SECONDS),
    ticks: Math.max(1, Math.floor(executionLength / interval)),
    expiresAt: plus(until, interval + GRACE_SECONDS),
  };
};
