/**
 * Tasks that were asked for and have not started yet count as there. A rule that adds n tasks for a backlog has had its
 * way once n tasks more than run now are asked for; without this it would add n again at every tick of the start-up.
 *
 * allowed = max(desired, running + n). Rules that compute a whole count need no such help.
 */
import type { Guard } from './guard.ts';

export const starting: Guard = (proposed, { adds, counts: { desired, running } }) => {
  const notStarted = desired - running;
  if (adds === undefined || proposed <= desired || notStarted <= 0) return undefined;
  const allowed = Math.max(desired, running + adds);
  if (proposed <= allowed) return undefined;
  return { to: allowed, why: `${running} running + ${notStarted} starting count as there` };
};
