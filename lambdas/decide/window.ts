/**
 * The highest answer of a stretch of time, kept in a few numbers whatever its length.
 *
 * A monotonic queue: of the answers inside the window only those can ever be the highest that no later one reaches, so
 * they fall from old to new. When there are more than `most`, two neighbours become one, the higher at the later time: the
 * window then lets go of it too late, never too early. For the lowest, negate.
 *
 * Who has no memory, or an old one, does not know what was asked for inside the window; `unknown` then stands for it, as
 * the HPA takes the present count for its first recommendation. A restart so never scales in before a window has passed.
 *
 * Gotchas: times are whole seconds, since ticks lie on a grid of them but for some milliseconds; an answer that is exactly as
 * old as the window is long has left it, in the HPA and in Knative alike.
 */
import type { Kept } from './policies/policy.ts';

interface Entry {
  /** Epoch seconds. */
  readonly at: number;
  readonly value: number;
}

/** A loop that has not looked for so long has lost sight: its interval is a minute at most. */
const GAP_SECONDS = 90;

/**
 * Whether what was remembered at `last` is worth nothing at `now`, both in epoch seconds: too long ago, or by a clock that has
 * gone back since.
 */
export const isLost = (last: number, now: number): boolean => !(last <= now && now - last <= GAP_SECONDS);

/** Newest first, as ages but for the first, so that the numbers stay short: [time of the newest, value, age, value, …]. */
const toKept = (entries: readonly Entry[]): Kept => {
  const newest = entries.at(-1)?.at ?? 0;
  const kept: number[] = [];
  for (const { at, value } of entries.toReversed()) kept.push(kept.length === 0 ? at : newest - at, value);
  return kept;
};

/** Nothing, where the numbers are not such as {@link toKept} makes. */
const fromKept = (kept: Kept = []): readonly Entry[] => {
  const newest = kept[0] ?? 0;
  const entries: Entry[] = [];
  for (let index = 0; index < kept.length; index += 2) {
    const at = index === 0 ? newest : newest - (kept[index] ?? 0);
    const value = kept[index + 1] ?? Number.NaN;
    const next = entries.at(-1);
    if (Number.isNaN(value) || (next !== undefined && !(at <= next.at && value > next.value))) return [];
    entries.push({ at, value });
  }
  return entries.reverse();
};

/**
 * An answer that becomes one with the next is `at` the next one's time from then on. Of two neighbours the one before them still
 * marks where they begin, and of the pairs that have one before them (seven, with eight kept apart) the closest spans at most two
 * sevenths of the window: by so much it may let go too late.
 */
const withoutOne = (entries: readonly Entry[]): readonly Entry[] => {
  const span = (index: number): number => (entries[index + 1]?.at ?? 0) - (entries[index - 1]?.at ?? 0);
  let closest = 1;
  for (let index = 2; index < entries.length - 1; index += 1)
    if (span(index) < span(closest)) closest = index;
  return entries.flatMap((entry, index) => {
    if (index === closest) return [];
    return index === closest + 1
      ? [{ at: entry.at, value: entries[closest]?.value ?? entry.value }]
      : [entry];
  });
};

export interface Highest {
  readonly highest: number;
  /** How long ago, in seconds, it was given. */
  readonly age: number;
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
  /** The most answers that are kept apart, 3 or more. */
  readonly most?: number;
}

/** The highest of `value` and of the values given less than `seconds` before it. */
export const highestOf = ({ kept, at, seconds, value, unknown, most = 8 }: WindowOptions): Highest => {
  const now = Math.round(at);
  const before = fromKept(kept);
  const last = before.at(-1)?.at;
  const remembered = last === undefined || isLost(last, now) ? [{ at: now, value: unknown }] : before;
  const inside = remembered.filter((entry) => now - entry.at < seconds && entry.value > value);
  const entries = [...inside, { at: now, value }];
  const [top = { at: now, value }, ...rest] = entries.length > most ? withoutOne(entries) : entries;
  return { highest: top.value, age: now - top.at, kept: toKept([top, ...rest]) };
};
