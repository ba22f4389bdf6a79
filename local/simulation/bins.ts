/** From counts per bin to messages: who stays, and when in its bin each one arrives. */
import type { Random } from './random.ts';

const { floor, log } = Math;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * Each of the counted messages comes so many times: with `copies` below 1 it stays with that chance, above 1 the whole part of it comes
 * for certain. Costs a draw for each that stays rather than for each that was counted: the gaps between those that stay are
 * geometric, which makes a day of 75,000,000 requests as quick as the 860,000 that are left of it.
 */
export const thin = (counts: ArrayLike<number>, copies: number, random: Random): Uint32Array => {
  const whole = floor(copies);
  const chance = copies - whole;
  const kept = new Uint32Array(counts.length);
  const perLog = 1 / Math.log1p(-chance);
  const gap = (): number => (chance === 0 ? NEVER : floor(log(random()) * perLog));
  let skip = gap();
  for (let bin = 0; bin < counts.length; bin += 1) {
    const count = counts[bin] ?? 0;
    let stay = whole * count;
    for (; skip < count; skip += 1 + gap()) stay += 1;
    skip -= count;
    kept[bin] = stay;
  }
  return kept;
};

/** Uniform inside each bin of `width` seconds, ascending: what was faster than a bin is not known, and is chance here. */
export const spread = (counts: ArrayLike<number>, width: number, random: Random): Float64Array => {
  let total = 0;
  for (let bin = 0; bin < counts.length; bin += 1) total += counts[bin] ?? 0;
  const arrivals = new Float64Array(total);
  let from = 0;
  for (let bin = 0; bin < counts.length; bin += 1) {
    const until = from + (counts[bin] ?? 0);
    for (let nth = from; nth < until; nth += 1) arrivals[nth] = (bin + random()) * width;
    if (until - from > 1) arrivals.subarray(from, until).sort();
    from = until;
  }
  return arrivals;
};
