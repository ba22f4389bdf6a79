/** How long the nth launch of a world takes: a number that depends on the seed and on n alone. */

/** The nth number in (0, 1) of a 32-bit generator (mulberry32), which only counts from its seed: any of them can be had at once. */
const random = (seed: number, nth: number): number => {
  const state = (seed + Math.imul(nth + 1, 0x6d2b79f5)) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
  return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
};

/** Median time of a start-up in milliseconds, and the spread around it: σ of its logarithm. */
interface StartUps {
  readonly seed: number;
  readonly startUpMs: number;
  readonly startUpSigma: number;
}

/** Lognormal around the median, by Box and Muller. */
export const startUpOf = ({ seed, startUpMs, startUpSigma }: StartUps, nth: number): number => {
  const distance = Math.sqrt(-2 * Math.log(random(seed, 2 * nth)));
  const normal = distance * Math.cos(2 * Math.PI * random(seed, 2 * nth + 1));
  return startUpMs * Math.exp(startUpSigma * normal);
};
