/**
 * Stabilization windows of the HPA v2: scale out to the lowest count asked for inside the out window, scale in to the
 * highest inside the in window, the present one included in both.
 *
 * Source: HPA v2, see `shared/facts/scaling-rules.md`. Both windows keep a handful of numbers (`../window.ts`): where more
 * than those matter, the window lets go a little later. Without memory the present count stands for what was asked for, so
 * that a restart neither scales in nor out before the window of that direction has passed.
 */
import { highestOf } from '../window.ts';
import type { Guard } from './guard.ts';

/** Both windows in one list: how many numbers the first takes, then the first, then the second. */
const split = (kept: readonly number[] = []) => {
  const [size = 0] = kept;
  return { out: kept.slice(1, 1 + size), in: kept.slice(1 + size) };
};

export const stabilization: Guard = (proposed, { service, counts: { desired }, seconds: at, kept }) => {
  const { stabilization: windows, tasks } = service;
  if (windows === undefined) return kept === undefined ? undefined : { to: proposed, kept: [] };
  const before = split(kept);
  // Beyond the bounds it makes no difference, and the numbers stay short.
  const value = Math.min(proposed, Math.max(tasks.max, desired));
  const lowest = highestOf({ kept: before.out, at, seconds: windows.out, value: -value, unknown: -desired });
  const highest = highestOf({ kept: before.in, at, seconds: windows.in, value, unknown: desired });
  const out = windows.out > 0 ? lowest.kept : [];
  const keeps = [out.length, ...out, ...(windows.in > 0 ? highest.kept : [])];
  const answer = (to: number, why?: string) => ({ to, kept: keeps, ...(why === undefined ? {} : { why }) });

  const asked = Math.ceil(0 - lowest.highest);
  if (proposed > desired && asked < value)
    return answer(Math.max(desired, asked), said('lowest', asked, lowest.age, windows.out));
  const top = Math.ceil(highest.highest);
  if (proposed < desired && top > value)
    return answer(Math.min(desired, top), said('highest', top, highest.age, windows.in));
  return answer(proposed);
};

const said = (which: string, count: number, age: number, seconds: number): string =>
  `${count}, ${age} s ago, was the ${which} of ${seconds} s`;
