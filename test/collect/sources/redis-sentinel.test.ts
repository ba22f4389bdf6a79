import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { type RedisSentinel, startRedisSentinel } from '../../servers/redis-sentinel.ts';
import { START_LIMIT_MS } from '../../servers/server.ts';
import { type Options, readAll, readOne, settles } from './behaviour.ts';
import { redisClient, texts } from './redis-client.ts';

describe('behind sentinels', () => {
  let servers: RedisSentinel;
  let options: Options;
  /** As the Sentinel sees it. */
  const masterPort = async (): Promise<number> => {
    const [sentinel = { host: '', port: 0 }] = servers.address.sentinels;
    const reply = await redisClient(sentinel)((client) =>
      client.sendCommand(['SENTINEL', 'get-master-addr-by-name', servers.address.name]),
    );
    return Number((reply as unknown as string[])[1]);
  };
  const onMaster = async <T>(work: Parameters<ReturnType<typeof redisClient>>[0]): Promise<T> =>
    redisClient({ host: '127.0.0.1', port: await masterPort(), password: 'geheim' })(work) as Promise<T>;

  beforeAll(async () => {
    servers = await startRedisSentinel({ password: 'geheim' });
    const { sentinels, name, password = '' } = servers.address;
    options = {
      type: 'redis',
      sentinels,
      sentinelName: name,
      password,
      queueKey: 'orders',
      processingKey: 'working',
    };
  }, START_LIMIT_MS);
  afterAll(async () => {
    await closeConnections();
    await servers.close();
  });

  test('the master that they name is read', async () => {
    await onMaster((client) => client.rPush('orders', texts(5)));
    expect(await readOne(options)).toMatchObject({ known: true, visible: 5, inFlight: 0 });
  });

  test('a master they do not know, sentinels that are away, passwords that are wrong', async () => {
    const gone = [{ host: '127.0.0.1', port: 1 }];
    const sentinels = options.sentinels as readonly object[];
    const readings = await readAll([
      { ...options, sentinelName: 'other' },
      { ...options, sentinels: gone },
      { ...options, sentinels: [...gone, ...sentinels] },
      { ...options, password: 'falsch' },
      { ...options, password: undefined },
      { ...options, sentinelPassword: 'none is wanted' },
    ]);
    expect(readings).toMatchObject([
      { known: false, why: expect.stringMatching(/knows no master other: check sentinelName/) },
      { known: false, why: expect.stringMatching(/^the sentinel 127.0.0.1:1 refused the connection/) },
      { known: true, visible: 5 },
      {
        known: false,
        why: expect.stringMatching(/the Redis master mymaster.* refused the user default: check username/),
      },
      {
        known: false,
        why: expect.stringMatching(/the Redis master mymaster.* asks for a password: give password/),
      },
      {
        known: false,
        why: expect.stringMatching(/^the sentinel .* has no password.*leave sentinelPassword/),
      },
    ]);
  });

  test('failover: unknown while nobody is master, then the new one, and nothing was lost', async () => {
    const before = await masterPort();
    expect(await readOne(options)).toMatchObject({ known: true, visible: 5 });
    await servers.master.stop();
    const seen: unknown[] = [];
    for (let tick = 0; tick < 600; tick += 1) {
      const reading = await readOne(options);
      seen.push(reading.known ? reading.visible : 'unknown');
      if (reading.known) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(new Set(seen)).toEqual(new Set(['unknown', 5]));
    expect(await masterPort()).not.toBe(before);
    await onMaster((client) => client.rPush('orders', texts(1)));
    await settles(options, { known: true, visible: 6 });
    await servers.master.start();
    await settles(options, { known: true, visible: 6 });
  }, 90_000);
});
