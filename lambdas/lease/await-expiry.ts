/**
 * A start that is refused by a lease which should have been handed over by now does not leave the lane to the schedule's next look, a minute later:
 * it waits for the end of that lease, once, and asks again. So a lane whose execution has died goes on within 120 s.
 *
 * Gotcha: a Wait ends by the state machine's clock, in whole seconds, and the lease by S3's. Between `at` and S3's answer the function was
 * started, which takes up to a few seconds; whoever asks too early has waited for nothing.
 */
import type { Refused } from './claim.ts';
import type { LeaseEvent } from './event.ts';
import { GRACE_SECONDS } from './plan.ts';

/** What a start of a function takes at most, and what the attempts before this one took. */
const START_MS = 5000;
const ATTEMPTS_MS = 40_000;

/**
 * A lease that ends so soon should have been renewed: an interval, the time of one slow tick, and most of the interval after the last tick, in which
 * a holder has handed over already. At 5 s that is 24 s; a second more would meet living holders, and with 20 s a lane whose holder died just
 * after it had taken the lease was back after 125 s.
 */
const overdueMs = (intervalSeconds: number): number =>
  (intervalSeconds + GRACE_SECONDS + Math.min(intervalSeconds, 5) - 1) * 1000;

const wholeSecond = (ms: number): string => new Date(Math.ceil(ms / 1000) * 1000).toISOString();

/** @returns ISO 8601, by the state machine's clock; null: there is nothing to wait for */
export const awaitExpiry = (
  { act, term, waited, at, retry }: Pick<LeaseEvent, 'act' | 'term' | 'waited' | 'at' | 'retry'>,
  { freeInMs, now }: Pick<Refused, 'freeInMs' | 'now'>,
  intervalSeconds: number,
): string | null => {
  if (act !== 'acquire' || term !== undefined || waited || freeInMs === undefined || now === undefined)
    return null;
  if (freeInMs > overdueMs(intervalSeconds)) return null;
  const asked = Date.parse(at);
  const since = Math.min(Math.max(0, now.getTime() - asked), retry > 0 ? ATTEMPTS_MS : START_MS);
  // S3's Date has whole seconds, so it may be one behind.
  return wholeSecond(asked + since + freeInMs + 1000);
};
