/**
 * Stabilization windows of the HPA v2: scale out to the lowest count asked for inside the out window, scale in to the
 * highest inside the in window, the present one included in both.
 *
 * Source: HPA v2, see `shared/facts/scaling-rules.md`. Both windows keep a handful of numbers (`../window.ts`): where more
 * than those matter, the window lets go a little later. Without memory the present count stands for what was asked for, so
 * that a restart neither scales in nor out before the window of that direction has passed.
 */
import type { Kept } from '../policies/policy.ts';
import { type Highest, highestOf } from '../window.ts';
import type { Guard } from './guard.ts';

const NO_WINDOW: Highest = { highest: Number.NEGATIVE_INFINITY, age: 0, kept: [] };

/** Both windows in one list: how many numbers the first takes, then the first, then the second. */
const split = (kept: Kept = []) => {
  const [size = 0] = kept;
  return { out: kept.slice(1, 1 + size), in: kept.slice(1 + size) };
};

export const stabilization: Guard = (proposed, { service, counts: { desired }, seconds: at, kept }) => {
  const { stabilization: windows, tasks } = service;
  if (windows === undefined) return kept === undefined ? undefined : { to: proposed, kept: [] };
  const before = split(kept);
  // Beyond the bounds it makes no difference, and the numbers stay short.
  const value = Math.min(proposed, Math.max(tasks.max, desired));
  const over = (seconds: number, window: Kept, count: number, present: number) =>
    seconds > 0 ? highestOf({ kept: window, at, seconds, value: count, unknown: present }) : NO_WINDOW;
  const lowest = over(windows.out, before.out, -value, -desired);
  const highest = over(windows.in, before.in, value, desired);
  const keeps = [lowest.kept.length, ...lowest.kept, ...highest.kept];

  const least = Math.ceil(0 - lowest.highest);
  if (proposed > desired && least < value)
    return { to: Math.max(desired, least), why: said('lowest', least, lowest.age, windows.out), kept: keeps };
  const most = Math.ceil(highest.highest);
  if (proposed < desired && most > value)
    return { to: Math.min(desired, most), why: said('highest', most, highest.age, windows.in), kept: keeps };
  return { to: proposed, kept: keeps };
};

const said = (which: string, count: number, age: number, seconds: number): string =>
  `${count}, ${age} s ago, was the ${which} of ${seconds} s`;
