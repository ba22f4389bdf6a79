/**
 * One connection to one server, through the `redis` package with everything switched off that works on by itself: its
 * reconnecting, its queue for a server that is away, its limit per command. Whoever uses it opens another one.
 *
 * Gotchas: the package speaks RESP 2 here, which begins with AUTH and SELECT only: RESP 3 begins with HELLO, which Redis 5
 * does not know, and it names itself with commands that a narrow ACL logs as refused. Its `destroy` does not reach a socket
 * that is still connecting, and its time limit for connecting ends where AUTH begins; so both are held here.
 */
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { createClient } from 'redis';
import { messageOf } from '../../../contract/errors.ts';
import type { Place } from './options.ts';

export interface Client {
  /** What is sent in one go is one round trip. */
  readonly send: (args: readonly string[]) => Promise<unknown>;
  /** Whether the next command has a chance. */
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

/** What is the same for every server that one connection may lead to. */
export interface Access {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  readonly tls: ConnectionOptions | undefined;
  /** The name that was configured: what the certificate of a node that is known by its address only must be for. */
  readonly knownAs: string | undefined;
  readonly timeLimitMs: number;
}

/** Opens a connection; with a question it counts as open once that is answered, all within the time limit. */
export type Open = (
  place: Place,
  question?: (client: Client) => Promise<unknown>,
) => Promise<Client & { readonly answer: unknown }>;

const socketTo = ({ host, port }: Place, { tls, knownAs, timeLimitMs }: Access) => {
  const base = { host, port, connectTimeout: timeLimitMs, reconnectStrategy: false } as const;
  if (tls === undefined) return base;
  const byAddress = isIP(host) !== 0 && knownAs !== undefined && isIP(knownAs) === 0;
  return { ...base, ...(byAddress ? { servername: knownAs } : {}), ...tls, tls: true } as const;
};

export const opener =
  (create: typeof createClient, access: Access): Open =>
  async (place, question) => {
    const { username, password, database, timeLimitMs } = access;
    const redis = create({
      RESP: 2,
      socket: socketTo(place, access),
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      database,
      disableOfflineQueue: true,
      disableClientInfo: true,
      maintNotifications: 'disabled',
      // No timer per command: collect holds the time limit of a whole reading.
      commandOptions: { timeout: 0 },
    });
    // Every failure reaches whoever waits for an answer; an event without a listener would end the process.
    redis.on('error', () => undefined);
    let ended = false;
    const close = () => {
      ended = true;
      redis.destroy();
    };
    redis.on('connect', () => {
      if (ended) redis.destroy();
    });
    const client = {
      send: (args: readonly string[]): Promise<unknown> => redis.sendCommand([...args]),
      isOpen: () => redis.isReady,
      close,
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      close();
    }, timeLimitMs);
    try {
      await redis.connect();
      return { ...client, answer: await question?.(client) };
    } catch (thrown) {
      close();
      throw late ? new Error(`timed out after ${timeLimitMs} ms`, { cause: thrown }) : thrown;
    } finally {
      clearTimeout(timer);
    }
  };

/** Thrown when one of several servers failed: which one, and by what. */
export class PlaceError extends Error {
  override readonly name = 'PlaceError';
  readonly what: 'node' | 'sentinel';
  readonly address: string;

  constructor(what: 'node' | 'sentinel', address: string, cause: unknown) {
    super(messageOf(cause), { cause });
    this.what = what;
    this.address = address;
  }
}

/** A server's own words begin with a code in capitals; a failure of the connection does not. */
export const isReply = (thrown: unknown): boolean => /^[A-Z]{3,} /.test(messageOf(thrown));

/**
 * The first that comes true; the failure that says most if none does. What the others come to is left to `late`.
 *
 * @throws what the server said, before a server that could not be reached
 */
export const firstOf = async <T>(tries: readonly Promise<T>[], late?: (other: T) => void): Promise<T> => {
  const first = await Promise.any(tries).catch(({ errors }: AggregateError) => {
    throw errors.find(isReply) ?? errors[0];
  });
  for (const each of tries)
    void each.then(
      (other) => (other === first ? undefined : late?.(other)),
      () => undefined,
    );
  return first;
};
