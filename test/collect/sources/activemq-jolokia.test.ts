/** Jolokia over HTTP, on a real broker; what no broker of ours answers comes from a small server. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { basic, type JsonServer, startJsonServer } from '../../endpoints/json-server.ts';
import { type ActivemqAddress, startActivemq } from '../../servers/activemq.ts';
import { certificates } from '../../servers/certificates.ts';
import { type Server, START_LIMIT_MS } from '../../servers/server.ts';
import { type ActivemqClient, activemqClient, ODD_NAMES } from './activemq-client.ts';
import { behavesAsASource, type Options, readAll, readOne, settles } from './behaviour.ts';

behavesAsASource({
  name: 'activemq by Jolokia',
  start: async () => {
    const { address, ...server } = await startActivemq({
      tls: true,
      username: 'shop',
      password: 'p:a\\n %"',
    });
    const { jolokiaUrl, jolokiaTlsUrl = '', username, password, ca } = address;
    const { wrongCa } = await certificates();
    const at = (endpoint: string, more: Options) => (queueName: string) => ({
      type: 'activemq',
      endpoints: [endpoint],
      queueName,
      username,
      password,
      ...more,
    });
    return {
      options: at(jolokiaUrl, {}),
      ...activemqClient(address),
      server,
      close: server.close,
      wrongPassword: {
        options: at(jolokiaUrl, { password: 'wrong' }),
        why: /refused the user shop: check username and password or passwordSecret \(status 401\)/,
      },
      tls: {
        options: at(jolokiaTlsUrl, { tls: { ca } }),
        wrongCa: at(jolokiaTlsUrl, { tls: { ca: wrongCa } }),
      },
    };
  },
  at: (options, host, port) => ({ ...options, endpoints: [`http://${host}:${port}`] }),
  missing: /has no queue nowhere: check queueName/,
  oddNames: ODD_NAMES,
  pooled: true,
});

describe('a broker', () => {
  let server: Server<ActivemqAddress>;
  let client: ActivemqClient;
  let of: (queueName: string, more?: Options) => Options;
  beforeAll(async () => {
    server = await startActivemq();
    client = activemqClient(server.address);
    const { jolokiaUrl, username, password } = server.address;
    const endpoints = [new URL(jolokiaUrl).origin];
    of = (queueName, more = {}) => ({ type: 'activemq', endpoints, queueName, username, password, ...more });
  }, START_LIMIT_MS);
  afterAll(async () => {
    await closeConnections();
    await server?.close();
  });

  test('by its name, which must be right; without, whatever the broker is called', async () => {
    await client.send('orders', 3);
    await settles(of('orders'), { known: true, visible: 3 });
    await settles(of('orders', { brokerName: 'localhost' }), { known: true, visible: 3, inFlight: 0 });
    expect(await readOne(of('orders', { brokerName: 'another' }))).toMatchObject({
      known: false,
      why: expect.stringMatching(/the broker another has no queue orders/),
    });
  }, 30_000);

  test('a wildcard is no pattern', async () => {
    await client.send('shop.orders', 1);
    for (const name of ['shop.*', '*', '>'])
      expect(await readOne(of(name))).toMatchObject({ known: false, error: 'NoSuchQueue' });
  });

  test('two queues with one MBean name: the one that has it is read, the other unknown', async () => {
    await client.send('a:b', 2);
    await client.send('a_b', 5);
    await settles(of('a:b'), { known: true, visible: 2 });
    expect(await readOne(of('a_b'))).toMatchObject({
      known: false,
      why: expect.stringMatching(/shows the queue a:b, whose MBean is called as that of a_b/),
    });
    await settles(of('a:b'), { known: true, visible: 2 });
  }, 30_000);

  test('reading makes no queue', async () => {
    const before = await client.list('Queues');
    await readOne(of('unseen'));
    expect(await client.list('Queues')).toEqual(before);
  });
});

describe('another server', () => {
  const PATH = '/api/jolokia';
  let front: JsonServer;
  let of: (queueName: string, more?: Options) => Options;
  beforeAll(async () => {
    front = await startJsonServer();
    of = (queueName, more = {}) => ({ type: 'activemq', endpoints: [front.url], queueName, ...more });
  });
  afterAll(async () => {
    await closeConnections();
    await front.stop();
  });

  const attributes = (given: object) => ({
    Name: 'orders',
    QueueSize: 7,
    InFlightCount: 2,
    EnqueueCount: 9,
    DequeueCount: 2,
    ...given,
  });
  const mbean = (broker: string) =>
    `org.apache.activemq:brokerName=${broker},destinationName=orders,destinationType=Queue,type=Broker`;
  const value = (given: object) => [{ status: 200, value: { [mbean('b')]: attributes(given) } }];

  test.each([
    [
      'the console, with status 200',
      '<!DOCTYPE html><title>ActiveMQ</title>0',
      200,
      /with an HTML page: is this Jolokia's address, and may the user see the web console\?/,
    ],
    ['text', '0', 200, /answered something else than was asked/],
    ['half an answer', '[{"status":200,"value"', 200, /with something other than JSON/],
    ['nothing', '', 200, /with something other than JSON/],
    ['more than was asked', [{ status: 404 }, { status: 404 }], 200, /something else than was asked/],
    [
      'its own refusal',
      { status: 403, error: 'Origin http://localhost is not allowed to call this agent' },
      200,
      /Origin http:\/\/localhost is not allowed/,
    ],
    [
      'a fault of one MBean',
      [{ status: 500, error: 'javax.management.ReflectionException' }],
      200,
      /ReflectionException/,
    ],
    [
      'two brokers',
      [{ status: 200, value: { [mbean('a')]: attributes({}), [mbean('b')]: attributes({}) } }],
      200,
      /several brokers: give one as brokerName \(a, b\)/,
    ],
    ['no size', value({ QueueSize: undefined }), 200, /without a usable QueueSize/],
    ['a size that is no number', value({ QueueSize: 'many' }), 200, /without a usable QueueSize \("many"\)/],
    ['no counters', value({ EnqueueCount: null }), 200, /without a usable EnqueueCount \(null\)/],
    ['a negative size', value({ QueueSize: -3 }), 200, /without a usable QueueSize \(-3\)/],
    ['403', 'no', 403, /refused a login without a user: .*status 403/],
    ['503', 'starting', 503, /status 503/],
  ])('%s is unknown, never 0', async (_, what, status, why) => {
    front.tell(PATH, what, status);
    expect(await readOne(of('orders'))).toMatchObject({ known: false, why: expect.stringMatching(why) });
    // It is asked again, and not given up.
    front.tell(PATH, value({}));
    expect(await readOne(of('orders'))).toMatchObject({ known: true, visible: 5, inFlight: 2 });
  });

  test.each([
    [
      'more in flight than there is, for an instant',
      { QueueSize: 2, InFlightCount: 5 },
      { visible: 0, inFlight: 2 },
    ],
    [
      'less than nothing in flight',
      { InFlightCount: -4 },
      { visible: 7, inFlight: 0, notes: ['the broker counts -4 messages in flight, which is taken as 0'] },
    ],
    ['numbers as text', { QueueSize: '7' }, { visible: 5, inFlight: 2 }],
    ['2^53 - 1 messages', { QueueSize: 9007199254740991 }, { visible: 9007199254740989, inFlight: 2 }],
  ])('%s', async (_, given, expected) => {
    front.tell(PATH, value(given));
    expect(await readOne(of('orders'))).toMatchObject({ known: true, ...expected });
  });

  test('a redirect is not followed, least of all with the password', async () => {
    const other = await startJsonServer();
    const moved = new URL(PATH, other.url).href;
    const { createServer } = await import('node:http');
    const redirecting = createServer((_, response) => response.writeHead(302, { location: moved }).end());
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    const address = redirecting.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const given = of('orders', { endpoints: [`http://127.0.0.1:${port}`], username: 'u', password: 'p' });
    expect(await readOne(given)).toMatchObject({ known: false, why: expect.stringMatching(/not followed/) });
    expect(other.heard).toEqual([]);
    redirecting.close();
    await other.stop();
  });

  test('what it is asked: one POST for all services of a tick, with an origin and the login', async () => {
    front.heard.length = 0;
    front.tell(PATH, [{ status: 404 }, { status: 404 }]);
    const login = { username: 'u', password: 'p' };
    await readAll([of('orders', login), of("a:b*='d'", login)]);
    expect(front.heard).toHaveLength(1);
    const [{ method, path, headers, body } = { method: '', path: '', headers: {}, body: '' }] = front.heard;
    expect({ method, path }).toEqual({ method: 'POST', path: PATH });
    expect(headers).toMatchObject({ origin: 'http://localhost', authorization: basic('u', 'p') });
    const names = (JSON.parse(body) as { mbean: string }[]).map(
      ({ mbean: name }) => /destinationName=(.*)$/.exec(name)?.[1],
    );
    expect(names).toEqual(['orders', 'a_b&ast;&amp;_d_']);
  });

  test('of a pair, the one that has the queue is believed, and remembered', async () => {
    const standby = await startJsonServer();
    const pair = of('orders', { endpoints: [standby.url, front.url] });
    standby.tell(PATH, [{ status: 404 }]);
    front.tell(PATH, value({}));
    expect(await readOne(pair)).toMatchObject({ known: true, visible: 5 });
    standby.heard.length = 0;
    expect(await readOne(pair)).toMatchObject({ known: true, visible: 5 });
    expect(standby.heard).toEqual([]);

    // They change roles.
    front.tell(PATH, [{ status: 404 }]);
    standby.tell(PATH, value({ QueueSize: 12 }));
    expect(await readOne(pair)).toMatchObject({ known: true, visible: 10 });
    standby.tell(PATH, [{ status: 404 }]);
    expect(await readOne(pair)).toMatchObject({ known: false, error: 'NoSuchQueue' });
    await standby.stop();
    front.tell(PATH, value({}));
    expect(await readOne(pair)).toMatchObject({ known: true, visible: 5 });
  });
});
