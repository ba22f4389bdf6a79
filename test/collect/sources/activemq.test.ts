/** The statistics plugin over STOMP, on a real broker. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { withRates } from '../../../lambdas/collect/rates.ts';
import { readerOf } from '../../../lambdas/collect/read.ts';
import { AT, later } from '../../samples.ts';
import { type ActivemqAddress, startActivemq } from '../../servers/activemq.ts';
import { certificates } from '../../servers/certificates.ts';
import { type Door, openDoor } from '../../servers/door.ts';
import { type Server, START_LIMIT_MS } from '../../servers/server.ts';
import { type ActivemqClient, activemqClient, ODD_NAMES } from './activemq-client.ts';
import { behavesAsASource, type Options, readAll, readOne, settles, sockets } from './behaviour.ts';

behavesAsASource({
  name: 'activemq by the statistics plugin',
  start: async () => {
    const { address, ...server } = await startActivemq({
      tls: true,
      username: 'shop',
      password: 'p:a\\n %"',
    });
    const { stompPort, stompTlsPort, username, password, ca } = address;
    const client = activemqClient(address);
    const { wrongCa } = await certificates();
    const at = (endpoint: string, more: Options) => (queueName: string) => ({
      type: 'activemq',
      endpoints: [endpoint],
      queueName,
      username,
      password,
      ...more,
    });
    const [plain, secure] = [`stomp://127.0.0.1:${stompPort}`, `stomp+ssl://127.0.0.1:${stompTlsPort}`];
    return {
      options: at(plain, {}),
      ...client,
      server,
      close: server.close,
      wrongPassword: {
        options: at(plain, { password: 'wrong' }),
        why: /refused the user shop: check username and password/,
      },
      tls: { options: at(secure, { tls: { ca } }), wrongCa: at(secure, { tls: { ca: wrongCa } }) },
    };
  },
  at: (options, host, port) => ({ ...options, endpoints: [`stomp://${host}:${port}`] }),
  missing: /has no queue nowhere: check queueName/,
  oddNames: ODD_NAMES,
});

describe('the statistics plugin', () => {
  let server: Server<ActivemqAddress>;
  let client: ActivemqClient;
  let of: (queueName: string, more?: Options) => Options;
  beforeAll(async () => {
    server = await startActivemq();
    client = activemqClient(server.address);
    const { stompPort, username, password } = server.address;
    const endpoints = [`stomp://127.0.0.1:${stompPort}`];
    of = (queueName, more = {}) => ({ type: 'activemq', endpoints, queueName, username, password, ...more });
  }, START_LIMIT_MS);
  afterAll(async () => {
    await closeConnections();
    await server?.close();
  });

  test('a name with a wildcard means the queue of that name, not those that fit', async () => {
    await client.send('shop.orders', 3);
    for (const name of ['shop.*', 'shop.>', '>', '*'])
      expect(await readOne(of(name))).toMatchObject({ known: false, error: 'NoSuchQueue' });
    await client.send('shop.*', 1);
    await settles(of('shop.*'), { known: true, visible: 1 });
    await settles(of('shop.orders'), { known: true, visible: 3 });
  }, 30_000);

  test('a missing queue is told long before the time limit, and beside others that are there', async () => {
    await client.send('there', 2);
    const readings = await readAll(
      ['there', 'gone', 'there', 'away'].map((name, index) => of(name, { timeLimit: `${4 + index}s` })),
    );
    expect(readings.map((reading) => (reading.known ? reading.visible : reading.error))).toEqual([
      2,
      'NoSuchQueue',
      2,
      'NoSuchQueue',
    ]);
  }, 30_000);

  test('reading makes no queue and no topic, and leaves no temporary queue', async () => {
    await client.create('seen');
    await closeConnections();
    const before = [await client.list('Queues'), await client.list('Topics')];
    for (const name of ['seen', 'unseen', 'ActiveMQ.Statistics.Broker']) await readOne(of(name));
    expect(await client.list('TemporaryQueues')).toHaveLength(1);
    expect(await client.list('Queues')).toEqual(before[0]);
    expect((await client.list('Topics')).filter((name) => name.includes('Statistics'))).toEqual([]);
    await closeConnections();
    expect(await client.list('TemporaryQueues')).toEqual([]);
  }, 30_000);

  test("the age of the oldest message is the broker's, and an empty queue has none", async () => {
    await client.send('aged', 1);
    const age = async (): Promise<number> => {
      const reading = await readOne(of('aged'));
      return reading.known ? (reading.oldestAgeSeconds ?? -1) : -1;
    };
    const first = await age();
    expect(first).toBeGreaterThanOrEqual(0);
    await client.send('aged', 1);
    expect(await age()).toBeGreaterThan(first);
    await client.finish('aged', 2);
    await settles(of('aged'), { known: true, visible: 0, inFlight: 0 });
    expect(await readOne(of('aged'))).not.toHaveProperty('oldestAgeSeconds');
  }, 30_000);

  test('arrivals and departures per second, from two readings; a broker that starts anew has none', async () => {
    await client.send('rated', 20);
    const sight = (at: string) =>
      readerOf({ at, longestMs: 4000 })({
        given: of('rated'),
        path: 'source',
        owner: { cluster: 'shop', service: 'worker' },
        needsInFlight: true,
      });
    await settles(of('rated'), { known: true, visible: 20 });
    const first = withRates(await sight(AT), 'rated', undefined, AT);
    await client.send('rated', 10);
    await client.finish('rated', 25);
    await settles(of('rated'), { known: true, visible: 5, inFlight: 0 });
    const second = withRates(await sight(later(5)), 'rated', first.totals, later(5));
    expect(second.reading).toMatchObject({ arrivalsPerSecond: 2, departuresPerSecond: 5 });

    await server.stop();
    await server.start();
    const third = withRates(await sight(later(10)), 'rated', second.totals, later(10));
    // What is on the disk is there again, and its counters are not: no rate, rather than a wrong one.
    expect(third.reading).toMatchObject({ known: true, visible: 5, inFlight: 0 });
    expect(third.reading).not.toHaveProperty('arrivalsPerSecond');
  }, 60_000);

  test('ten thousand messages, to the message', async () => {
    await client.send('many', 10_000);
    await settles(of('many'), { known: true, visible: 10_000, inFlight: 0 });
  }, 60_000);

  test('a hundred services in one tick, in one session', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `one-of-many-${index}`);
    for (const name of names) await client.create(name);
    await closeConnections();
    const before = sockets();
    const readings = await readAll(names.map((name) => of(name)));
    expect(readings.every(({ known }) => known)).toBe(true);
    expect(sockets()).toBe(before + 1);
    expect(await client.list('TemporaryQueues')).toHaveLength(1);
  }, 60_000);

  describe('through a door', () => {
    let door: Door;
    let through: Options;
    beforeAll(async () => {
      door = await openDoor(server.address.stompPort);
      through = of('behind', { endpoints: [`stomp://127.0.0.1:${door.port}`] });
      await client.send('behind', 4);
    });
    afterAll(() => door.close());

    test('a session that has died is noticed when it is asked, and the question put again', async () => {
      await settles(through, { known: true, visible: 4 });
      door.cutAtNextWord();
      expect(await readOne(through)).toMatchObject({ known: true, visible: 4 });
    });

    test('one that keeps silent is given up: unknown, then a new one', async () => {
      await settles(through, { known: true });
      door.silence();
      expect(await readOne({ ...through, timeLimit: '500ms' })).toMatchObject({
        known: false,
        why: expect.stringMatching(/stomp:.* did not answer in time/),
      });
      door.listen();
      await settles(through, { known: true, visible: 4 });
    }, 30_000);
  });
});

describe('a user whom an authorization map lets read some statistics only', () => {
  const entries = [
    '<authorizationEntry queue=">" read="admins" write="admins" admin="admins"/>',
    '<authorizationEntry topic="ActiveMQ.Advisory.>" read="admins" write="admins" admin="admins"/>',
    ...['Broker', 'Destination.queue://open'].map(
      (name) => `<authorizationEntry topic="ActiveMQ.Statistics.${name}" write="admins" admin="admins"/>`,
    ),
  ];
  const map = `<authorizationPlugin><map><authorizationMap><authorizationEntries>${entries.join('')}</authorizationEntries><tempDestinationAuthorizationEntry><tempDestinationAuthorizationEntry read="admins" write="admins" admin="admins"/></tempDestinationAuthorizationEntry></authorizationMap></map></authorizationPlugin>`;
  test(
    'the refusal concerns that queue, and says what to allow',
    async () => {
      const server = await startActivemq({ plugins: `<statisticsBrokerPlugin/>${map}` });
      const { stompPort, username, password } = server.address;
      const of = (queueName: string) => ({
        type: 'activemq',
        endpoints: [`stomp://127.0.0.1:${stompPort}`],
        queueName,
        username,
        password,
      });
      try {
        const client = activemqClient(server.address);
        await client.send('open', 2);
        await client.send('secret', 2);
        const [open, secret, again] = await readAll([of('open'), of('secret'), of('open')]);
        expect(open).toMatchObject({ known: true, visible: 2 });
        expect(again).toMatchObject({ known: true, visible: 2 });
        expect(secret).toMatchObject({
          known: false,
          why: expect.stringMatching(
            /not authorized.*allow the user to write to the topics ActiveMQ\.Statistics/,
          ),
        });
      } finally {
        await closeConnections();
        await server.close();
      }
    },
    START_LIMIT_MS,
  );
});
