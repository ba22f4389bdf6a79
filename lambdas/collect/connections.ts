/**
 * One connection per server, way in and time limit, shared by every service that reads there and kept warm between invocations. One
 * that failed is closed and built again at the next tick.
 */
import { accessOf, isUnverified } from '../contract/access.ts';
import type { Connection, Source } from '../contract/source.ts';
import { logger } from '../log.ts';
import { withSecrets } from './secrets.ts';

/** A connection that is there or on its way. */
export type Line = Promise<Connection<unknown>>;

const log = logger('collect');
const open = new Map<string, Line>();
/** The options with which each was made, secrets filled in. */
const madeWith = new WeakMap<Line, Promise<unknown>>();

/** Of the time that a reading may take, what its secrets may: the reason is then theirs and not the server's. */
const SHARE_OF_SECRETS = 0.75;

const keys = new WeakMap<object, string>();

const keyFor = (source: Source, options: object): string => {
  const known = keys.get(options);
  if (known !== undefined) return known;
  const { timeLimit } = options as { readonly timeLimit?: unknown };
  // Who is less patient than the others must not cut them off when its own time is over.
  const key = JSON.stringify([source.type, source.server(options), accessOf(options), timeLimit]);
  keys.set(options, key);
  return key;
};

interface Attempt {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly timeLimitMs: number;
  /** What this reading may take: less than the time limit after silence, while the connection is made for all to come. */
  readonly mayTakeMs: number;
}

const build = (source: Source, options: unknown, { at, timeLimitMs, mayTakeMs }: Attempt): Line => {
  if (isUnverified(options)) {
    log.warn('tls.verify is false: anybody on the way can read what is sent, the password too', {
      server: source.server(options),
    });
  }
  const whole = withSecrets(options, at, AbortSignal.timeout(Math.floor(mayTakeMs * SHARE_OF_SECRETS)));
  const line = whole.then((complete) => source.connect(complete, { timeLimitMs }));
  madeWith.set(line, whole);
  return line;
};

/** The options that a connection was made with, secrets filled in: for looking whether they are still right. */
export const optionsOf = async (line: Line): Promise<unknown> => madeWith.get(line);

export const connectionTo = (source: Source, options: object, attempt: Attempt): Line => {
  const key = keyFor(source, options);
  const existing = open.get(key);
  if (existing !== undefined) return existing;
  const line = build(source, options, attempt);
  open.set(key, line);
  // A server that could not be reached must not stay unreachable.
  line.catch(() => forget(key, line));
  return line;
};

/** Only the line that failed: others may have built a new one meanwhile. */
const forget = (key: string, line: Line): void => {
  if (open.get(key) === line) open.delete(key);
};

const end = (line: Line): Promise<void> =>
  line.then((connection) => connection.close()).catch(() => undefined);

/** Forgets and closes a connection that has failed. Waits for nothing: a server that hangs may hang here too. */
export const drop = (source: Source, options: object, line: Line): void => {
  forget(keyFor(source, options), line);
  void end(line);
};

/** Closes every connection, for a process that wants to end. */
export const closeConnections = async (): Promise<void> => {
  const lines = [...open.values()];
  open.clear();
  await Promise.all(lines.map(end));
};
