import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { certificates } from '../../servers/certificates.ts';
import { type RedisAddress, startRedis } from '../../servers/redis.ts';
import { type Server, START_LIMIT_MS } from '../../servers/server.ts';
import { behavesAsASource, readAll, readOne, type Subject } from './behaviour.ts';
import { redisClient, texts } from './redis-client.ts';

const ODD_NAMES = ['ord ers/50 %', 'größe 🚀', '{eu}:orders', '{}{x}:{', 'a\nb\t"c\\'];

const startList = async (): Promise<Subject> => {
  const server = await startRedis({ users: { scaler: 'ge/heim%' }, tls: true });
  const { wrongCa } = await certificates();
  const { host, port, tlsPort = 0, ca = '', username = '', password = '' } = server.address;
  const run = redisClient(server.address);
  const options = (queue: string) => ({
    type: 'redis',
    host,
    port,
    username,
    password,
    queueKey: queue,
    processingKey: `${queue}:working`,
  });
  return {
    options,
    // A list is made by its first message, and an empty one does not exist.
    create: (queue) => run(async (client) => void (await client.del([queue, `${queue}:working`]))),
    send: (queue, messages) => run(async (client) => void (await client.rPush(queue, texts(messages)))),
    hold: (queue, messages) =>
      run(async (client) => {
        for (let taken = 0; taken < messages; taken += 1)
          await client.lMove(queue, `${queue}:working`, 'LEFT', 'RIGHT');
        return () => run(async (other) => void (await other.del(`${queue}:working`)));
      }),
    server,
    close: server.close,
    wrongPassword: {
      options: (queue) => ({ ...options(queue), password: 'falsch' }),
      why: /refused the user scaler: check username and password or passwordSecret/,
    },
    tls: {
      options: (queue) => ({ ...options(queue), port: tlsPort, tls: { ca } }),
      wrongCa: (queue) => ({ ...options(queue), port: tlsPort, tls: { ca: wrongCa } }),
    },
  };
};

behavesAsASource({
  name: 'redis list',
  start: startList,
  at: (options, host, port) => ({ ...options, host, port }),
  missing: { known: true, visible: 0, inFlight: 0 },
  oddNames: ODD_NAMES,
});

describe('a list', () => {
  let server: Server<RedisAddress>;
  let run: ReturnType<typeof redisClient>;
  let options: { readonly type: 'redis'; readonly host: string; readonly port: number };
  beforeAll(async () => {
    server = await startRedis({ tls: true });
    run = redisClient(server.address);
    options = { type: 'redis', host: server.address.host, port: server.address.port };
  }, START_LIMIT_MS);
  afterAll(async () => {
    await closeConnections();
    await server.close();
  });

  const working = { queueKey: 'orders', processingKey: 'working' };

  test.each([
    ['list', (client) => client.rPush('working', texts(3))],
    ['set', (client) => client.sAdd('working', texts(3))],
    [
      'sorted set',
      (client) =>
        client.zAdd(
          'working',
          texts(3).map((value, score) => ({ value, score })),
        ),
    ],
    ['hash', (client) => client.hSet('working', Object.fromEntries(texts(3).map((each) => [each, '1'])))],
  ] satisfies [string, (client: Parameters<Parameters<typeof run>[0]>[0]) => Promise<unknown>][])(
    'what is being worked on may be a %s, also where it was something else before',
    async (_, fill) => {
      await run(async (client) => {
        await client.del('working');
        await fill(client);
      });
      for (let reading = 0; reading < 2; reading += 1)
        expect(await readOne({ ...options, ...working })).toMatchObject({
          known: true,
          visible: 0,
          inFlight: 3,
        });
    },
  );

  test('without a processing key nothing is said about messages in flight', async () => {
    const reading = await readOne({ ...options, queueKey: 'orders' });
    expect(reading).toMatchObject({ known: true, visible: 0 });
    expect(reading).not.toHaveProperty('inFlight');
  });

  test('a key of another type is unknown, says of which, and spoils nobody else’s reading', async () => {
    await run(async (client) => {
      await client.set('text', '1');
      await client.xAdd('log', '*', { a: '1' });
      await client.rPush('good', texts(2));
    });
    expect(
      await readAll([
        { ...options, queueKey: 'text' },
        { ...options, queueKey: 'log' },
        { ...options, queueKey: 'good', processingKey: 'text' },
        { ...options, queueKey: 'good', queueType: 'stream' },
        { ...options, queueKey: 'good' },
      ]),
    ).toMatchObject([
      {
        known: false,
        error: 'WrongTypeError',
        why: 'the key text is a string, and a list was expected: check queueKey',
      },
      { known: false, why: 'the key log is a stream, and a list was expected: set queueType: stream' },
      {
        known: false,
        why: expect.stringMatching(/^the key text is a string.*sorted set or hash.*check processingKey$/),
      },
      { known: false, why: 'the key good is a list, and a stream was expected: set queueType: list' },
      { known: true, visible: 2 },
    ]);
  });

  test('a million messages, to the message', async () => {
    await run((client) =>
      client.eval(
        "for i = 1, 1000 do local t = {} for j = 1, 1000 do t[j] = j end redis.call('RPUSH', KEYS[1], unpack(t)) end",
        { keys: ['million'] },
      ),
    );
    expect(await readOne({ ...options, queueKey: 'million' })).toMatchObject({
      known: true,
      visible: 1_000_000,
    });
  }, 60_000);

  test('databases are apart, and one that is not there is unknown', async () => {
    await run((client) => client.rPush('apart', texts(2)));
    const readings = await readAll(
      [0, 1, 99].map((database) => ({ ...options, queueKey: 'apart', database })),
    );
    expect(readings).toMatchObject([
      { known: true, visible: 2 },
      { known: true, visible: 0 },
      { known: false, why: expect.stringMatching(/has no database 99: check database/) },
    ]);
  });

  test('fifty services are read in one tick over one connection', async () => {
    await run(async (client) => {
      for (let index = 0; index < 50; index += 1) await client.rPush(`q${index}`, texts(index + 1));
    });
    const each = Array.from({ length: 50 }, (_, index) => ({ ...options, queueKey: `q${index}` }));
    await readAll(each);
    const clients = await run((client) => client.sendCommand(['CLIENT', 'LIST']));
    expect(await readAll(each)).toMatchObject(each.map((_, index) => ({ known: true, visible: index + 1 })));
    const after = await run((client) => client.sendCommand(['CLIENT', 'LIST']));
    expect(String(after).split('\n').length).toBe(String(clients).split('\n').length);
  });

  test('what a wrong idea of TLS comes to', async () => {
    const { port, tlsPort = 0 } = server.address;
    expect(
      await readAll([
        { ...options, port: tlsPort, queueKey: 'orders' },
        { ...options, port, tls: true, queueKey: 'orders', timeLimit: '500ms' },
        { ...options, port: tlsPort, tls: { verify: false }, queueKey: 'orders' },
        { ...options, host: 'localhost', port: tlsPort, tls: { ca: server.address.ca }, queueKey: 'orders' },
        {
          ...options,
          cluster: true,
          host: 'localhost',
          port: tlsPort,
          tls: { ca: server.address.ca },
          queueKey: 'orders',
        },
      ]),
    ).toMatchObject([
      { known: false, why: expect.stringMatching(/closed the connection.*tls: true/) },
      { known: false, why: expect.stringMatching(/TLS|did not answer in time|closed the connection/) },
      { known: true },
      { known: true },
      { known: true },
    ]);
  });

  test('a service that waits less than the others does not cut them off', async () => {
    await run((client) => client.rPush('slow', texts(3)));
    const patient = { ...options, queueKey: 'slow', timeLimit: '4s' };
    const hasty = { ...options, queueKey: 'slow', timeLimit: '200ms' };
    await readAll([patient, hasty]);
    await run((client) => client.sendCommand(['CLIENT', 'PAUSE', '1000', 'ALL']));
    expect(await readAll([hasty, patient])).toMatchObject([{ known: false }, { known: true, visible: 3 }]);
  });
});
