/** What a failure of Redis means: its error replies begin with a code in capitals; what the package says of itself has none. */
import { explainConnection } from '../../../contract/connection-errors.ts';
import { messageOf, nameOf } from '../../../contract/errors.ts';
import type { Trouble } from '../../../contract/source.ts';
import { isReply, PlaceError } from './client.ts';
import { type Options, serverName, tlsOf } from './options.ts';

/** The commands that a reading needs, as ACL SETUSER takes them. */
export const RIGHTS: Readonly<Record<Options['queueType'], string>> = {
  list: '+llen +scard +zcard +hlen +type',
  stream: '+xinfo|stream +xinfo|groups +xrange +type',
  bullmq: '+llen +lindex +zcard +zcount +hmget +get +type',
};

/** The keys that a reading looks at, as ACL SETUSER takes them. */
const patternsFor = ({ queueType, queueKey, processingKey }: Options): string => {
  if (queueType === 'bullmq') return `~${queueKey}:*`;
  return queueType === 'list' && processingKey !== undefined
    ? `~${queueKey} ~${processingKey}`
    : `~${queueKey}`;
};

interface Asked {
  /** Who answered, as people know it. */
  readonly server: string;
  readonly given: Options;
  readonly reply: string;
  /** What the options are called in which this server's user and password stand. */
  readonly username: string;
  readonly password: string;
}

type Meaning = readonly [RegExp, Trouble['kind'], (asked: Asked) => string];

const MEANINGS: readonly Meaning[] = [
  [
    /^NOAUTH/,
    'login',
    ({ server, username, password }) =>
      `${server} asks for a password: give ${password} or ${password}Secret, and ${username} if it has ACL users`,
  ],
  [
    /^WRONGPASS|^ERR invalid password/,
    'login',
    ({ server, given, username, password }) =>
      `${server} refused the user ${given[username as 'username'] ?? 'default'}: check ${username} and ${password} or ${password}Secret`,
  ],
  [
    /without any password configured|no password is set/,
    'login',
    ({ server, password }) =>
      `${server} has no password, and one was given: leave ${password} and ${password}Secret out`,
  ],
  [
    /^NOPERM/,
    'answered',
    ({ server, given, reply }) => {
      const lacking = /\bkeys?\b/.test(reply) ? patternsFor(given) : RIGHTS[given.queueType];
      return `${server} forbids it (${reply}): ACL SETUSER ${given.username ?? 'default'} ${lacking}`;
    },
  ],
  [
    /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY)\b/,
    'answered',
    ({ server, reply }) => `${server} cannot answer just now (${reply}): it is asked again at the next tick`,
  ],
  [
    /^MOVED/,
    'answered',
    ({ server }) => `${server} is a node of a Redis Cluster, and the key is on another: set cluster: true`,
  ],
  [
    /DB index is out of range|SELECT is not allowed in cluster mode/,
    'answered',
    ({ server, given: { database } }) => `${server} has no database ${database}: check database`,
  ],
  [
    /max number of clients reached/,
    'broken',
    ({ server }) =>
      `${server} takes no more connections: raise maxclients, or find who holds them (CLIENT LIST)`,
  ],
  [
    /^DENIED/,
    'broken',
    ({ server }) =>
      `${server} is in protected mode and answers its own host only: give it a password, or bind it`,
  ],
];

const ENDED =
  /^(Socket closed unexpectedly|Disconnects client|The client is (closed|offline))|ECONNRESET|EPIPE/;

/** An unknown command is quoted with what follows it, which may be a password where AUTH was renamed. */
const withoutArguments = (reply: string): string => reply.replace(/,? with args beginning with:.*/s, '');

const askedOf = (thrown: unknown, given: Options): Asked => {
  const reply = withoutArguments(messageOf(thrown));
  const own = { server: serverName(given), given, reply, username: 'username', password: 'password' };
  if (!(thrown instanceof PlaceError)) return own;
  const server = `the ${thrown.what} ${thrown.address}`;
  return thrown.what === 'node'
    ? { ...own, server }
    : { ...own, server, username: 'sentinelUsername', password: 'sentinelPassword' };
};

export const trouble = (thrown: unknown, given: Options): Trouble | undefined => {
  if (/^(WrongType|UnknownMaster)Error$/.test(nameOf(thrown)))
    return { kind: 'answered', why: messageOf(thrown) };
  const asked = askedOf(thrown, given);
  const { server, reply } = asked;
  const known = MEANINGS.find(([pattern]) => pattern.test(reply));
  if (known !== undefined) return { kind: known[1], why: known[2](asked) };
  if (isReply(thrown)) return { kind: 'answered', why: `${server} answered: ${reply}` };
  const ended = ENDED.test(reply)
    ? `${server} closed the connection: it is opened again at the next tick${tlsOf(given) === undefined ? '; if it always does, is this its TLS port (tls: true)?' : ''}`
    : undefined;
  const why = ended ?? explainConnection(thrown, server);
  // The other nodes of a cluster are well, and others are reading from them right now.
  const kind = thrown instanceof PlaceError && thrown.what === 'node' ? 'answered' : 'broken';
  return why === undefined ? undefined : { kind, why };
};
