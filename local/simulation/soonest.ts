/** Things by the time they end, the soonest first: a binary heap, since a story ends some 100,000 messages. */
export interface Ending {
  readonly endsAt: number;
}

export interface Soonest<T extends Ending> {
  readonly size: () => number;
  readonly add: (thing: T) => void;
  /** Takes out the one that ends soonest, if it has ended by `now`. */
  readonly takeEnded: (now: number) => T | undefined;
}

export const createSoonest = <T extends Ending>(): Soonest<T> => {
  const heap: T[] = [];
  const endsAt = (index: number): number => heap[index]?.endsAt ?? Number.POSITIVE_INFINITY;
  const swap = (one: number, other: number): void => {
    [heap[one], heap[other]] = [heap[other] as T, heap[one] as T];
  };
  return {
    size: () => heap.length,
    add: (thing) => {
      let index = heap.push(thing) - 1;
      for (
        let above = (index - 1) >> 1;
        index > 0 && endsAt(above) > endsAt(index);
        above = (index - 1) >> 1
      ) {
        swap(index, above);
        index = above;
      }
    },
    takeEnded: (now) => {
      if (endsAt(0) > now) return undefined;
      swap(0, heap.length - 1);
      const ended = heap.pop();
      for (let index = 0; ; ) {
        const left = 2 * index + 1;
        const sooner = endsAt(left + 1) < endsAt(left) ? left + 1 : left;
        if (endsAt(sooner) >= endsAt(index)) return ended;
        swap(index, sooner);
        index = sooner;
      }
    },
  };
};
