/** The options of the redis source, and what follows from them: where to connect, whether by TLS, what the server is called. */
import type { ConnectionOptions } from 'node:tls';
import * as z from 'zod';
import { credentials, secretArn, tls, tlsOptions } from '../../../contract/access.ts';
import { commonOptions } from '../../../contract/source.ts';

/** A name, an IPv4 or an IPv6 address. */
const HOST = /^([^\s/@:]+|[0-9a-f.]*:[0-9a-f:.]*:[0-9a-f:.]*|.*%\(.+\).*)$/i;
const host = z
  .string()
  .regex(HOST, 'expected a name or an address such as cache.internal, without scheme and port');
const port = z.int().min(1).max(65_535);

const placesOf = (usualPort: number, description: string) =>
  z
    .array(
      z.strictObject({
        host: host.meta({ description: 'Name or address.' }),
        port: port.default(usualPort).meta({ description: 'TCP port.' }),
      }),
    )
    .min(1)
    .optional()
    .meta({ description });

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Names of ElastiCache and MemoryDB: those that exist with TLS only, and those behind which there is a cluster. */
const AWS = /\.(cache\.amazonaws\.com(\.cn)?|memorydb\.[a-z0-9-]+\.amazonaws\.com(\.cn)?)$/;
const AWS_TLS = /^(master|replica|clustercfg)\.|\.serverless\./;
const AWS_CLUSTER = /^clustercfg\.|\.clustercfg\.|\.serverless\./;

const isAws = (name: string, kind: RegExp): boolean => AWS.test(name) && kind.test(name);

const shape = z.strictObject({
  type: z.literal('redis'),
  host: host.optional().meta({
    description: 'Server, or any one name of a cluster. Give host, nodes or sentinels.',
  }),
  port: port.default(6379).meta({ description: 'TCP port of host.' }),
  cluster: z.boolean().optional().meta({
    description:
      'host is a Redis Cluster. Default: true with nodes, and for names of clusters and serverless caches in ElastiCache and MemoryDB.',
  }),
  nodes: placesOf(6379, 'Some nodes of a Redis Cluster, in place of host; the others are found by asking.'),
  sentinels: placesOf(26_379, 'Sentinels, in place of host: they are asked which server is the master.'),
  sentinelName: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'What the sentinels call the master, often mymaster.' }),
  sentinelUsername: z.string().min(1).optional().meta({ description: 'User of the sentinels themselves.' }),
  sentinelPassword: z.string().optional().meta({
    description:
      'Password of the sentinels themselves, as %(NAME) of an environment variable. Default: they ask for none.',
  }),
  sentinelPasswordSecret: secretArn('the password of the sentinels themselves'),
  database: z.int().nonnegative().default(0).meta({ description: 'Database; a cluster has only 0.' }),
  ...credentials,
  tls: tls(
    'true for port 6380, and for names in ElastiCache and MemoryDB that exist with TLS only (master.…, replica.…, clustercfg.…, serverless); false otherwise',
  ),
  queueKey: z.string().min(1).meta({
    description: 'Key of the list or the stream; of a BullMQ queue its prefix and name, like bull:orders.',
  }),
  queueType: z.enum(['list', 'stream', 'bullmq']).default('list').meta({
    description: 'What keeps the messages: a list, a stream, or the keys of BullMQ.',
  }),
  processingKey: z.string().min(1).optional().meta({
    description:
      'For a list: key of what is being worked on, a list, set, sorted set or hash. Its length is what is in flight; without it nobody knows.',
  }),
  consumerGroup: z.string().min(1).optional().meta({
    description:
      'For a stream: the group whose lag and pending entries are read. Without it every entry counts as waiting, done or not.',
  }),
  ...commonOptions,
});

type Shape = z.output<typeof shape>;

export const isCluster = ({ cluster, nodes, host: name = '' }: Shape): boolean =>
  cluster ?? (nodes !== undefined || isAws(name, AWS_CLUSTER));

/** One way in, no more and no less, and nothing that the way in cannot do. */
const contradictions = (given: Shape): readonly (readonly [field: keyof Shape, message: string])[] => {
  const ways = [given.host, given.nodes, given.sentinels].filter((way) => way !== undefined).length;
  return [
    ways !== 1 && (['host', 'give one of host, nodes and sentinels'] as const),
    given.sentinels !== undefined &&
      given.sentinelName === undefined &&
      (['sentinelName', 'required with sentinels: what they call the master, often mymaster'] as const),
    given.sentinels === undefined &&
      given.sentinelName !== undefined &&
      (['sentinels', 'required with sentinelName: the sentinels that know this master'] as const),
    given.sentinels !== undefined &&
      given.cluster === true &&
      (['cluster', 'sentinels watch one master, a cluster does without: leave one of the two out'] as const),
    given.nodes !== undefined &&
      given.cluster === false &&
      (['cluster', 'nodes are those of a cluster: leave cluster out, or give one server as host'] as const),
    given.database !== 0 &&
      isCluster(given) &&
      (['database', `a Redis Cluster has only database 0, got ${given.database}`] as const),
  ].filter((problem) => problem !== false);
};

export const options = shape
  .superRefine((given, { addIssue }) => {
    for (const [field, message] of contradictions(given))
      addIssue({ code: 'custom', path: [field], message });
  })
  .meta({
    description:
      'A queue in Redis or Valkey: a list, a stream with a consumer group, or a BullMQ queue; on one server, a cluster, or behind sentinels.',
  });

export type Options = z.output<typeof options>;

/** Where to knock: the server, some nodes of the cluster, or the sentinels. */
export const placesIn = ({ host: name, port: number, nodes, sentinels }: Options): readonly Place[] =>
  nodes ?? sentinels ?? (name === undefined ? [] : [{ host: name, port: number }]);

export const tlsOf = (given: Options): ConnectionOptions | undefined => {
  const fallback = placesIn(given).some((place) => place.port === 6380 || isAws(place.host, AWS_TLS));
  return tlsOptions(given.tls, fallback);
};

export const addressOf = ({ host: name, port: number }: Place): string => `${name}:${number}`;

/** As people know it: `redis://cache:6379/1`. */
export const serverName = (given: Options): string => {
  const places = placesIn(given).map(addressOf).join(', ');
  const database = given.database === 0 ? '' : `/${given.database}`;
  if (given.sentinels !== undefined)
    return `the Redis master ${given.sentinelName}${database} of the sentinels ${places}`;
  if (isCluster(given)) return `the Redis Cluster ${places}`;
  return `${tlsOf(given) === undefined ? 'redis' : 'rediss'}://${places}${database}`;
};
