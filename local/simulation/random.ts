/** Chance that can be repeated: the same seed and the same stream give the same numbers on every machine. */

/** A number in (0, 1). */
export type Random = () => number;

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, which is plenty for the some 10^6 draws of a day. */
export const randomFrom = (seed: number): Random => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
};

/**
 * A stream of its own for each thing that chance decides, so that one of them may draw more often without moving the others. Text
 * and seed become the state by FNV-1a (Fowler, Noll, Vo), which sets neighbouring seeds far apart.
 */
export const randomOf = (stream: string, seed: number): Random => {
  let hash = 0x811c9dc5;
  for (const character of `${stream}#${seed}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return randomFrom(hash);
};

/** By Box and Muller. `sigma` is that of the logarithm; the mean is `mean`, not the median. */
export const lognormal = (random: Random, mean: number, sigma: number): number => {
  const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  return mean * Math.exp(sigma * normal - (sigma * sigma) / 2);
};

/** σ of the logarithm that gives a lognormal this coefficient of variation. */
export const sigmaOf = (variation: number): number => Math.sqrt(Math.log(1 + variation * variation));

/** A whole number with this mean; counts the events of one unit of time, so it takes as long as the mean is large. */
export const poisson = (random: Random, mean: number): number => {
  let count = 0;
  let passed = -Math.log(random());
  while (passed < mean) {
    count += 1;
    passed -= Math.log(random());
  }
  return count;
};
