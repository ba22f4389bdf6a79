/** Redis: a list; on a cluster, keys on all of its nodes. */
import { createClient, createCluster, createSentinel } from 'redis';
import { startRedis } from '../redis.ts';
import { startRedisCluster } from '../redis-cluster.ts';
import { startRedisSentinel } from '../redis-sentinel.ts';
import { bodies, KEY, present, type Running } from './story.ts';

export const redis = async (): Promise<Running> => {
  const server = await startRedis({ tls: true, users: { alice: 'a "secret" ü' } });
  const { host, port, tlsPort, username = '', password = '', ca = '' } = server.address;
  // Writes in plain and counts over TLS: the two are one server.
  const plain = () => createClient({ socket: { host, port }, username, password });
  const secure = () =>
    createClient({ socket: { host, port: tlsPort ?? 0, tls: true, ca }, username, password });
  return {
    server,
    ports: present([port, tlsPort]),
    tlsPorts: present([tlsPort]),
    write: async (messages) => {
      const client = await plain().connect();
      await client.rPush(KEY, bodies(messages));
      client.destroy();
    },
    count: async () => {
      const client = await secure().connect();
      const length = await client.lLen(KEY);
      client.destroy();
      return length;
    },
  };
};

export const redisCluster = async (): Promise<Running> => {
  const server = await startRedisCluster();
  const open = () =>
    createCluster({
      rootNodes: server.address.nodes.map(({ host, port }) => ({ socket: { host, port } })),
    }).connect();
  // One key per message, so that they lie on all three nodes.
  const keys = bodies(100);
  return {
    server,
    ports: server.address.nodes.map(({ port }) => port),
    write: async (messages) => {
      const cluster = await open();
      for (const key of keys.slice(0, messages)) await cluster.set(key, '1');
      cluster.destroy();
    },
    count: async () => {
      const cluster = await open();
      let found = 0;
      for (const key of keys) found += await cluster.exists(key);
      cluster.destroy();
      return found;
    },
  };
};

export const redisSentinel = async (): Promise<Running> => {
  const server = await startRedisSentinel({ password: 'secret' });
  const { sentinels, name, password = '' } = server.address;
  const open = () =>
    createSentinel({ name, sentinelRootNodes: [...sentinels], nodeClientOptions: { password } }).connect();
  return {
    server,
    ports: sentinels.map(({ port }) => port),
    write: async (messages) => {
      const client = await open();
      await client.rPush(KEY, bodies(messages));
      client.destroy();
    },
    count: async () => {
      const client = await open();
      const length = await client.lLen(KEY);
      client.destroy();
      return length;
    },
  };
};
