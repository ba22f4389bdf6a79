/**
 * Redis and Valkey: a list with what its consumers took from it, a stream with a consumer group, or a BullMQ queue; on one
 * server, a cluster, or behind sentinels. What differs is in `redis/`: `client.ts` and `link.ts` lead to the server,
 * `cluster.ts` to the node that owns a key, and `list.ts`, `stream.ts` and `bullmq.ts` read.
 *
 * Without `processingKey` or `consumerGroup` nobody can tell what is being worked on. Many lists are consumed that way, and
 * fast-autoscaler's variables can name neither, so that is no mistake: the reading has no number in flight and the decision
 * says so.
 *
 * All services of a server share one connection, and what is asked in one tick goes out in one piece. Nothing is written,
 * and nothing is asked that takes a server longer than a counter, the entries after a group's last one excepted (`entries.ts`).
 */
import { defineSource } from '../../contract/source.ts';
import { bullmqReader } from './redis/bullmq.ts';
import { type Access, opener } from './redis/client.ts';
import { clusterLink } from './redis/cluster.ts';
import { type Link, linkTo, masterOf } from './redis/link.ts';
import { listReader } from './redis/list.ts';
import { isCluster, type Options, options, placesIn, serverName, tlsOf } from './redis/options.ts';
import { streamReader } from './redis/stream.ts';
import { RIGHTS, trouble } from './redis/trouble.ts';

const linkFor = async (given: Options, timeLimitMs: number): Promise<Link> => {
  const { createClient } = await import('redis');
  const { username, password, database, sentinels, sentinelName = '' } = given;
  const places = placesIn(given);
  const access: Access = {
    username,
    password,
    database,
    tls: tlsOf(given),
    knownAs: places[0]?.host,
    timeLimitMs,
  };
  const open = opener(createClient, access);
  if (isCluster(given)) return clusterLink(open, places);
  if (sentinels === undefined) return linkTo(open, places[0] as (typeof places)[number]);
  const openSentinel = opener(createClient, {
    ...access,
    username: given.sentinelUsername,
    password: given.sentinelPassword,
    database: 0,
  });
  return linkTo(open, await masterOf(openSentinel, sentinels, sentinelName));
};

export const redis = defineSource({
  type: 'redis',
  options,
  reports: [
    'visible',
    'inFlight',
    'delayed',
    'oldestAgeSeconds',
    'arrivalsPerSecond',
    'departuresPerSecond',
    'parallelism',
  ],
  permissions: () => [],
  examples: [
    { type: 'redis', host: 'cache.internal', queueKey: 'orders', processingKey: 'orders:processing' },
    {
      type: 'redis',
      host: 'clustercfg.orders.abc123.use1.cache.amazonaws.com',
      queueKey: 'orders',
      queueType: 'stream',
      consumerGroup: 'workers',
    },
    {
      type: 'redis',
      sentinels: [{ host: 'sentinel-1' }, { host: 'sentinel-2' }, { host: 'sentinel-3' }],
      sentinelName: 'mymaster',
      queueKey: 'bull:orders',
      queueType: 'bullmq',
    },
  ],
  needs: `in the VPC of the server; of its ACL \`${RIGHTS.list}\` for a list, \`${RIGHTS.stream}\` for a stream, \`${RIGHTS.bullmq}\` for BullMQ, \`+select\` for another database than 0`,
  server: serverName,
  connect: async (given, { timeLimitMs }) => {
    const link = await linkFor(given, timeLimitMs);
    const readers = { list: listReader(link), stream: streamReader(link), bullmq: bullmqReader(link) };
    return {
      read: async (each, { at }) => ({ known: true, ...(await readers[each.queueType](each, { at })), at }),
      close: link.close,
    };
  },
  trouble,
});
