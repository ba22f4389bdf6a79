/** What the lease makes of whoever starts an execution. */
import type { Claim } from './claim.ts';
import type { LeaseEvent } from './event.ts';

/** A start with an empty input, by the schedule, an alarm or a person; not one that brings something along, or has looked already. */
export const isAnybody = ({
  term,
  config,
  takeOver,
  waited,
}: Pick<LeaseEvent, 'term' | 'config' | 'takeOver' | 'waited'>): boolean =>
  term === undefined && (config ?? null) === null && takeOver !== true && waited !== true;

/**
 * What a predecessor hands over. Whoever only looked at the lane (`peek.ts`) has not held it, so its heir may take it when nobody has it, as
 * anybody may.
 */
export const legacyOf = ({
  peek,
  term,
  memory,
  savedAt,
}: Pick<LeaseEvent, 'peek' | 'term' | 'memory' | 'savedAt'>): Pick<
  Claim,
  'predecessorTerm' | 'memory' | 'memoryAt'
> => (peek === true ? {} : { predecessorTerm: term, memory, memoryAt: savedAt });
