/**
 * Whole numbers with a key each, the smallest key first: a binary heap in typed arrays, since a day of messages passes through it
 * (`soonest.ts` does the same for things of any shape, an object and five times the work for each).
 */
export interface Heap {
  readonly size: () => number;
  /** The smallest key; Infinity: the heap is empty. */
  readonly key: () => number;
  /** Who has it. */
  readonly first: () => number;
  readonly add: (key: number, id: number) => void;
  readonly drop: () => void;
  /** Puts another in the place of the first: one way through the heap in place of two. */
  readonly replace: (key: number, id: number) => void;
}

export const createHeap = (): Heap => {
  let capacity = 64;
  let keys = new Float64Array(capacity).fill(Number.POSITIVE_INFINITY);
  let ids = new Int32Array(capacity);
  let size = 0;

  const grow = (): void => {
    const [oldKeys, oldIds] = [keys, ids];
    capacity *= 2;
    keys = new Float64Array(capacity).fill(Number.POSITIVE_INFINITY);
    ids = new Int32Array(capacity);
    keys.set(oldKeys);
    ids.set(oldIds);
  };
  const put = (index: number, key: number, id: number): void => {
    keys[index] = key;
    ids[index] = id;
  };
  const keyAt = (index: number): number => keys[index] as number;
  const move = (from: number, to: number): void => put(to, keyAt(from), ids[from] as number);

  const sink = (key: number, id: number): void => {
    let index = 0;
    for (let below = 1; below < size; below = 2 * index + 1) {
      if (below + 1 < size && keyAt(below + 1) < keyAt(below)) below += 1;
      if (keyAt(below) >= key) break;
      move(below, index);
      index = below;
    }
    put(index, key, id);
  };

  return {
    size: () => size,
    key: () => keyAt(0),
    first: () => ids[0] as number,
    add: (key, id) => {
      if (size === capacity) grow();
      let index = size;
      size += 1;
      for (let above = (index - 1) >> 1; index > 0 && keyAt(above) > key; above = (index - 1) >> 1) {
        move(above, index);
        index = above;
      }
      put(index, key, id);
    },
    drop: () => {
      size -= 1;
      const key = keyAt(size);
      const id = ids[size] as number;
      put(size, Number.POSITIVE_INFINITY, 0);
      if (size > 0) sink(key, id);
    },
    replace: sink,
  };
};
