/**
 * What travels from room to room, as in DESIGN.md. Times are ISO 8601 strings taken from the state machine's context;
 * counts are whole tasks; ages and durations are seconds; rates are per second.
 */
import * as z from 'zod';
import type { Service } from './config.ts';
import { passedOn } from './history.ts';

const instant = z.iso.datetime({ offset: true });
const count = z.int().nonnegative();
const amount = z.number().nonnegative();

export const readingSchema = z.discriminatedUnion('known', [
  z.object({
    known: z.literal(true),
    /** Waiting and deliverable. */
    visible: amount.optional(),
    /** Delivered, not yet acknowledged. */
    inFlight: amount.optional(),
    delayed: amount.optional(),
    oldestAgeSeconds: amount.optional(),
    arrivalsPerSecond: amount.optional(),
    departuresPerSecond: amount.optional(),
    /** A plain number, for sources that are not queues. */
    value: z.number().optional(),
    /** Several such numbers of one answer, by the alias that the source's options give each. */
    values: z.record(z.string(), z.number()).optional(),
    /** The most tasks that can work on it at once: partitions, shards. More would be idle. */
    parallelism: count.optional(),
    /** For how many seconds these numbers may still lie after messages came or went: *empty* is not believed sooner. */
    settlesInSeconds: amount.optional(),
    /** Only a part could be read, so the numbers are a floor: enough to scale out on, never to scale in. */
    atLeast: z.boolean().optional(),
    /** What a reader of the decision should know about how these numbers came about. */
    notes: z.array(z.string()).optional(),
    /** When it was read; a reading that somebody feeds in by hand may leave it out. */
    at: instant.optional(),
  }),
  z.object({
    known: z.literal(false),
    /** One sentence for the operator: what could not be seen and what to do about it. */
    why: z.string(),
    error: z.string().default('Unknown'),
  }),
]);
export type Reading = z.infer<typeof readingSchema>;
export type KnownReading = Extract<Reading, { known: true }>;
export type UnknownReading = Extract<Reading, { known: false }>;

/** What ECS says of a service. `why` stands in for the numbers when ECS could not be asked. */
export const countsSchema = z.union([
  z.object({
    desired: count,
    running: count.default(0),
    pending: count.default(0),
    /** A deployment is in progress: running then counts both revisions. */
    deploying: z.boolean().default(false),
  }),
  z.object({ known: z.literal(false), why: z.string(), error: z.string().default('Unknown') }),
]);
export type Counts = z.infer<typeof countsSchema>;
export type KnownCounts = Extract<Counts, { desired: number }>;

/** What can be paused: scale-in, scale-out, or both. */
export const pausable = z.enum(['in', 'out', 'all']);
export type Pausable = z.infer<typeof pausable>;

/** What a service remembers between ticks. */
export const serviceMemorySchema = z.object({
  lastOut: z.object({ at: instant, to: count.optional() }).optional(),
  /** `streak`: scale-ins in a row; a scale-out resets it. */
  lastIn: z.object({ at: instant, to: count.optional(), streak: count.default(1) }).optional(),
  /** The desired count last seen, for the tick in which ECS cannot be asked. */
  desired: count.optional(),
  /** Since when a reading or the counts could not be seen. */
  unknownSince: instant.optional(),
  /** Running totals of its sources at the last reading, by a short name of the source; rates are made of two. */
  totals: z
    .record(z.string(), z.object({ at: instant, arrived: amount.optional(), departed: amount.optional() }))
    .optional(),
  /** What the operator has paused by command, as the lane's object had it when this execution began. */
  paused: z.object({ what: pausable, until: instant.optional() }).optional(),
  /** Since when a lane that was revived goes on with an old memory; gone as soon as it has readings of its own. */
  revivedAt: instant.optional(),
  /** What each policy and guard keeps for itself from tick to tick, by its name: numbers that only it can read. */
  kept: z.record(z.string(), z.array(z.number())).optional(),
});
export type ServiceMemory = z.infer<typeof serviceMemorySchema>;

/** Keyed `cluster/service`. */
export const memorySchema = z.record(z.string(), serviceMemorySchema);
export type Memory = z.infer<typeof memorySchema>;

const reasonSchema = z.object({
  /** The policy or guard that speaks. */
  by: z.string(),
  /** The count that it proposed or allowed. */
  said: count,
  why: z.string(),
});
export type Reason = z.infer<typeof reasonSchema>;

export const decisionSchema = z.object({
  cluster: z.string(),
  service: z.string(),
  from: count,
  to: count,
  direction: z.enum(['out', 'in', 'hold']),
  reasons: z.array(reasonSchema),
  reading: readingSchema,
  at: instant,
  term: z.int().nonnegative(),
});
export type Decision = z.infer<typeof decisionSchema>;

export type Outcome = Decision & { readonly applied: boolean; readonly error?: string };

/**
 * A scale-out, ready for SNS. What makes it one and the same: lane, term, time, cluster and service.
 */
export interface Notice {
  readonly subject: string;
  /** In the lane's object: ECS has accepted it for certain, and only SNS has not. Whoever revives the lane tells it, whatever the counts are by then. */
  readonly accepted?: true | undefined;
  readonly body: Pick<
    Decision,
    'cluster' | 'service' | 'from' | 'to' | 'reasons' | 'reading' | 'at' | 'term'
  > & {
    readonly event: 'scale-out';
    readonly lane: string;
  };
}

export const noticeSchema = z.object({
  subject: z.string(),
  accepted: z.literal(true).optional(),
  body: z.object({
    event: z.literal('scale-out'),
    cluster: z.string(),
    service: z.string(),
    from: count,
    to: count,
    reasons: z.array(reasonSchema),
    reading: readingSchema,
    at: instant,
    lane: z.string(),
    term: count,
  }),
});

/** Whatever is no notice is left out: Step Functions leaves an empty object where one was published. */
export const noticesSchema = z
  .array(z.unknown())
  .catch([])
  .transform((given): readonly Notice[] =>
    given.flatMap((each) => {
      const notice = noticeSchema.safeParse(each);
      return notice.success ? [notice.data] : [];
    }),
  );

/** A service's readings and its counts at one tick. No schema: decide takes a sample apart before it checks the parts. */
export interface Sample {
  readonly service: Service;
  readonly readings: readonly Reading[];
  readonly counts: Counts;
  readonly memory: ServiceMemory;
}

/** What each room of a tick is given besides its own; what is missing has a default, so that a room can be driven alone. */
export const tickSchema = z.object({
  at: instant,
  lane: z.string().default('default'),
  term: z.int().nonnegative().default(0),
  memory: memorySchema.nullish().transform((memory) => memory ?? {}),
  history: passedOn,
  /** Accepted scale-outs of which nobody has been told yet. */
  notices: noticesSchema,
  /** Scale-outs of which nobody knows whether ECS accepted them: the next counts tell. */
  unsure: noticesSchema,
  /** ISO 8601: when the next tick is due. */
  next: z.string().optional(),
});
