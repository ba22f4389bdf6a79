/**
 * What a source is: one file that says everything about one kind of queue. The registry loads for free because the
 * client library is imported inside `connect`.
 *
 * Around a source collect does what is the same for all: it fills in secrets, holds the time limit, shares the connection,
 * reads the same thing once a tick, makes rates of running totals, and turns whatever is thrown into an *unknown* reading.
 */
import type * as z from 'zod';
import { duration } from './duration.ts';
import { wordSchema } from './policies/common.ts';
import type { KnownReading, UnknownReading } from './records.ts';

/** An IAM statement as data; `lib` turns it into a policy statement of the collect function. */
export interface Permission {
  readonly actions: readonly string[];
  /**
   * ARNs, with `${AWS::AccountId}` and the like where only deployment knows the account (see `ownArn` in arn.ts). `'*'` only
   * where AWS knows no narrower resource, and then with `reason`.
   */
  readonly resources: readonly string[];
  readonly reason?: string;
  /** IAM conditions, like `{ ArnEquals: { 'ecs:cluster': '…' } }`, with the same in `${…}`. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Running totals of the server's own, which only grow: two readings of them make a rate. */
export interface Totals {
  readonly arrived?: number;
  readonly departed?: number;
}

/** What `read` answers: a reading, and the totals at that moment where the server counts them. */
export type Sighting = (KnownReading & { readonly totals?: Totals }) | UnknownReading;

export interface ReadContext {
  /** ISO 8601: the tick. */
  readonly at: string;
  /** The same for all readings of one tick, and for no other: what is asked once a tick is kept by it, in a WeakMap. */
  readonly tick: object;
  /** Aborted at the time limit. */
  readonly signal: AbortSignal;
  /** Milliseconds until the time limit, for a reading of several steps in which one must not take the time of the others. */
  readonly msLeft: () => number;
}

export interface ConnectContext {
  /** What one reading may take, connecting included: for the client's own time limits. */
  readonly timeLimitMs: number;
}

/** A live connection, shared by every service that names the same server and gets in the same way. */
export interface Connection<Options> {
  /**
   * Reads once; several may run at once. An answer that says "not there" is an unknown reading; whatever is thrown is
   * looked at by `trouble`. `options` are as configured: what a secret holds is known to `connect` only.
   */
  readonly read: (options: Options, context: ReadContext) => Promise<Sighting>;
  /** Ends it, also in the middle of a read, and leaves nothing behind. */
  readonly close: () => Promise<void> | void;
}

/** What went wrong, for the operator and for the connection. */
export interface Trouble {
  /** One sentence: what could not be seen, and what to do about it. */
  readonly why: string;
  /**
   * `answered`: the server is there and said no, and the connection is good. `login`: it refused the credentials; secrets
   * are fetched again. `broken`: the connection is built anew.
   */
  readonly kind: 'answered' | 'login' | 'broken';
}

/** What a source may report, in the words of a reading. */
export type Reported = keyof Omit<KnownReading, 'known' | 'at' | 'notes' | 'atLeast' | 'settlesInSeconds'>;

/** Which service a source is configured for, with its names as they are in AWS. */
export interface Owner {
  readonly cluster: string;
  readonly service: string;
}

/** A metric of CloudWatch that is above 0 in a minute in which work has come, and at no other time for long. */
export interface WakeMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Maximum' | 'Sum';
  /** Where it is, if the options tell: an alarm watches the metrics of its own region and account. */
  readonly region?: string | undefined;
  readonly account?: string | undefined;
}

export interface Source<Schema extends z.ZodType = z.ZodType> {
  readonly type: string;
  /** A strict object that spreads {@link commonOptions}. */
  readonly options: Schema;
  readonly reports: readonly Reported[];
  /** For how many seconds its counters may still lie after messages came or went: *empty* is not believed sooner. */
  readonly settlesInSeconds?: number;
  /** Without those for secrets, which `lib` adds for every source. */
  readonly permissions: (options: z.output<Schema>) => readonly Permission[];
  /** Configurations that work, the simplest first, one for each set of permissions: the documentation is made of them. */
  readonly examples?: readonly z.input<Schema>[];
  /** What else it needs besides IAM's actions, in a few words: rights on the server, a place in its network. */
  readonly needs?: string;
  /** The server these options speak to, as people know it and without secrets: `redis://cache:6379`. */
  readonly server: (options: z.output<Schema>) => string;
  readonly connect: (
    options: z.output<Schema>,
    context: ConnectContext,
  ) => Promise<Connection<z.output<Schema>>>;
  /** What a failure means. `undefined`: collect knows what the failures of any connection mean. */
  readonly trouble?: (thrown: unknown, options: z.output<Schema>) => Trouble | undefined;
  /** Fills in what the options leave to the service that they stand in. */
  readonly complete?: (options: z.output<Schema>, owner: Owner) => z.output<Schema>;
  /**
   * Why messages in flight cannot be seen with these options, and the remedy. A policy that counts them is then refused when
   * the configuration is loaded.
   */
  readonly blindToInFlight?: (options: z.output<Schema>) => string | undefined;
  /** What an alarm watches to wake a lane that sleeps. Left out, or undefined: AWS keeps no such metric, or the options do not tell its name. */
  readonly wakeMetric?: (options: z.output<Schema>) => WakeMetric | undefined;
  /** What expressions call the numbers that it reports with these options. Unset: as `reports` says. */
  readonly numbers?: (options: z.output<Schema>) => readonly string[];
}

/** Options that every source has. */
export const commonOptions = {
  name: wordSchema.optional().meta({
    description:
      'A word for it: policies can be tied to it, and expressions call its number by it, or `name.visible` and the like.',
  }),
  timeLimit: duration({ min: 0.1, max: 8 }).prefault('2s').meta({
    description: 'What one reading may take, 0.1s to 8s; never more than four fifths of the interval.',
  }),
} as const;

/** Ties a source's parts to its own option schema. */
export const defineSource = <Schema extends z.ZodType>(source: Source<Schema>): Source<Schema> => source;
