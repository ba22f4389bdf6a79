/** What waits in a stream and what is in flight, in all the cases in which Redis itself does not say. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { withRates } from '../../../lambdas/collect/rates.ts';
import { readerOf } from '../../../lambdas/collect/read.ts';
import type { Link } from '../../../lambdas/collect/sources/redis/link.ts';
import { streamReader } from '../../../lambdas/collect/sources/redis/stream.ts';
import { redis } from '../../../lambdas/collect/sources/redis.ts';
import { AT, later } from '../../samples.ts';
import { type RedisAddress, startRedis } from '../../servers/redis.ts';
import { type Server, START_LIMIT_MS } from '../../servers/server.ts';
import { readAll, readOne } from './behaviour.ts';
import { redisClient } from './redis-client.ts';
import { add, createGroup, group, type Run, take } from './redis-streams.ts';

describe('a stream', () => {
  let server: Server<RedisAddress>;
  let run: Run;
  let options: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    server = await startRedis({});
    run = redisClient(server.address);
    const { host, port } = server.address;
    options = { type: 'redis', host, port, queueKey: 's', ...group };
  }, START_LIMIT_MS);
  beforeEach(() => run((client) => client.del('s')));
  afterAll(async () => {
    await closeConnections();
    await server.close();
  });

  /** What Redis itself says of the lag. */
  const lag = () => run(async (client) => (await client.xInfoGroups('s'))[0]?.lag);
  const reading = () => readOne(options);

  test('lag and pending, the delivered of which some are done', async () => {
    await run(async (client) => {
      await createGroup(client, 's');
      await add(client, 's', 10);
      const ids = await take(client, 's', 6);
      await client.xAck('s', group.consumerGroup, ids.slice(0, 2));
    });
    expect(await lag()).toBe(4);
    expect(await reading()).toMatchObject({ known: true, visible: 4, inFlight: 4 });
  });

  test('a lag that Redis does not know after XDEL is counted, over several pages', async () => {
    await run(async (client) => {
      await createGroup(client, 's');
      const ids = await add(client, 's', 3000);
      await take(client, 's', 100);
      await client.xDel('s', ids.slice(1000, 1010));
    });
    expect(await lag()).toBeNull();
    const seen = await reading();
    expect(seen).toMatchObject({ known: true, visible: 2890, inFlight: 100 });
    expect(seen).not.toHaveProperty('atLeast');
  });

  test('a group that begins in the middle', async () => {
    await run(async (client) => {
      const ids = await add(client, 's', 50);
      await createGroup(client, 's', ids[19]);
    });
    expect(await lag()).toBeNull();
    expect(await reading()).toMatchObject({ known: true, visible: 30, inFlight: 0 });
  });

  test('a group that begins at the end, and at an id that was never given', async () => {
    await run(async (client) => {
      await add(client, 's', 5);
      await createGroup(client, 's', '$');
    });
    expect(await reading()).toMatchObject({ known: true, visible: 0, inFlight: 0 });
    await run((client) =>
      client.xGroupSetId('s', group.consumerGroup, '18446744073709551615-18446744073709551615'),
    );
    expect(await reading()).toMatchObject({ known: true, visible: 0 });
    await run((client) => client.xGroupSetId('s', group.consumerGroup, '1-18446744073709551615'));
    expect(await reading()).toMatchObject({ known: true, visible: 5 });
  });

  test('entries that were trimmed away never come, and do not count', async () => {
    await run(async (client) => {
      await createGroup(client, 's');
      await add(client, 's', 10);
      await take(client, 's', 2);
      await client.xTrim('s', 'MAXLEN', 3);
    });
    expect(await reading()).toMatchObject({ known: true, visible: 3, inFlight: 2 });
    await run((client) => client.xTrim('s', 'MAXLEN', 0));
    expect(await reading()).toMatchObject({ known: true, visible: 0, inFlight: 2 });
  });

  test('counting stops at a bound and says that there are more', async () => {
    await run(async (client) => {
      await createGroup(client, 's', '0');
      await client.eval("for i = 1, 15000 do redis.call('XADD', KEYS[1], '1-' .. i, 'a', '1') end", {
        keys: ['s'],
      });
      await take(client, 's', 100);
      await client.xDel('s', '1-9000');
    });
    expect(await reading()).toMatchObject({
      known: true,
      visible: 10_000,
      inFlight: 100,
      atLeast: true,
      notes: [expect.stringMatching(/does not know the lag.*up to 10000: there are more/)],
    });
  });

  test('large entries stop it earlier, before they fill memory and line', async () => {
    await run(async (client) => {
      await createGroup(client, 's', '0');
      await client.eval(
        "local large = string.rep('x', 100000) for i = 1, 300 do redis.call('XADD', KEYS[1], '1-' .. i, 'a', large) end",
        { keys: ['s'] },
      );
      await take(client, 's', 1);
      await client.xDel('s', '1-299');
    });
    const seen = await reading();
    expect(seen).toMatchObject({ known: true, inFlight: 1, atLeast: true });
    const { visible } = seen as { visible: number };
    expect(visible).toBeGreaterThanOrEqual(80);
    expect(visible).toBeLessThan(100);
  });

  test('no such group yet: all entries wait, and it says so', async () => {
    await run((client) => add(client, 's', 4));
    expect(await reading()).toMatchObject({
      known: true,
      visible: 4,
      inFlight: 0,
      notes: [expect.stringMatching(/has no group work ers\/ü yet/)],
    });
  });

  test('without a consumer group in the options every entry counts, and what is in flight is not known', async () => {
    await run((client) => add(client, 's', 4));
    const seen = await readOne({ ...options, consumerGroup: undefined });
    expect(seen).toMatchObject({ known: true, visible: 4, notes: [expect.stringMatching(/consumerGroup/)] });
    expect(seen).not.toHaveProperty('inFlight');
  });

  test('how old the first waiting entry is, also while consumers move on', async () => {
    const at = new Date().toISOString();
    const ids = [90, 60, 30].map((ago) => `${Date.parse(at) - ago * 1000}-0`);
    await run(async (client) => {
      await createGroup(client, 's');
      for (const id of ids) await client.xAdd('s', id, { a: '1' });
    });
    const age = async () => (await readAll([options], at))[0];
    expect(await age()).toMatchObject({ visible: 3, oldestAgeSeconds: 90 });
    await run((client) => take(client, 's', 1));
    for (let again = 0; again < 2; again += 1)
      expect(await age()).toMatchObject({ visible: 2, inFlight: 1, oldestAgeSeconds: 60 });
    await run((client) => take(client, 's', 1));
    expect(await age()).toMatchObject({ visible: 1, oldestAgeSeconds: 30 });
    await run((client) => take(client, 's', 1));
    expect(await age()).not.toHaveProperty('oldestAgeSeconds');
  });

  test('ids that are no times have no age', async () => {
    await run(async (client) => {
      await createGroup(client, 's');
      await client.xAdd('s', '7-7', { a: '1' });
    });
    expect(await reading()).not.toHaveProperty('oldestAgeSeconds');
  });

  test('rates from two readings: added, and given and acknowledged', async () => {
    const readAt = async (at: string, memory: Parameters<typeof withRates>[2]) => {
      const read = readerOf({ at, longestMs: 4000 });
      const seen = await read({
        given: options,
        path: '',
        owner: { cluster: 'c', service: 's' },
        needsInFlight: true,
      });
      return withRates(seen, options, memory, at);
    };
    await run((client) => createGroup(client, 's'));
    const before = await readAt(AT, undefined);
    expect(before.reading).not.toHaveProperty('arrivalsPerSecond');
    await run(async (client) => {
      await add(client, 's', 50);
      const ids = await take(client, 's', 30);
      await client.xAck('s', group.consumerGroup, ids.slice(0, 20));
    });
    const { reading: second } = await readAt(later(10), before.totals);
    expect(second).toMatchObject({ visible: 20, inFlight: 10, arrivalsPerSecond: 5, departuresPerSecond: 2 });
  });

  test('as Redis before 7 answers, without lag and totals', async () => {
    await run(async (client) => {
      await createGroup(client, 's');
      await add(client, 's', 20);
      await take(client, 's', 5);
    });
    const seen = await run((client) => {
      const older = async (command: string, reply: unknown): Promise<unknown> => {
        const names = /^(lag|entries-read|entries-added|max-deleted-entry-id|recorded-first-entry-id)$/;
        const without = (flat: unknown[]) =>
          flat.filter((_, index) => !names.test(String(flat[index - (index % 2)])));
        if (command === 'XINFO GROUPS') return (reply as unknown[][]).map(without);
        return command === 'XINFO STREAM' ? without(reply as unknown[]) : reply;
      };
      const link: Link = {
        send: async (command, key, ...more) =>
          older(command, await client.sendCommand([...command.split(' '), key, ...more])),
        close: () => undefined,
      };
      return streamReader(link)(
        redis.options.parse(options) as Parameters<ReturnType<typeof streamReader>>[0],
        { at: AT },
      );
    });
    expect(seen).toMatchObject({ visible: 15, inFlight: 5, totals: {} });
    expect(seen.totals).toEqual({});
  });
});
