import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { type RedisCluster, startRedisCluster } from '../../servers/redis-cluster.ts';
import { START_LIMIT_MS } from '../../servers/server.ts';
import { behavesAsASource, type Options, readAll, readOne, type Subject, settles } from './behaviour.ts';
import { redisClient, redisClusterClient, texts } from './redis-client.ts';

const optionsOf = ({ nodes, password }: RedisCluster['address']) => {
  return (queue: string): Options => ({
    type: 'redis',
    nodes: nodes.slice(0, 2),
    ...(password === undefined ? {} : { password }),
    queueKey: queue,
    // Of another slot, and so mostly on another node, unless the name has a {tag}.
    processingKey: `${queue}:working`,
  });
};

const startCluster = async (): Promise<Subject> => {
  const cluster = await startRedisCluster({ password: 'geheim' });
  const run = redisClusterClient(cluster.address);
  const options = optionsOf(cluster.address);
  return {
    options,
    create: (queue) =>
      run(async (client) => void (await Promise.all([client.del(queue), client.del(`${queue}:working`)]))),
    send: (queue, messages) => run(async (client) => void (await client.rPush(queue, texts(messages)))),
    // Two slots, so no LMOVE.
    hold: (queue, messages) =>
      run(async (client) => {
        await client.rPush(`${queue}:working`, (await client.lPopCount(queue, messages)) ?? []);
        return () => run(async (other) => void (await other.del(`${queue}:working`)));
      }),
    server: cluster,
    close: cluster.close,
    wrongPassword: {
      options: (queue) => ({ ...options(queue), password: 'falsch' }),
      why: /refused the user default: check username and password or passwordSecret/,
    },
  };
};

behavesAsASource({
  name: 'redis list in a cluster',
  start: startCluster,
  at: (options, host, port) => ({ ...options, nodes: [{ host, port }] }),
  missing: { known: true, visible: 0, inFlight: 0 },
  oddNames: ['ord ers/50 %', 'größe 🚀', '{eu}:orders', '{}{x}:{'],
  // One connection per node.
  pooled: true,
  without: { tls: 'as for a single server' },
});

/** Enough for every node to own some; the first test makes sure. */
const KEYS = ['queue-a', 'queue-b', 'queue-c', 'queue-d', 'queue-e', 'queue-f', 'queue-g', 'queue-h'];

describe('a cluster', () => {
  let cluster: RedisCluster;
  let options: (queue: string) => Options;
  const at = (index: number) => {
    const node = cluster.address.nodes[index];
    if (node === undefined) throw new Error(`no node ${index}`);
    return node;
  };
  const on = <T>(index: number, ...args: string[]) =>
    redisClient(at(index))((client) => client.sendCommand(args) as Promise<T>);
  const slotOf = async (key: string): Promise<number> => Number(await on(0, 'CLUSTER', 'KEYSLOT', key));
  /** The slots are dealt out in thirds. */
  const ownerOf = async (key: string): Promise<number> => Math.floor((await slotOf(key)) / (16_384 / 3));

  beforeAll(async () => {
    cluster = await startRedisCluster();
    options = optionsOf(cluster.address);
    await redisClusterClient(cluster.address)((client) =>
      Promise.all(KEYS.map((key, index) => client.rPush(key, texts(index + 1)))),
    );
  }, START_LIMIT_MS);
  afterAll(async () => {
    await closeConnections();
    await cluster.close();
  });

  const all = () => readAll(KEYS.map((key) => options(key)));
  const whole = KEYS.map((_, index) => ({ known: true, visible: index + 1, inFlight: 0 }));

  test('keys of every node, with one of them to begin with', async () => {
    expect(new Set(await Promise.all(KEYS.map(ownerOf))).size).toBe(3);
    expect(await all()).toMatchObject(whole);
    const { host, port } = at(2);
    expect(
      await readAll(KEYS.map((queueKey) => ({ type: 'redis', host, port, cluster: true, queueKey }))),
    ).toMatchObject(KEYS.map((_, index) => ({ known: true, visible: index + 1 })));
  });

  test('a node that is asked without cluster: true says so', async () => {
    const { host, port } = at(0);
    const elsewhere = (await Promise.all(KEYS.map(ownerOf))).findIndex((owner) => owner !== 0);
    expect(await readOne({ type: 'redis', host, port, queueKey: KEYS[elsewhere] })).toMatchObject({
      known: false,
      why: expect.stringMatching(/is a node of a Redis Cluster.*set cluster: true/),
    });
  });

  test('one connection per node and no more, however many keys and ticks', async () => {
    const clients = async () => {
      const lists = await Promise.all([0, 1, 2].map((index) => on<string>(index, 'CLIENT', 'LIST')));
      return lists.map((list) => list.split('\n').filter((line) => line.includes('cmd=llen')).length);
    };
    await all();
    await closeConnections();
    await all();
    await all();
    expect(await clients()).toEqual([1, 1, 1]);
  });

  test('a key that is on the move, and one that has moved', async () => {
    const key = 'queue-a';
    const [slot, from] = [String(await slotOf(key)), await ownerOf(key)];
    const to = (from + 1) % 3;
    const [source, target] = [
      await on<string>(from, 'CLUSTER', 'MYID'),
      await on<string>(to, 'CLUSTER', 'MYID'),
    ];
    expect(await readOne(options(key))).toMatchObject({ visible: 1 });
    await on(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', source);
    await on(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', target);
    await on(from, 'MIGRATE', at(to).host, String(at(to).port), key, '0', '5000');
    // The old owner says ASK, and the new one answers only whom it was told to.
    for (let reading = 0; reading < 2; reading += 1)
      expect(await readOne(options(key))).toMatchObject({ known: true, visible: 1 });
    await on(to, 'CLUSTER', 'SETSLOT', slot, 'NODE', target);
    await on(from, 'CLUSTER', 'SETSLOT', slot, 'NODE', target);
    for (let reading = 0; reading < 2; reading += 1)
      expect(await readOne(options(key))).toMatchObject({ known: true, visible: 1 });
    await on(from, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', target);
    await on(to, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', source);
    await on(to, 'MIGRATE', at(from).host, String(at(from).port), key, '0', '5000');
    await on(from, 'CLUSTER', 'SETSLOT', slot, 'NODE', source);
    await on(to, 'CLUSTER', 'SETSLOT', slot, 'NODE', source);
    expect(await all()).toMatchObject(whole);
  });

  test('a node that is away costs its own keys and nobody else’s, whichever it is', async () => {
    for (const lost of [0, 1, 2]) {
      const owners = await Promise.all(
        KEYS.map(async (key) => [await ownerOf(key), await ownerOf(`${key}:working`)]),
      );
      expect(await all()).toMatchObject(whole);
      await cluster.node(lost).stop();
      for (let tick = 0; tick < 3; tick += 1) {
        const readings = await all();
        expect(readings).toMatchObject(
          KEYS.map((_, index) => (owners[index]?.includes(lost) ? { known: false } : whole[index])),
        );
        const whys = readings.flatMap((reading) => (reading.known ? [] : [reading.why]));
        expect(whys.length).toBeGreaterThan(0);
        if (tick > 0)
          for (const why of whys)
            expect(why).toMatch(
              new RegExp(`^the node 127.0.0.1:${at(lost).port} refused|cannot answer just now`),
            );
      }
      await cluster.node(lost).start();
      for (const [index, key] of KEYS.entries())
        await settles(options(key), { known: true, visible: index + 1 });
    }
  }, 120_000);
});
