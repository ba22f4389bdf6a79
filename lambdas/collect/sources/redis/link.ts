/** Where commands go, whatever is behind it: one server, or the master that the sentinels name. A cluster has its own file. */
import { messageOf } from '../../../contract/errors.ts';
import { firstOf, type Open, PlaceError } from './client.ts';
import { addressOf, type Place } from './options.ts';

export interface Link {
  /** `XINFO GROUPS`, the key that it is about, and what follows the key. What is sent in one go is one round trip. */
  readonly send: (command: string, key: string, ...more: readonly string[]) => Promise<unknown>;
  readonly close: () => void;
}

export const commandOf = (command: string, key: string, more: readonly string[]): readonly string[] => [
  ...command.split(' '),
  key,
  ...more,
];

export const linkTo = async (open: Open, place: Place): Promise<Link> => {
  const client = await open(place);
  return {
    send: (command, key, ...more) => client.send(commandOf(command, key, more)),
    close: client.close,
  };
};

/** Thrown when the sentinels answer and do not know the master. */
export class UnknownMasterError extends Error {
  override readonly name = 'UnknownMasterError';
}

/**
 * Asks all sentinels at once and believes the first that knows. At a failover the connection to the old master ends, be it
 * that it is gone or that the sentinels cut its clients off; the next one is made by asking again.
 *
 * The package's own `createSentinel` is not used: it keeps three connections and its own timers, tries again in pauses of
 * a second, which is half a time limit, and cannot be ended while it does.
 */
export const masterOf = (openSentinel: Open, sentinels: readonly Place[], name: string): Promise<Place> =>
  firstOf(
    sentinels.map(async (sentinel) => {
      const address = addressOf(sentinel);
      try {
        const { answer, close } = await openSentinel(sentinel, (client) =>
          client.send(['SENTINEL', 'get-master-addr-by-name', name]),
        );
        close();
        const [host, port] = Array.isArray(answer) ? answer : [];
        if (typeof host === 'string') return { host, port: Number(port) };
      } catch (thrown) {
        throw new PlaceError('sentinel', address, thrown);
      }
      throw new UnknownMasterError(`the sentinel ${address} knows no master ${name}: check sentinelName`);
    }),
  );

/** A count, and nothing that would turn into 0 on the way. */
export const countIn = (reply: unknown): number => {
  if (typeof reply === 'number') return reply;
  throw new Error(`Redis answered ${JSON.stringify(reply)} in place of a count: is this a Redis server?`);
};

export const isWrongType = (thrown: unknown): boolean => messageOf(thrown).startsWith('WRONGTYPE');

/** Thrown when a key is there and is no queue of the kind that was configured. Its message says what to do. */
export class WrongTypeError extends Error {
  override readonly name = 'WrongTypeError';
}

/** What a key is, in words for people. */
export const kindOf = async (link: Link, key: string): Promise<string> => {
  const type = String(await link.send('TYPE', key));
  return type === 'zset' ? 'sorted set' : type;
};
