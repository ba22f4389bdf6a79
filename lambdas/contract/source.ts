/**
 * What a source is: one file that says everything about one kind of queue. The registry loads for free because the
 * client library is imported inside `connect`.
 */
import type * as z from 'zod';
import type { Reading } from './records.ts';

/** An IAM statement as data; `lib` turns it into a policy statement of the collect function. */
export interface Permission {
  readonly actions: readonly string[];
  /** ARNs. `'*'` only where AWS knows no narrower resource, and then with `reason`. */
  readonly resources: readonly string[];
  readonly reason?: string;
}

/** A live connection, shared by every service that names the same server. */
export interface Connection<Options> {
  /** Reads once. Throws when it cannot: the caller turns that into an unknown reading with the reason. */
  readonly read: (
    options: Options,
    context: { readonly at: string; readonly signal: AbortSignal },
  ) => Promise<Reading>;
  readonly close: () => Promise<void> | void;
}

export interface Source<Schema extends z.ZodType = z.ZodType> {
  readonly type: string;
  readonly options: Schema;
  readonly permissions: (options: z.output<Schema>) => readonly Permission[];
  /** Which server these options speak to: services with the same answer share one connection. */
  readonly server: (options: z.output<Schema>) => string;
  readonly connect: (options: z.output<Schema>) => Promise<Connection<z.output<Schema>>>;
  /** The sentence for the operator when reading failed, with the remedy; `undefined`: the error's own message. */
  readonly remedy?: (thrown: unknown, options: z.output<Schema>) => string | undefined;
}

/** Ties a source's parts to its own option schema. */
export const defineSource = <Schema extends z.ZodType>(source: Source<Schema>): Source<Schema> => source;
