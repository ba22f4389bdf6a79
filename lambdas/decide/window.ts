/**
 * The highest answer of a stretch of time, kept in a few numbers whatever its length.
 *
 * A monotonic queue: of the answers inside the window only those can ever be the highest that no later one reaches, so
 * they fall from old to new. When there are more than `most`, the two neighbours that differ least become one, the higher
 * at the later time: the window then forgets it too late, never too early. For the lowest, negate.
 *
 * Who has no memory, or an old one, does not know what was asked for inside the window; `unknown` then stands for it, as
 * the HPA takes the present count for its first recommendation. A restart so never scales in before a window has passed.
 */
import type { Kept } from './policies/policy.ts';

interface Entry {
  /** Epoch seconds. */
  readonly at: number;
  readonly value: number;
}

/** A loop that has not looked for so long has lost sight: its interval is a minute at most. */
const GAP_SECONDS = 90;

/** Newest first as differences, so that the numbers stay short: [time of the newest, value, seconds before it, value, …]. */
const toKept = (entries: readonly Entry[]): Kept => {
  const newest = entries.at(-1)?.at ?? 0;
  return entries.toReversed().flatMap(({ at, value }, index) => [index === 0 ? at : newest - at, value]);
};

const fromKept = (kept: Kept | undefined): readonly Entry[] => {
  if (kept === undefined || kept.length % 2 === 1) return [];
  const newest = kept[0] ?? 0;
  const entries: Entry[] = [];
  for (let index = 0; index < kept.length; index += 2) {
    const at = index === 0 ? newest : newest - (kept[index] ?? 0);
    entries.unshift({ at, value: kept[index + 1] ?? 0 });
  }
  return entries;
};

const withoutOne = (entries: readonly Entry[]): readonly Entry[] => {
  const cost = (index: number): number => {
    const [one, other] = [entries[index], entries[index + 1]];
    return one && other ? (one.value - other.value) * (other.at - one.at) : Number.POSITIVE_INFINITY;
  };
  let cheapest = 0;
  for (let index = 1; index < entries.length - 1; index += 1)
    if (cost(index) < cost(cheapest)) cheapest = index;
  return entries.flatMap((entry, index) => {
    if (index === cheapest) return [];
    return index === cheapest + 1
      ? [{ at: entry.at, value: entries[cheapest]?.value ?? entry.value }]
      : [entry];
  });
};

export interface Highest {
  readonly highest: number;
  readonly kept: Kept;
}

interface WindowOptions {
  readonly kept: Kept | undefined;
  /** Epoch seconds. */
  readonly at: number;
  readonly seconds: number;
  readonly value: number;
  /** What stands for the time that is not remembered. */
  readonly unknown: number;
  /** The most answers that are kept apart. */
  readonly most?: number;
}

/** The highest of `value` and of the values given inside the window before it, its far end included. */
export const highestOf = ({ kept, at, seconds, value, unknown, most = 8 }: WindowOptions): Highest => {
  const before = fromKept(kept);
  const last = before.at(-1)?.at;
  // A clock that went back makes what is remembered useless as well.
  const lost = last === undefined || at - last > GAP_SECONDS || last > at;
  const remembered = lost ? [{ at, value: unknown }] : before;
  const inside = remembered.filter((entry) => at - entry.at <= seconds && entry.value > value);
  const entries = [...inside, { at, value }];
  const bounded = entries.length > most ? withoutOne(entries) : entries;
  return { highest: bounded[0]?.value ?? value, kept: toKept(bounded) };
};
