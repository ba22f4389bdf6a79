/** Tasks that wait for a message, the one that has waited longest first, as long polls are answered: a ring in a typed array. */
export interface FreeTasks {
  readonly add: (task: number) => void;
  /** Takes out the first. Undefined behaviour, namely 0, where there is none. */
  readonly take: () => number;
}

export const createFreeTasks = (): FreeTasks => {
  let ring = new Int32Array(64);
  let first = 0;
  let size = 0;
  return {
    add: (task) => {
      if (size === ring.length) {
        const wider = new Int32Array(2 * size);
        wider.set(ring.subarray(first));
        wider.set(ring.subarray(0, first), size - first);
        ring = wider;
        first = 0;
      }
      ring[(first + size) & (ring.length - 1)] = task;
      size += 1;
    },
    take: () => {
      const task = ring[first] as number;
      first = (first + 1) & (ring.length - 1);
      size -= 1;
      return task;
    },
  };
};
