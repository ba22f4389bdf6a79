/**
 * What the lease is asked with. The input of an execution is whatever a person typed into the console, so every field of it is optional, and
 * one that makes no sense counts as not given, not as an obstacle.
 */
import * as z from 'zod';
import { historySchema } from '../contract/history.ts';
import { laneName } from '../contract/loop.ts';
import { memorySchema, noticesSchema } from '../contract/records.ts';

const instant = z.iso.datetime({ offset: true });

const handedOver = z.object({
  lane: laneName.optional().catch(undefined),
  term: z.int().optional().catch(undefined),
  memory: memorySchema.optional().catch(undefined),
  history: historySchema.optional().catch(undefined),
  /** Scale-outs that could not be told yet, and those of which nobody knows whether they were accepted. */
  notices: noticesSchema,
  unsure: z.unknown().optional(),
  next: z.string().optional().catch(undefined),
  savedAt: instant.optional().catch(undefined),
  takeOver: z.boolean().optional().catch(undefined),
  /** It has waited for the lease to expire once already, or looked at a lane that sleeps. */
  waited: z.boolean().optional().catch(undefined),
  /** By an execution that looked at a lane that sleeps, and could not see: its term is not its own. */
  peek: z.boolean().optional().catch(undefined),
  config: z.unknown().optional(),
});

const eventSchema = handedOver.extend({
  act: z.enum(['acquire', 'release', 'sleep']).default('acquire'),
  lane: laneName.optional(),
  execution: z.string(),
  /** When the execution began: its five minutes count from then. */
  started: instant.optional(),
  retry: z.int().default(0),
  at: instant,
  /** The execution's own input, as the state machine passes it on. */
  input: handedOver.nullish().catch(undefined),
});

const definedOf = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** Fields of the event win over those of the input, but for notices, which only the input has. */
export const parseEvent = (raw: unknown) => {
  const { input, ...given } = eventSchema.parse(raw);
  const { notices = [], unsure } = input ?? {};
  return { given, event: { ...input, ...definedOf(given), notices, unsure } };
};
export type LeaseEvent = ReturnType<typeof parseEvent>['event'];
