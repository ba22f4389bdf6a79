/** What a service remembers after a decision, never more than {@link MOST_CHARACTERS}. */
import type { Decision, ServiceMemory } from '../contract/records.ts';
import type { Kept } from './policies/policy.ts';

/** A lane of 100 services travels in 256 KiB. */
export const MOST_CHARACTERS = 1024;

const isUsable = (kept: Kept): boolean => kept.length > 0 && kept.every(Number.isFinite);

/** A number in JSON with its comma, at most. */
const width = (value: number): number => {
  if (!Number.isInteger(value) || value < 0 || value >= 1e12) return 25;
  return value < 1000 ? 4 : value < 1e7 ? 8 : 13;
};

/** Names, brackets and counts of everything but `totals`, `kept` and the times. */
const FRAME = 230;

/** Whether it is short for certain: nearly always so, and told in a tenth of the time that writing it would take. */
const isSurelyShort = ({
  totals,
  kept = {},
  lastOut,
  lastIn,
  unknownSince,
  paused,
  revivedAt,
}: ServiceMemory): boolean => {
  if (totals !== undefined) return false;
  let characters = FRAME;
  for (const at of [lastOut?.at, lastIn?.at, unknownSince, paused?.until, revivedAt])
    characters += at?.length ?? 0;
  for (const key in kept) {
    characters += key.length + 6;
    for (const value of kept[key] ?? []) characters += width(value);
  }
  return characters <= MOST_CHARACTERS;
};

export interface Remembered {
  readonly memory: ServiceMemory;
  /** Of whom nothing is remembered, because there was no room. */
  readonly forgotten: readonly string[];
}

const isShort = (memory: ServiceMemory): boolean =>
  isSurelyShort(memory) || JSON.stringify(memory).length <= MOST_CHARACTERS;

/**
 * Within the limit whatever happens. What one can do without goes first: the totals, which cost a rate; then what was kept, the
 * last first. Whoever finds nothing holds or goes out, until he has seen enough again: for ever, if there never is room for him.
 */
const bounded = (memory: ServiceMemory): Remembered => {
  if (isShort(memory)) return { memory, forgotten: [] };
  const { totals, kept, ...rest } = memory;
  const rates = Object.entries(totals ?? {});
  const keeps = Object.entries(kept ?? {});
  const forgotten: string[] = [];
  for (;;) {
    const left: ServiceMemory = {
      ...rest,
      ...(rates.length === 0 ? {} : { totals: Object.fromEntries(rates) }),
      ...(keeps.length === 0 ? {} : { kept: Object.fromEntries(keeps) }),
    };
    if (rates.length + keeps.length === 0 || isShort(left)) return { memory: left, forgotten };
    if (rates.pop() !== undefined) continue;
    const [name] = keeps.pop() ?? [];
    if (name !== undefined) forgotten.push(name);
  }
};

/** An earlier instant than `at`, or `at` itself: a clock that went back makes nobody wait for ever. */
const noLater = (since: string | undefined, at: string): string =>
  since !== undefined && Date.parse(since) <= Date.parse(at) ? since : at;

/** What is remembered, and since when nothing is seen. */
export const rememberBlind = (before: ServiceMemory, at: string): ServiceMemory =>
  bounded({ ...before, unknownSince: noLater(before.unknownSince, at) }).memory;

/**
 * @param blind whether something could not be seen
 * @param keeps the most important first
 */
export const remember = (
  before: ServiceMemory,
  { at, to, direction }: Decision,
  blind: boolean,
  keeps: Readonly<Record<string, Kept>>,
): Remembered => {
  const { unknownSince, revivedAt, kept: _, ...rest } = before;
  const kept: Record<string, number[]> = {};
  let isAny = false;
  for (const key in keeps) {
    const each = keeps[key];
    if (each === undefined || !isUsable(each)) continue;
    kept[key] = [...each];
    isAny = true;
  }
  const memory: ServiceMemory = {
    ...rest,
    ...(blind ? { unknownSince: noLater(unknownSince, at) } : {}),
    ...(blind && revivedAt !== undefined ? { revivedAt } : {}),
    ...(isAny ? { kept } : {}),
    desired: to,
  };
  if (direction === 'hold') return bounded(memory);
  const { lastIn } = memory;
  if (direction === 'in')
    return bounded({ ...memory, lastIn: { at, to, streak: (lastIn?.streak ?? 0) + 1 } });
  return bounded({
    ...memory,
    lastOut: { at, to },
    ...(lastIn === undefined ? {} : { lastIn: { ...lastIn, streak: 0 } }),
  });
};
