/**
 * The backlog of one application in one stream, from looks at its shards. A shard is looked at once in `lookEvery`; between
 * two looks, and where its limits are used up by others, the last one counts while it is fresh. A shard of which nothing fresh
 * is known is left out, and the sum is then a floor.
 */
import type { Look, LookAt } from './look.ts';
import { type Options, streamOf, tableOf } from './options.ts';
import type { Position } from './positions.ts';
import { isThrottled } from './trouble.ts';

export interface Backlog {
  readonly looks: readonly Look[];
  /** Shards that could not be read. */
  readonly missing: readonly string[];
}

export type GatherBacklog = (
  given: Options,
  positions: readonly Position[],
  at: number,
  signal: AbortSignal,
) => Promise<Backlog>;

interface Remembered {
  /** The last look, or the last try where the shard was throttled. */
  readonly triedAt: number;
  readonly thrown?: unknown;
  readonly seen?: { readonly at: number; readonly look: Look };
}

/** Ticks are not quite even, and a look that comes a moment early must not wait for the next one. */
const EARLY_MS = 500;

/** So many looks may be missed before the last one is too old. */
const FRESH_LOOKS = 3;

/** Less than the sockets that a client has. */
const AT_ONCE = 40;

/** Does `work` for every item, so many at a time. */
const each = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
};

const within = (earlier: number, now: number, span: number): boolean =>
  now >= earlier && now - earlier < span;

export const backlogWith = (lookAt: LookAt): GatherBacklog => {
  const memory = new Map<string, Remembered>();
  return async (given, positions, at, signal) => {
    const every = given.lookEvery * 1000;
    const place = [given.streamArn ?? streamOf(given), tableOf(given)?.name];
    const keyOf = ({ shardId }: Position): string => JSON.stringify([...place, shardId]);
    const due = positions.filter(
      (position) =>
        !within(memory.get(keyOf(position))?.triedAt ?? Number.POSITIVE_INFINITY, at, every - EARLY_MS),
    );
    const failures: unknown[] = [];
    let successes = 0;
    await each(due, async (position) => {
      const before = memory.get(keyOf(position));
      const bounds = { recordBytes: before?.seen?.look.recordBytes, shards: due.length };
      try {
        const look = await lookAt(given, position, bounds, signal);
        memory.set(keyOf(position), { triedAt: at, seen: { at, look } });
        successes += 1;
      } catch (thrown) {
        failures.push(thrown);
        // What failed for another reason may be tried again at once: it took nothing from the consumers.
        if (isThrottled(thrown)) memory.set(keyOf(position), { ...before, triedAt: at, thrown });
      }
    });
    const severe = failures.find((thrown) => !isThrottled(thrown));
    if (severe !== undefined && successes === 0) throw severe;

    const found = positions.map((position) => ({ position, seen: memory.get(keyOf(position))?.seen }));
    const fresh = found.filter(({ seen }) => seen !== undefined && within(seen.at, at, every * FRESH_LOOKS));
    const missing = found.filter((one) => !fresh.includes(one)).map(({ position }) => position.shardId);
    const [first] = positions;
    if (first !== undefined && missing.length === positions.length)
      throw failures[0] ?? memory.get(keyOf(first))?.thrown;
    return { looks: fresh.flatMap(({ seen }) => seen?.look ?? []), missing };
  };
};
