/** Each server does what the other tests rely on: it answers, refuses, has its data again, and leaves nothing behind. */
import { get as httpGet } from 'node:http';
import { connect } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import { certificates } from './certificates.ts';
import { childrenOf, foldersOf } from './leftovers.ts';
import { startNginx } from './nginx.ts';
import { ask, get } from './port.ts';
import { until } from './process.ts';
import { startRedisSentinel } from './redis-sentinel.ts';
import { START_LIMIT_MS } from './server.ts';
import { startSilent } from './silent.ts';
import { activemq } from './stories/activemq.ts';
import { kinesis, sqs } from './stories/aws.ts';
import { kafka } from './stories/kafka.ts';
import { rabbitmq } from './stories/rabbitmq.ts';
import { redis, redisCluster, redisSentinel } from './stories/redis.ts';

const STORIES = {
  redis,
  'a Redis cluster': redisCluster,
  'Redis under a Sentinel': redisSentinel,
  rabbitmq,
  activemq,
  kafka,
  kinesis,
  sqs,
};

/** Resolves with undefined when the certificate is verified, else with why not. */
const verified = (port: number, ca: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost' }, () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.on('error', ({ message }) => resolve(message));
  });

const refused = (port: number) => expect(ask(port, '', /./)).rejects.toThrow('ECONNREFUSED');

describe('a real server', () => {
  test.each(Object.entries(STORIES))(
    '%s keeps its messages over a stop and leaves nothing behind',
    async (_, start) => {
      const [folders, children] = [foldersOf(process.pid), childrenOf(process.pid)];
      const { server, ports, tlsPorts = [], write, count } = await start();
      try {
        await write(3);
        expect(await count()).toBe(3);

        const { ca, wrongCa } = await certificates();
        for (const port of tlsPorts) {
          expect(await verified(port, ca)).toBeUndefined();
          expect(await verified(port, wrongCa)).toMatch(/certificate/);
        }

        await server.stop();
        for (const port of ports) await refused(port);

        await server.start();
        expect(await count()).toBe(3);
      } finally {
        await server.close();
      }
      for (const port of ports) await refused(port);
      expect(foldersOf(process.pid)).toEqual(folders);
      expect(childrenOf(process.pid)).toEqual(children);
    },
    START_LIMIT_MS,
  );

  test(
    'nginx answers on every address and holds a connection for as long as the client stays',
    async () => {
      const { address, stop, start, close } = await startNginx({ addresses: ['127.0.0.1', '127.0.0.2'] });
      const { addresses, port } = address;
      const active = async (host: string) =>
        Number(/Active connections: (\d+)/.exec(await get(port, '/nginx_status', { host }))?.[1]);
      try {
        for (const host of addresses) expect(await active(host)).toBe(1);
        const held = httpGet({ host: '127.0.0.2', port, path: '/hold', agent: false });
        held.on('error', () => {});
        await new Promise((resolve) => held.once('response', resolve));
        expect(await active('127.0.0.1')).toBe(2);
        held.destroy();
        await until(async () => {
          if ((await active('127.0.0.1')) !== 1) throw new Error('the connection is still held');
        });
        await stop();
        await refused(port);
        await start();
        expect(await active('127.0.0.2')).toBe(1);
      } finally {
        await close();
      }
      await refused(port);
    },
    START_LIMIT_MS,
  );

  test('the silent one accepts and says nothing', async () => {
    const { address, stop, start, close } = await startSilent();
    await expect(ask(address.port, 'PING\r\n', /./)).rejects.toThrow('did not answer');
    await stop();
    await refused(address.port);
    await start();
    await close();
    await refused(address.port);
  });

  test(
    'a Sentinel names the replica when the master has stopped',
    async () => {
      const { address, master, close } = await startRedisSentinel();
      const [sentinel] = address.sentinels;
      const current = () => ask(sentinel?.port ?? 0, 'INFO sentinel\r\n', /address=[\d.:]+/);
      const addressIn = (text: string) => /address=([\d.:]+)/.exec(text)?.[1];
      try {
        const before = addressIn(await current());
        await master.stop();
        await until(async () => {
          if (addressIn(await current()) === before) throw new Error('no failover yet');
        });
      } finally {
        await close();
      }
    },
    START_LIMIT_MS,
  );
});
