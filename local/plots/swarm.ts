/** Dots of a row that would lie on each other, stacked. */

/** A lane from 0 on for each x: the lowest in which nobody before it is nearer than `apart`; where there is none, the last. */
export const swarm = (xs: readonly number[], apart: number, lanes: number): readonly number[] => {
  const taken: number[][] = Array.from({ length: Math.max(1, lanes) }, () => []);
  return xs.map((x) => {
    const free = taken.findIndex((others) => others.every((other) => Math.abs(other - x) >= apart));
    const lane = free >= 0 ? free : taken.length - 1;
    taken[lane]?.push(x);
    return lane;
  });
};
