/**
 * What the schema of all sources knows beyond its options, for checks that take a source and a policy together. A room that
 * reads no sources uses `anySource`, which has no such rules.
 */
import * as z from 'zod';

export interface SourceRules {
  /** Why these options can't see messages in flight, with the remedy; they may still hold `%(NAME)`. */
  readonly blindToInFlight: (options: unknown) => string | undefined;
  /** What these options can report, by the names that expressions call it: those of a reading, and aliases. */
  readonly reports: (options: unknown) => readonly string[];
}

export const sourceRules = z.registry<SourceRules>();
