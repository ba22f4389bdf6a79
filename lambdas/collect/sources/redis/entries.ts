/** Entries of a stream: their ids, and how many come after one of them. */
import type { Link } from './link.ts';

/** `1763812800000-0`: milliseconds and a sequence number, each up to 2^64, which a JavaScript number cannot hold. */
export type EntryId = string;

type Entry = readonly [id: EntryId, fields: readonly string[] | null];

const LARGEST = 2n ** 64n - 1n;

const partsOf = (id: EntryId): readonly [milliseconds: bigint, sequence: bigint] => {
  const [milliseconds = '0', sequence = '0'] = id.split('-');
  return [BigInt(milliseconds), BigInt(sequence)];
};

export const isBefore = (one: EntryId, other: EntryId): boolean => {
  const [[time, sequence], [otherTime, otherSequence]] = [partsOf(one), partsOf(other)];
  return time < otherTime || (time === otherTime && sequence < otherSequence);
};

/** The least id after this one, if there is any; `(id` would say it in XRANGE too, but since Redis 6.2 only. */
const nextOf = (id: EntryId): EntryId | undefined => {
  const [time, sequence] = partsOf(id);
  if (sequence < LARGEST) return `${time}-${sequence + 1n}`;
  return time < LARGEST ? `${time + 1n}-0` : undefined;
};

export const entriesAfter = async (
  link: Link,
  key: string,
  id: EntryId,
  most: number,
): Promise<readonly Entry[]> => {
  const next = nextOf(id);
  return next === undefined
    ? []
    : ((await link.send('XRANGE', key, next, '+', 'COUNT', String(most))) as Entry[]);
};

const YEAR_MS = 365 * 86_400_000;

/** How old an entry is. `undefined`: its id was made by hand and is no time of day. @param at milliseconds since 1970 */
export const ageSeconds = (id: EntryId, at: number): number | undefined => {
  const age = at - Number(partsOf(id)[0]);
  return Math.abs(age) > YEAR_MS ? undefined : Math.max(0, age) / 1000;
};

/** XRANGE brings the entries themselves, so a count is paid by their size: where either bound is passed it stops. */
const MOST_ENTRIES = 10_000;
const MOST_CHARACTERS = 8_000_000;

/** The first page tells how large an entry is, and so how many may come in one piece. */
const FIRST_PAGE = 10;
const LARGEST_PAGE = 1000;
const PAGE_CHARACTERS = 1_000_000;

const sizeOf = ([id, fields]: Entry): number =>
  (fields ?? []).reduce((sum, each) => sum + each.length, id.length);

interface Counted {
  readonly count: number;
  /** There are more, or there may be. */
  readonly stopped: boolean;
  readonly oldest: EntryId | undefined;
}

export const countAfter = async (link: Link, key: string, id: EntryId): Promise<Counted> => {
  let [count, characters, last, page] = [0, 0, id, FIRST_PAGE];
  let oldest: EntryId | undefined;
  for (;;) {
    const entries = await entriesAfter(link, key, last, page);
    oldest ??= entries[0]?.[0];
    count += entries.length;
    characters += entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
    last = entries.at(-1)?.[0] ?? last;
    if (entries.length < page) return { count, stopped: false, oldest };
    if (count >= MOST_ENTRIES || characters >= MOST_CHARACTERS) return { count, stopped: true, oldest };
    const fitting = Math.floor((PAGE_CHARACTERS * count) / characters);
    page = Math.max(1, Math.min(LARGEST_PAGE, MOST_ENTRIES - count, fitting));
  }
};
