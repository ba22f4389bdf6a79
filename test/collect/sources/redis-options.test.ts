/** What may be written, what follows from it, and what fast-autoscaler's users have already. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { isCluster, options, serverName, tlsOf } from '../../../lambdas/collect/sources/redis/options.ts';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { fromEnvironment, fromPayload } from '../../../lambdas/contract/dialects/fast-autoscaler.ts';
import { parseConfig, parseSource } from '../../../lambdas/contract/parse.ts';
import { problemsOf } from '../../contract/problems-of.ts';
import { type RedisAddress, startRedis } from '../../servers/redis.ts';
import { type Server, START_LIMIT_MS } from '../../servers/server.ts';
import { readOne } from './behaviour.ts';
import { redisClient, texts } from './redis-client.ts';

const base = { type: 'redis', queueKey: 'orders' };
const parse = (given: object) => options.parse({ ...base, ...given });
const nodes = [{ host: 'n1' }, { host: 'n2', port: 7000 }];
const sentinels = [{ host: 's1' }];

describe('what contradicts itself is refused', () => {
  test.each([
    ['no way in', {}, 'source.host: give one of host, nodes and sentinels'],
    ['two ways in', { host: 'h', nodes }, 'source.host: give one of host, nodes and sentinels'],
    ['sentinels without a name', { sentinels }, 'source.sentinelName: required with sentinels'],
    [
      'a name without sentinels',
      { host: 'h', sentinelName: 'm' },
      'source.sentinels: required with sentinelName',
    ],
    [
      'a cluster behind sentinels',
      { sentinels, sentinelName: 'm', cluster: true },
      'source.cluster: sentinels',
    ],
    ['nodes that are no cluster', { nodes, cluster: false }, 'source.cluster: nodes are those of a cluster'],
    [
      'a database in a cluster',
      { nodes, database: 2 },
      'source.database: a Redis Cluster has only database 0',
    ],
    ['a URL as the host', { host: 'redis://h:6379' }, 'source.host: expected a name or an address'],
    ['a port in the host', { nodes: [{ host: 'h:6379' }] }, 'source.nodes[0].host: expected a name or an'],
    ['a port that is none', { host: 'h', port: 70_000 }, 'source.port: expected a number of at most 65535'],
  ])('%s', (_, given, problem) => {
    const [found = ''] = problemsOf(() => parseSource({ ...base, ...given }, sourceSchema, 'source'));
    expect(found).toContain(problem);
  });
});

test.each([
  ['cache', {}, false, false],
  ['cache', { port: 6380 }, true, false],
  ['cache', { port: 6380, tls: false }, false, false],
  ['cache', { tls: true }, true, false],
  ['master.orders.abc123.use1.cache.amazonaws.com', {}, true, false],
  ['replica.orders.abc123.use1.cache.amazonaws.com', {}, true, false],
  ['clustercfg.orders.abc123.use1.cache.amazonaws.com', {}, true, true],
  ['orders-abc123.serverless.use1.cache.amazonaws.com', {}, true, true],
  ['clustercfg.orders.abc123.memorydb.us-east-1.amazonaws.com', {}, true, true],
  ['orders.abc123.clustercfg.use1.cache.amazonaws.com', {}, false, true],
  ['orders.abc123.ng.0001.use1.cache.amazonaws.com', {}, false, false],
  ['clustercfg.orders.abc123.use1.cache.amazonaws.com', { cluster: false, tls: false }, false, false],
  ['master.example.com', {}, false, false],
])('%s %j: TLS %s, cluster %s', (host, more, tls, cluster) => {
  const given = parse({ host, ...more });
  expect([tlsOf(given) !== undefined, isCluster(given)]).toEqual([tls, cluster]);
});

test('a server is called what people call it, and its password is not in it', () => {
  const password = 'hunter2';
  expect([
    serverName(parse({ host: 'cache', password })),
    serverName(parse({ host: 'cache', port: 6380, database: 3, password })),
    serverName(parse({ nodes, password })),
    serverName(parse({ sentinels, sentinelName: 'mymaster', database: 1, password })),
  ]).toEqual([
    'redis://cache:6379',
    'rediss://cache:6380/3',
    'the Redis Cluster n1:6379, n2:7000',
    'the Redis master mymaster/1 of the sentinels s1:26379',
  ]);
});

describe('fast-autoscaler’s own configuration', () => {
  let server: Server<RedisAddress>;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    server = await startRedis({ password: 'geheim' });
    process.env.REDIS_PASSWORD = 'geheim';
    env = {
      QUEUE_TYPE: 'redis',
      REDIS_HOST: server.address.host,
      REDIS_PORT: String(server.address.port),
      REDIS_PASSWORD: 'geheim',
      REDIS_QUEUE_KEY: 'orders',
      ECS_CLUSTER: 'prod',
      SERVICE_NAME: 'mailer',
    };
    await redisClient(server.address)(async (client) => {
      await client.rPush('orders', texts(4));
      await client.hSet('working', { a: '1', b: '2' });
      await client.xGroupCreate('log', 'workers', '0', { MKSTREAM: true });
      for (const message of texts(3)) await client.xAdd('log', '*', { message });
      await client.xReadGroup('workers', 'me', { key: 'log', id: '>' }, { COUNT: 1 });
    });
  }, START_LIMIT_MS);
  afterAll(async () => {
    delete process.env.REDIS_PASSWORD;
    await closeConnections();
    await server.close();
  });

  const read = (raw: unknown) => {
    const [service] = parseConfig(raw, sourceSchema).services;
    if (service?.source === undefined) throw new Error('there is no source');
    return readOne(service.source);
  };

  test('a list by variables', async () => {
    expect(await read(fromEnvironment(env))).toMatchObject({ known: true, visible: 4 });
  });

  test('a stream by variables, which name no group', async () => {
    const stream = { ...env, REDIS_QUEUE_KEY: 'log', REDIS_QUEUE_TYPE: 'stream' };
    expect(await read(fromEnvironment(stream))).toMatchObject({ known: true, visible: 3 });
  });

  test('a processing key and a group by payload', async () => {
    const payload = (queue_config: object) =>
      fromPayload({ config: { queue_config, use_combined_messages: true } }, env);
    expect(await read(payload({ processing_key: 'working' }))).toMatchObject({ visible: 4, inFlight: 2 });
    expect(
      await read(payload({ queue_key: 'log', queue_type: 'stream', consumer_group: 'workers' })),
    ).toMatchObject({ visible: 2, inFlight: 1 });
  });

  test('combined counts without a key to see them by are what waits, and in flight is not given', async () => {
    const reading = await read(fromEnvironment({ ...env, USE_COMBINED_MESSAGES: 'True' }));
    expect(reading).toMatchObject({ known: true, visible: 4 });
    expect(reading).not.toHaveProperty('inFlight');
  });
});
