/**
 * Tasks that were asked for and have not started yet count as there. A rule that adds n tasks for a backlog has had its
 * way once n tasks more than run now are asked for; without this it would add n again at every tick of the start-up.
 *
 * allowed = max(desired, desired − not started + n). Rules that compute a whole count need no such help. While a deployment
 * runs, *running* counts the old tasks too and would hide the new ones, so those that are pending count as not started.
 */
import type { KnownCounts } from '../../contract/records.ts';
import type { Guard } from './guard.ts';

export const notStarted = ({ desired, running, pending, deploying }: KnownCounts): number =>
  Math.max(0, Math.min(desired, Math.max(desired - running, deploying ? pending : 0)));

/** The most that a rule gets which adds so many. */
export const allowedWith = (adds: number, counts: KnownCounts): number =>
  Math.max(counts.desired, counts.desired - notStarted(counts) + adds);

export const starting: Guard = (proposed, { adds, counts }) => {
  const { desired } = counts;
  const missing = notStarted(counts);
  if (adds === undefined || proposed <= desired || missing === 0) return undefined;
  const allowed = allowedWith(adds, counts);
  if (proposed <= allowed) return undefined;
  return { to: allowed, why: `${desired - missing} running + ${missing} starting count as there` };
};
