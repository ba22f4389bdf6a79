/** What a service remembers after a decision, never more than {@link MOST_CHARACTERS}. */
import type { Decision, ServiceMemory } from '../contract/records.ts';
import type { Kept } from './policies/policy.ts';

/** A lane of 100 services travels in 256 KiB. */
export const MOST_CHARACTERS = 1024;

const isUsable = (kept: Kept): boolean => kept.length > 0 && kept.every(Number.isFinite);

/**
 * Within the limit whatever happens. What one can do without for a tick goes first: the totals, which cost a rate; then
 * what policies and guards keep, the last first, which then hold until they have seen enough again.
 */
const bounded = (memory: ServiceMemory): ServiceMemory => {
  if (JSON.stringify(memory).length <= MOST_CHARACTERS) return memory;
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
  const kept = Object.fromEntries(
    Object.entries(keeps).flatMap(([key, each]) => (isUsable(each) ? [[key, [...each]]] : [])),
  );
  const memory: ServiceMemory = {
    ...rest,
    ...(blind ? { unknownSince } : {}),
    ...(Object.keys(kept).length === 0 ? {} : { kept }),
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
