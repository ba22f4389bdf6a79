/**
 * What an operator has paused by command, as the lane's object has it: the lane as a whole (`paused`), one service, or `*` for every service.
 * Each may end by itself (`until`).
 *
 * Gotcha: a service under two pauses has both. Where neither covers the other they are made one that lasts as long as the longer, for the
 * memory has room for one; it is made anew at every acquisition, so that is a minute too long at most.
 */
import type { Pausable } from '../contract/records.ts';
import type { Lease, Paused } from './lease-object.ts';

const lasts = (until: string | undefined, now: Date): boolean =>
  until === undefined || now.getTime() < Date.parse(until);

/** Whether the lane as a whole is paused. */
export const isLanePaused = (
  { paused, pausedUntil }: Pick<Lease, 'paused' | 'pausedUntil'>,
  now: Date,
): boolean => paused && lasts(pausedUntil, now);

/** Those that have not ended. */
export const lastingPauses = (pauses: Lease['pauses'], now: Date): Lease['pauses'] =>
  Object.fromEntries(Object.entries(pauses).filter(([, { until }]) => lasts(until, now)));

const both = (one: Pausable, other: Pausable): Pausable => (one === other ? one : 'all');

/** Never later than the other. */
const isNoLonger = (one: Paused, other: Paused): boolean =>
  other.until === undefined || (one.until !== undefined && Date.parse(one.until) <= Date.parse(other.until));

/** Two pauses of one service as one. */
export const together = (one: Paused | undefined, other: Paused | undefined): Paused | undefined => {
  if (one === undefined || other === undefined) return one ?? other;
  const longer = isNoLonger(one, other) ? other : one;
  return { ...longer, what: both(one.what, other.what) };
};

/** What is paused of one service. @param key `cluster/service` */
export const pauseOf = (pauses: Lease['pauses'], key: string, now: Date): Paused | undefined => {
  const lasting = lastingPauses(pauses, now);
  return together(lasting[key], lasting['*']);
};
