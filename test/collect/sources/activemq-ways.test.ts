/** Three ways to one queue: which is taken when, what is said of it, and how a broker is found by its ID. */
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { fromEnvironment } from '../../../lambdas/contract/dialects/fast-autoscaler.ts';
import { parseConfig } from '../../../lambdas/contract/parse.ts';
import type { Reading } from '../../../lambdas/contract/records.ts';
import type { MetricStore } from '../../../local/endpoints/cloudwatch.ts';
import { type LocalBroker, mqEndpoint } from '../../../local/endpoints/mq.ts';
import { refusing, untouched } from '../../endpoints/aws.ts';
import { startCloudWatch, type TestCloudWatch } from '../../endpoints/cloudwatch.ts';
import { startSecretsManager } from '../../endpoints/secrets-manager.ts';
import { later } from '../../samples.ts';
import { type ActivemqAddress, startActivemq } from '../../servers/activemq.ts';
import { freePort } from '../../servers/port.ts';
import { type Server, START_LIMIT_MS } from '../../servers/server.ts';
import { type SilentAddress, startSilent } from '../../servers/silent.ts';
import { type ActivemqClient, activemqClient } from './activemq-client.ts';
import { type Options, readAll, readOne, settles } from './behaviour.ts';

let broker: Server<ActivemqAddress>;
let without: Server<ActivemqAddress>;
let silent: Server<SilentAddress>;
let client: ActivemqClient;
let cloud: TestCloudWatch<MetricStore>;
let mq: HttpServer;
const described: string[] = [];
const brokers = new Map<string, readonly LocalBroker[]>();

/** The addresses of both brokers; `down` refuses, `silent` keeps silent. */
const at = {} as Record<
  'stomp' | 'web' | 'bareStomp' | 'bareWeb' | 'down' | 'downWeb' | 'silent' | 'silentWeb',
  string
>;
const of = (endpoints: readonly string[], more: Options = {}): Options => ({
  type: 'activemq',
  endpoints,
  queueName: 'orders',
  username: broker.address.username,
  password: broker.address.password,
  ...more,
});
const byId = (brokerId: string, more: Options = {}): Options => {
  const { endpoints: _, ...rest } = of([], more);
  return { ...rest, brokerId };
};
const readAt = async (given: Options, seconds: number): Promise<Reading> => {
  const [reading] = await readAll([given], later(seconds));
  if (reading === undefined) throw new Error('nothing was read');
  return reading;
};
const notesOf = (reading: Reading): string => (reading.known ? (reading.notes ?? []).join('\n') : 'unknown');

/** One value a minute, as Amazon MQ reports them. @param seconds after AT when its minute began */
const observe = (Broker: string, metricName: string, value: number, seconds: number): void =>
  cloud.store.put('AWS/AmazonMQ', metricName, { Broker, Queue: 'orders' }, Date.parse(later(seconds)), value);

beforeAll(async () => {
  cloud = await startCloudWatch();
  broker = await startActivemq();
  without = await startActivemq({ plugins: '' });
  silent = await startSilent();
  client = activemqClient(broker.address);
  await client.send('orders', 3);
  await activemqClient(without.address).send('orders', 4);
  const origin = ({ jolokiaUrl }: ActivemqAddress) => new URL(jolokiaUrl).origin;
  const port = await freePort();
  Object.assign(at, {
    stomp: `stomp://127.0.0.1:${broker.address.stompPort}`,
    web: origin(broker.address),
    bareStomp: `stomp://127.0.0.1:${without.address.stompPort}`,
    bareWeb: origin(without.address),
    down: `stomp://127.0.0.1:${port}`,
    downWeb: `http://127.0.0.1:${port}`,
    silent: `stomp://127.0.0.1:${silent.address.port}`,
    silentWeb: `http://127.0.0.1:${silent.address.port}`,
  });
  mq = mqEndpoint((brokerId) => {
    described.push(brokerId);
    return brokers.get(brokerId);
  });
  mq.listen(0, '127.0.0.1');
  await once(mq, 'listening');
  process.env.AWS_ENDPOINT_URL_MQ = `http://127.0.0.1:${(mq.address() as AddressInfo).port}`;
}, START_LIMIT_MS);
afterEach(() => closeConnections());
afterAll(async () => {
  await closeConnections();
  mq?.close();
  await cloud?.endpoint.stop();
  await Promise.all([broker?.close(), without?.close(), silent?.close()]);
});

describe('the first way that works', () => {
  test('is the first of the configuration, and nothing is said of it', async () => {
    const first = await readOne(of([at.stomp, at.web]));
    expect(first).toMatchObject({ known: true, visible: 3, oldestAgeSeconds: expect.any(Number) });
    expect(first).not.toHaveProperty('notes');
    const other = await readOne(of([at.stomp, at.web], { via: ['jolokia', 'statistics'] }));
    // Jolokia knows no age.
    expect(other).toMatchObject({ known: true, visible: 3 });
    expect(other).not.toHaveProperty('oldestAgeSeconds');
  });

  test('without the plugin it is Jolokia, and the question has left nothing on the broker', async () => {
    const given = of([at.bareStomp, at.bareWeb]);
    for (let reading = 0; reading < 2; reading += 1) {
      const seen = await readOne(given);
      expect(seen).toMatchObject({ known: true, visible: 4, inFlight: 0 });
      expect(notesOf(seen)).toMatch(
        /^read by jolokia, because of statistics: stomp:.* has no statistics plugin: add <statisticsBrokerPlugin\/>/,
      );
    }
    expect(await activemqClient(without.address).list('Queues')).toEqual(['orders']);
    expect(await readOne(of([at.bareStomp]))).toMatchObject({
      known: false,
      why: expect.stringMatching(/^stomp:.* has no statistics plugin/),
    });
  });

  test('is tried first from then on; the better one again after a minute', async () => {
    const port = Number(new URL(at.down).port);
    const given = of([at.down, at.web]);
    expect(notesOf(await readAt(given, 0))).toMatch(
      /^read by jolokia, because of statistics: .*refused the connection/,
    );
    const revived = await startActivemq({ stompPort: port });
    try {
      await activemqClient(revived.address).send('orders', 9);
      // Within the minute it stays with the one that works, even when the other one is back.
      expect(await readAt(given, 55)).toMatchObject({ known: true, visible: 3 });
      const back = await readAt(given, 65);
      expect(back).toMatchObject({ known: true, visible: 9 });
      expect(back).not.toHaveProperty('notes');
    } finally {
      await revived.close();
    }
    expect(notesOf(await readAt(given, 70))).toMatch(/^read by jolokia/);
  }, 60_000);

  test('one that keeps silent leaves time for the others', async () => {
    const seen = await readOne(of([at.silent, at.web]));
    expect(seen).toMatchObject({ known: true, visible: 3 });
    expect(notesOf(seen)).toMatch(/statistics: stomp:.* did not answer in time/);
    // The next one goes straight to what works, and needs a fraction of the time.
    expect(await readOne(of([at.silent, at.web], { timeLimit: '500ms' }))).toMatchObject({
      known: true,
      visible: 3,
    });
  });

  test('a broker that is there and has no such queue is believed', async () => {
    const reading = await readOne(of([at.stomp, at.downWeb], { queueName: 'nowhere' }));
    expect(reading).toMatchObject({ known: false, error: 'NoSuchQueue' });
  });

  test('none: unknown, with the reason of each', async () => {
    const given = of([at.down, at.downWeb, at.silentWeb], { brokerName: 'nobody-1' });
    const reading = await readOne(given);
    expect(reading).toMatchObject({ known: false });
    expect(reading.known ? '' : reading.why).toMatch(
      /^statistics: stomp:\S* refused the connection; jolokia: http:.*; cloudwatch: CloudWatch has no AWS\/AmazonMQ QueueSize of the queue orders of the broker nobody-1: is the server up, .*; check both names/,
    );
  });
});

describe('an active/standby pair', () => {
  test.each(['down', 'silent'] as const)('the standby is %s and stands first', async (standby) => {
    const stomp = await readOne(of([at[standby], at.stomp]));
    expect(stomp).toMatchObject({ known: true, visible: 3, oldestAgeSeconds: expect.any(Number) });
    const web = standby === 'down' ? at.downWeb : at.silentWeb;
    expect(await readOne(of([web, at.web]))).toMatchObject({ known: true, visible: 3 });
  });

  test('both are gone: the reasons of both', async () => {
    expect(await readOne(of([at.down, at.silent], { timeLimit: '700ms' }))).toMatchObject({
      known: false,
      why: expect.stringMatching(/did not answer in time/),
    });
    const other = `stomp://127.0.0.1:${await freePort()}`;
    expect(await readOne(of([at.down, other]))).toMatchObject({
      known: false,
      why: expect.stringMatching(new RegExp(`${at.down} refused.*; ${other} refused`)),
    });
  });
});

describe('a broker by its ID', () => {
  const ID = 'b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9';
  test('its endpoints are looked up once, and only those that lead to a way', async () => {
    const others = ['ssl://127.0.0.1:61617', 'amqp+ssl://127.0.0.1:5671', 'wss://127.0.0.1:61619'];
    brokers.set(ID, [
      { endpoints: [...others, at.down], consoleUrl: at.downWeb },
      { endpoints: [...others, at.stomp], consoleUrl: at.web },
    ]);
    described.length = 0;
    for (let reading = 0; reading < 3; reading += 1) await settles(byId(ID), { known: true, visible: 3 });
    expect(await readOne(byId(ID, { via: ['jolokia'] }))).toMatchObject({ known: true, visible: 3 });
    expect(described).toEqual([ID]);
  });

  test('one that does not exist, and one that is asked for again when it does', async () => {
    const lost = byId('b-lost', { via: ['statistics', 'jolokia'] });
    expect(await readOne(lost)).toMatchObject({
      known: false,
      why: expect.stringMatching(
        /^statistics, jolokia: Amazon MQ has no broker b-lost in the function's region: check brokerId and region$/,
      ),
    });
    brokers.set('b-lost', [{ endpoints: [at.stomp] }]);
    expect(await readOne(lost)).toMatchObject({ known: true, visible: 3 });
  });

  test('tls: true takes only endpoints with TLS, which AWS always has', async () => {
    brokers.set('b-plain', [{ endpoints: [at.stomp], consoleUrl: at.web }]);
    expect(await readOne(byId('b-plain', { tls: true, via: ['statistics'] }))).toMatchObject({
      known: false,
      why: expect.stringMatching(/has no STOMP endpoint/),
    });
  });

  test('one that we may not describe', async () => {
    const { AWS_ENDPOINT_URL_MQ: url } = process.env;
    const refusing = createServer((_, response) =>
      response.writeHead(403, { 'x-amzn-errortype': 'ForbiddenException' }).end('{"message":"no"}'),
    );
    refusing.listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    process.env.AWS_ENDPOINT_URL_MQ = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    expect(await readOne(byId('b-denied', { via: ['statistics'] }))).toMatchObject({
      known: false,
      why: expect.stringMatching(
        /^mq:DescribeBroker on the broker b-denied is denied: allow mq:DescribeBroker/,
      ),
    });
    process.env.AWS_ENDPOINT_URL_MQ = url;
    refusing.close();
  });

  test("fast-autoscaler's variables are read, end to end", async () => {
    brokers.set('b-1', [{ endpoints: [at.stomp], consoleUrl: at.web }]);
    const env = {
      QUEUE_TYPE: 'amq',
      AMQ_BROKER_ID: 'b-1',
      AMQ_QUEUE_NAME: 'orders',
      AMQ_USERNAME: broker.address.username,
      AMQ_PASSWORD: broker.address.password,
      ECS_CLUSTER: 'prod',
      SERVICE_NAME: 'mailer',
    };
    const config = parseConfig(fromEnvironment(env), sourceSchema);
    expect(JSON.stringify(config)).not.toContain(`"${broker.address.password}"`);
    Object.assign(process.env, env);
    const source = config.services[0]?.source as unknown as Options;
    expect(await readOne(source)).toMatchObject({ known: true, visible: 3, inFlight: 0 });
    // And with the one password replaced by a wrong one, nobody sees it.
    process.env.AMQ_PASSWORD = 'Wr0ngPassw0rd';
    await closeConnections();
    const reading = await readOne({ ...source, via: ['statistics', 'jolokia'] });
    expect(reading).toMatchObject({ known: false, why: expect.stringMatching(/refused the user/) });
    expect(JSON.stringify(reading)).not.toContain('Wr0ngPassw0rd');
  });
});

describe('CloudWatch', () => {
  const only = (more: Options): Options => ({
    type: 'activemq',
    queueName: 'orders',
    via: ['cloudwatch'],
    ...more,
  });

  test('the newest minute there is, without what is in flight where that is known too', async () => {
    observe('split-1', 'QueueSize', 40, -180);
    observe('split-1', 'QueueSize', 50, -120);
    observe('split-1', 'InFlightCount', 7, -120);
    const seen = await readAt(only({ brokerName: 'split-1' }), 5);
    expect(seen).toMatchObject({ known: true, visible: 43, inFlight: 7 });
    expect(notesOf(seen)).toBe('as CloudWatch saw the queue in the minute that began 125 s ago');
  });

  test('without a count in flight, everything is visible, and a note says so', async () => {
    observe('whole-1', 'QueueSize', 50, -120);
    const seen = await readAt(only({ brokerName: 'whole-1' }), 0);
    expect(seen).toMatchObject({ known: true, visible: 50 });
    expect(seen).not.toHaveProperty('inFlight');
    expect(notesOf(seen)).toMatch(/what is in flight is counted as visible/);
  });

  test('an empty queue is 0, and one that nobody reports is unknown', async () => {
    observe('empty-1', 'QueueSize', 0, -60);
    expect(await readAt(only({ brokerName: 'empty-1' }), 0)).toMatchObject({ known: true, visible: 0 });
    observe('old-1', 'QueueSize', 0, -600);
    for (const brokerName of ['nobody-1', 'old-1'])
      expect(await readAt(only({ brokerName }), 0)).toMatchObject({ known: false });
  });

  test('stands in where the broker cannot be reached', async () => {
    observe('stand-1', 'QueueSize', 12, -60);
    const seen = await readAt(of([at.down, at.downWeb], { brokerName: 'stand-1' }), 0);
    expect(seen).toMatchObject({ known: true, visible: 12 });
    expect(notesOf(seen)).toMatch(
      /^read by cloudwatch, because of statistics: .*; jolokia: .*\nas CloudWatch saw/,
    );
  });

  test.each([
    ['keeps silent', () => new Promise(() => undefined), /CloudWatch did not answer in time/],
    [
      'refuses',
      refusing('GetMetricData', 'AccessDeniedException'),
      /cloudwatch:GetMetricData on AWS\/AmazonMQ QueueSize is denied: allow/,
    ],
  ])('AWS %s: unknown', async (brokerName, meddle, why) => {
    cloud.endpoint.meddle = meddle;
    const reading = await readAt(only({ brokerName, timeLimit: '300ms' }), 0);
    expect(reading).toMatchObject({ known: false, why: expect.stringMatching(why) });
    cloud.endpoint.meddle = untouched;
  });
});

test('a rotated password is fetched and used within the reading, though another way would have worked', async () => {
  const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:broker-AbCdEf';
  const secrets = await startSecretsManager();
  Object.assign(process.env, secrets.env);
  const port = await freePort();
  secrets.set(arn, 'first');
  const begun = await startActivemq({ stompPort: port, username: 'shop', password: 'first' });
  await activemqClient(begun.address).create('orders');
  observe('rotated-1', 'QueueSize', 99, -60);
  const given = {
    type: 'activemq',
    endpoints: [`stomp://127.0.0.1:${port}`],
    queueName: 'orders',
    username: 'shop',
    passwordSecret: arn,
    brokerName: 'rotated-1',
  };
  expect(await readAt(given, 0)).toMatchObject({ known: true, visible: 0 });
  await begun.close();

  const rotated = await startActivemq({ stompPort: port, username: 'shop', password: 'second' });
  try {
    await activemqClient(rotated.address).send('orders', 2);
    secrets.set(arn, 'second');
    const seen = await readAt(given, 10);
    expect(seen).toMatchObject({ known: true, visible: 2 });
    expect(seen).not.toHaveProperty('notes');

    // A secret that stays wrong is told once, and then the next way has its turn.
    secrets.set(arn, 'wrong');
    await closeConnections();
    const refused = await readAt(given, 400);
    expect(refused).toMatchObject({
      known: false,
      why: expect.stringMatching(/refused the user shop: check/),
    });
    observe('rotated-1', 'QueueSize', 99, 340);
    const standing = await readAt(given, 405);
    expect(standing).toMatchObject({ known: true, visible: 99 });
    expect(notesOf(standing)).toMatch(/^read by cloudwatch, because of statistics: .*refused the user shop/);
  } finally {
    await rotated.close();
    await secrets.close();
  }
}, 120_000);
