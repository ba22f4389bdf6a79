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
const FRAME = 170;

/** Whether it is short for certain: nearly always so, and told in a tenth of the time that writing it would take. */
const isSurelyShort = ({ totals, kept = {}, lastOut, lastIn, unknownSince }: ServiceMemory): boolean => {
  if (totals !== undefined) return false;
  let characters = FRAME;
  for (const at of [lastOut?.at, lastIn?.at, unknownSince]) characters += at?.length ?? 0;
  for (const key in kept) {
    characters += key.length + 6;
    for (const value of kept[key] ?? []) characters += width(value);
  }
  return characters <= MOST_CHARACTERS;
};

/**
 * Within the limit whatever happens. What one can do without for a tick goes first: the totals, which cost a rate; then
 * what policies and guards keep, the last first, which then hold until they have seen enough again.
 */
const bounded = (memory: ServiceMemory): ServiceMemory => {
  if (isSurelyShort(memory) || JSON.stringify(memory).length <= MOST_CHARACTERS) return memory;
  const { totals, kept = {}, ...rest } = memory;
  if (totals !== undefined) return bounded({ ...rest, kept });
  const entries = Object.entries(kept).slice(0, -1);
  return entries.length === 0 ? rest : bounded({ ...rest, kept: Object.fromEntries(entries) });
};

/** @param blind whether something could not be seen */
export const remember = (
  before: ServiceMemory,
  { at, to, direction }: Decision,
  blind: boolean,
  keeps: Readonly<Record<string, Kept>>,
): ServiceMemory => {
  const { unknownSince = at, kept: _, ...rest } = before;
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
    ...(blind ? { unknownSince } : {}),
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
