/**
 * The `Date` of S3's own answer. A lane's lease is judged by it alone: Lambda's clocks may differ from one another, S3's is the same for
 * whoever asks.
 *
 * Gotcha: the SDK gives the headers of an answer with an error (`$response`) and not with a result, so a step of the command itself looks at it.
 */
import type { GetObjectCommand } from '@aws-sdk/client-s3';

interface Answered {
  readonly headers?: Readonly<Record<string, string>>;
}

const headerOf = (response: unknown): string | undefined =>
  (response as Answered | undefined)?.headers?.['date'];

/** How far `at` may be from S3's Date: its own clock, a slow start of the function, and the attempts before this one. */
const MOST_APART_MS = 60_000;

/**
 * The time that judges a lease: S3's. Only where `at` is more than a minute from it does `at` judge: then somebody drives the handler by
 * hand at a time of his own (a test, a replay), and means that time.
 *
 * @param at ISO 8601, of the state machine
 */
export const judging = (at: string, date: Date): Date =>
  Math.abs(Date.parse(at) - date.getTime()) > MOST_APART_MS ? new Date(at) : date;

/**
 * To be called before the command is sent.
 *
 * @returns what tells the Date of its answer, given the result or what was thrown
 */
export const s3Date = (command: GetObjectCommand): ((answer: unknown) => Date) => {
  let header: string | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      header = headerOf(result.response);
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'dateOfAnswer' },
  );
  return (answer) => {
    const date = Date.parse(
      header ?? headerOf((answer as { $response?: unknown } | undefined)?.$response) ?? '',
    );
    // S3 never leaves it out; without it this clock is better than none.
    return new Date(Number.isNaN(date) ? Date.now() : date);
  };
};
