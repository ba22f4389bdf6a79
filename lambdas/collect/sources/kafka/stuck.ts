/**
 * Which partitions stand still: a group whose consumer fails on one message for ever (a poison message) never commits past it.
 * Kept with the connection and so forgotten with it; a partition that stands still is then watched from the start again.
 */

export interface StuckAfter {
  readonly readings: number;
  readonly seconds: number;
}

export interface Standing {
  readonly partition: number;
  /** Where the group stands. */
  readonly position: bigint;
}

export interface Still {
  readonly readings: number;
  readonly seconds: number;
}

interface Watched {
  readonly position: bigint;
  readonly sinceMs: number;
  readonly readings: number;
}

/** @returns by partition, those that have not moved for so many readings and so many seconds */
export const stuckMemory = () => {
  const watched = new Map<string, { readonly atMs: number; readonly partitions: Map<number, Watched> }>();

  /**
   * @param name of the topic and the group
   * @param at ISO 8601: of the tick; several readings of one tick count as one
   * @param lagging every partition with a lag: one without has nothing to be stuck on
   */
  return (
    name: string,
    at: string,
    lagging: readonly Standing[],
    after: StuckAfter,
  ): ReadonlyMap<number, Still> => {
    const atMs = Date.parse(at);
    const before = watched.get(name);
    const again = before?.atMs === atMs;
    const partitions = new Map(
      lagging.map(({ partition, position }) => {
        const last = before?.partitions.get(partition);
        if (last === undefined || last.position !== position)
          return [partition, { position, sinceMs: atMs, readings: 1 }];
        return [partition, again ? last : { ...last, readings: last.readings + 1 }];
      }),
    );
    watched.set(name, { atMs, partitions });

    const still = [...partitions].map(
      ([partition, { readings, sinceMs }]) =>
        [partition, { readings, seconds: (atMs - sinceMs) / 1000 }] as const,
    );
    return new Map(
      still.filter(([, { readings, seconds }]) => readings >= after.readings && seconds >= after.seconds),
    );
  };
};
