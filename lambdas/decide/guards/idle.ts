/**
 * Since when a service has had nothing to do and nobody to do it, so that its lane may sleep (`../asleep.ts`). It changes no count, and so it
 * comes last: whatever raises the count before it, a schedule or a policy, keeps the lane awake.
 *
 * The time begins anew with every doubt: something that could not be seen, in this tick or the last, a clock that went back, no memory. A
 * lane that sleeps looks once a minute, and those looks are part of it.
 *
 * Kept: [since, in epoch seconds].
 */
import { isEmpty } from './empty-for.ts';
import type { Guard } from './guard.ts';

export const idle: Guard = (to, { service, counts, readings, memory, kept, seconds, unknown }) => {
  if (service.idle === undefined) return kept === undefined ? undefined : { to, kept: [] };
  const tasks = to + counts.desired + counts.running + counts.pending;
  if (tasks > 0 || unknown !== undefined || !isEmpty(readings, to)) return { to, kept: [] };
  const now = Math.round(seconds);
  const since = memory.unknownSince === undefined ? kept?.[0] : undefined;
  return { to, kept: [Math.min(since ?? now, now)] };
};
