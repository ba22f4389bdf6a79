/**
 * Stabilization windows of the HPA v2: scale out to the lowest count asked for inside the out window, scale in to the
 * highest inside the in window, the present one included in both.
 *
 * Source: HPA v2, see `shared/facts/scaling-rules.md`. Both windows keep a handful of numbers (`../window.ts`): where more
 * than those matter, the window lets go a little later.
 */
import { highestOf } from '../window.ts';
import type { Guard } from './guard.ts';

/** Out and in are kept in one list: how many numbers the first takes, then both. */
const split = (kept: readonly number[] | undefined) => {
  if (kept === undefined) return {};
  const size = kept[0] ?? 0;
  return { out: kept.slice(1, 1 + size), in: kept.slice(1 + size) };
};

export const stabilization: Guard = (proposed, { service, counts: { desired }, seconds: at, kept }) => {
  const windows = service.stabilization;
  if (windows === undefined) return undefined;
  const before = split(kept);
  const lowest = highestOf({
    ...{ kept: before.out, at, seconds: windows.out, value: -proposed, unknown: -desired },
  });
  const highest = highestOf({
    ...{ kept: before.in, at, seconds: windows.in, value: proposed, unknown: desired },
  });
  const keeps = [lowest.kept.length, ...lowest.kept, ...highest.kept];
  const outTo = windows.out > 0 ? -lowest.highest : proposed;
  const inTo = windows.in > 0 ? highest.highest : proposed;
  const to = Math.max(outTo, Math.min(desired, inTo));
  if (to === proposed) return { to, kept: keeps };
  const [which, window] =
    proposed > desired ? (['lowest', windows.out] as const) : (['highest', windows.in] as const);
  return { to, why: `the ${which} count asked for in ${window} s`, kept: keeps };
};
