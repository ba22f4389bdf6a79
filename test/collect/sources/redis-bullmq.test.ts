/** Jobs that BullMQ itself adds and works on, and what older versions of it leave in Redis. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createNodeRedisClient, Queue, Worker } from 'bullmq';
import { createClient } from 'redis';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { withRates } from '../../../lambdas/collect/rates.ts';
import { readerOf } from '../../../lambdas/collect/read.ts';
import { later } from '../../samples.ts';
import { type RedisAddress, startRedis } from '../../servers/redis.ts';
import { type Server, START_LIMIT_MS } from '../../servers/server.ts';
import { type Options, readAll, settles } from './behaviour.ts';
import { redisClient } from './redis-client.ts';

describe('BullMQ', () => {
  let server: Server<RedisAddress>;
  let run: ReturnType<typeof redisClient>;
  let queue: Queue;
  let options: Options;
  const connections: ReturnType<typeof createNodeRedisClient>[] = [];

  const connection = async () => {
    const { host, port } = server.address;
    const client = createClient({ socket: { host, port } });
    client.on('error', () => undefined);
    await client.connect();
    const adapted = createNodeRedisClient(client as Parameters<typeof createNodeRedisClient>[0]);
    connections.push(adapted);
    return adapted;
  };

  beforeAll(async () => {
    server = await startRedis({});
    run = redisClient(server.address);
    const { host, port } = server.address;
    options = { type: 'redis', host, port, queueKey: 'bull:orders', queueType: 'bullmq' };
  }, START_LIMIT_MS);
  beforeEach(async () => {
    await run((client) => client.flushAll());
    queue = new Queue('orders', { connection: await connection() });
  });
  afterEach(async () => {
    await queue.close();
    for (const each of connections.splice(0)) await each.disconnect();
  });
  afterAll(async () => {
    await closeConnections();
    await server.close();
  });

  /** Now, or so many seconds later. */
  const readIn = async (seconds = 0) =>
    (await readAll([options], later(seconds, new Date().toISOString())))[0];
  const add = (count: number, opts: Parameters<Queue['addBulk']>[0][number]['opts'] = {}) =>
    queue.addBulk(Array.from({ length: count }, () => ({ name: 'order', data: {}, opts })));

  test('a queue that nobody has used is empty', async () => {
    expect(await readIn()).toMatchObject({ known: true, visible: 0, inFlight: 0, delayed: 0 });
  });

  test('waiting and prioritized jobs wait, delayed ones from when they are due', async () => {
    await add(5);
    await add(3, { priority: 2 });
    await add(2, { delay: 60_000 });
    await add(4, { delay: 600_000 });
    expect(await readIn()).toMatchObject({ visible: 8, inFlight: 0, delayed: 6 });
    // No worker is there to move those that are due.
    expect(await readIn(100)).toMatchObject({ visible: 10, delayed: 4 });
    expect(await readIn(1000)).toMatchObject({ visible: 14, delayed: 0 });
    expect(await queue.getJobCounts('wait', 'prioritized', 'delayed')).toEqual({
      wait: 5,
      prioritized: 3,
      delayed: 6,
    });
  });

  test('active jobs are in flight until they are done', async () => {
    await add(5);
    const { promise: finished, resolve: done } = Promise.withResolvers<void>();
    const worker = new Worker('orders', () => finished, { connection: await connection(), concurrency: 2 });
    await settles(options, { known: true, visible: 3, inFlight: 2 });
    done();
    await settles(options, { known: true, visible: 0, inFlight: 0 });
    await worker.close(true);
  }, 30_000);

  test('a paused queue hands nothing out, and says so', async () => {
    await add(5);
    await add(1, { priority: 1 });
    await queue.pause();
    expect(await readIn()).toMatchObject({
      visible: 0,
      delayed: 6,
      notes: ['the queue bull:orders is paused: its jobs wait until somebody resumes it'],
    });
    await queue.resume();
    expect(await readIn()).toMatchObject({ visible: 6, delayed: 0 });
  });

  test('a limit for all workers together is the most tasks that are of use', async () => {
    expect(await readIn()).not.toHaveProperty('parallelism');
    await queue.setGlobalConcurrency(3);
    expect(await readIn()).toMatchObject({ parallelism: 3 });
  });

  test('arrivals from two readings, whatever has been removed since', async () => {
    const owner = { cluster: 'c', service: 's' };
    const readAt = async (at: string, memory: Parameters<typeof withRates>[2]) => {
      const seen = await readerOf({ at, longestMs: 4000 })({
        given: options,
        path: '',
        owner,
        needsInFlight: true,
      });
      return withRates(seen, options, memory, at);
    };
    const at = new Date().toISOString();
    await add(1);
    const { totals } = await readAt(at, undefined);
    await add(20);
    await queue.drain();
    const { reading } = await readAt(later(10, at), totals);
    expect(reading).toMatchObject({ visible: 0, arrivalsPerSecond: 2 });
  });

  test('what versions before 5 write: a marker among those that wait, a list for those that are paused', async () => {
    await run((client) => client.lPush('bull:orders:wait', ['0:1763812800000', '1', '2']));
    expect(await readIn()).toMatchObject({ visible: 2 });
    await run(async (client) => {
      await client.rPop('bull:orders:wait');
      await client.rename('bull:orders:wait', 'bull:orders:paused');
      await client.hSet('bull:orders:meta', 'paused', '1');
    });
    expect(await readIn()).toMatchObject({ visible: 0, delayed: 2 });
  });

  test('a key that is no part of BullMQ’s is unknown', async () => {
    await run((client) => client.set('bull:orders:active', '1'));
    expect(await readIn()).toMatchObject({
      known: false,
      why: 'the key bull:orders:active is a string, and BullMQ keeps no such thing there: check queueKey',
    });
  });
});
