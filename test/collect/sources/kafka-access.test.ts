/** How one gets into Kafka, and what is said when one does not; and fast-autoscaler's way to name a topic. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { fromEnvironment } from '../../../lambdas/contract/dialects/fast-autoscaler.ts';
import { parseConfig } from '../../../lambdas/contract/parse.ts';
import { type SecretsManager, startSecretsManager } from '../../endpoints/secrets-manager.ts';
import { type Kafka, startKafka } from '../../servers/kafka.ts';
import { START_LIMIT_MS } from '../../servers/server.ts';
import { type Options, readAll, readOne, settles } from './behaviour.ts';
import { type KafkaClient, kafkaClient } from './kafka-client.ts';

const PASSWORD = 'ge/heim%';
const environment = { ...process.env };

let server: Kafka;
let client: KafkaClient;
let secrets: SecretsManager;
beforeAll(async () => {
  server = await startKafka({ tls: true, sasl: { username: 'watcher', password: PASSWORD } });
  client = await kafkaClient(server.address.bootstrapServers);
  secrets = await startSecretsManager();
  Object.assign(process.env, secrets.env);
  await client.create('orders');
  await client.send('orders', 4);
  await settles(plain(), { known: true });
}, START_LIMIT_MS);
afterAll(async () => {
  await closeConnections();
  process.env = environment;
  await secrets?.close();
  await client?.close();
  await server?.close();
}, 60_000);

const READ = { known: true, visible: 4 };
const at = (bootstrapServers: readonly string[] | undefined, more: Options = {}): Options => ({
  type: 'kafka',
  bootstrapServers,
  topic: 'orders',
  consumerGroup: 'workers',
  ...more,
});
const plain = (more: Options = {}) => at(server.address.bootstrapServers, more);
const overTls = (more: Options = {}) => at(server.address.tlsBootstrapServers, more);
const withLogin = (more: Options = {}) =>
  at(server.address.scramBootstrapServers, { tls: { ca: server.address.ca }, ...more });
const user = { username: 'watcher', password: PASSWORD };

describe('a login', () => {
  test('by SCRAM, which is what a user means, and by PLAIN', async () => {
    const readings = await readAll([withLogin(user), withLogin({ ...user, authentication: 'plain' })]);
    expect(readings).toMatchObject([READ, READ]);
  });

  test.each([
    ['a port that wants one, without', () => withLogin(), /closed the connection.*check authentication/],
    ['a port that wants none, with', () => plain(user), /does not take this login.*check authentication/],
    [
      'a kind that the server has not',
      () => withLogin({ ...user, authentication: 'scram-sha-256' }),
      /does not take this login.*check authentication/,
    ],
    ['a TLS port in the clear', () => overTls(), /closed the connection.*check authentication and tls/],
    ['a plain port by TLS', () => plain({ tls: true }), /does not speak TLS.*is tls set right/],
    [
      'a PLAIN password',
      () => withLogin({ ...user, password: 'x', authentication: 'plain' }),
      /refused the user/,
    ],
  ])('%s: unknown, with the remedy, which is not cut off', async (_, options, why) => {
    const reading = await readOne(options());
    expect(reading).toMatchObject({ known: false, why: expect.stringMatching(why) });
    expect(reading.known ? 0 : reading.why.length).toBeLessThanOrEqual(240);
    expect(JSON.stringify(reading)).not.toContain(PASSWORD);
    expect(await readOne(plain())).toMatchObject(READ);
  });

  test('with a rotated secret, as MSK stores it: both in one JSON object', async () => {
    const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:AmazonMSK_shop-AbCdEf';
    const options = withLogin({ usernameSecret: arn, passwordSecret: arn });
    secrets.set(arn, JSON.stringify({ username: 'watcher', password: 'from yesterday' }));
    expect(await readOne(options)).toMatchObject({
      known: false,
      why: expect.stringMatching(/refused the user of arn:.*AmazonMSK_shop.*: check username and password/),
    });
    secrets.set(arn, JSON.stringify(user));
    await settles(options, READ);
  }, 30_000);
});

test('services with different logins on the same servers do not share one', async () => {
  const wrong = withLogin({ ...user, password: 'x' });
  const readings = await readAll([withLogin(user), wrong, withLogin({ ...user, authentication: 'plain' })]);
  expect(readings.map(({ known }) => known)).toEqual([true, false, true]);
});

describe("fast-autoscaler's variables", () => {
  const variables = () => ({
    QUEUE_TYPE: 'kafka',
    ECS_CLUSTER: 'shop',
    SERVICE_NAME: 'orders',
    KAFKA_BOOTSTRAP_SERVERS: server.address.bootstrapServers.join(', '),
    KAFKA_TOPIC: 'orders',
  });
  const sourceOf = (given: Readonly<Record<string, string>>): Options => {
    const [service] = parseConfig(fromEnvironment(given), sourceSchema).services;
    if (service?.source === undefined) throw new Error('no source');
    return service.source;
  };

  test('name a topic and a group', async () => {
    await client.commit('orders-workers', 'orders', { 0: 1 });
    const source = sourceOf({ ...variables(), KAFKA_CONSUMER_GROUP: 'orders-workers' });
    const reading = await readOne(source);
    expect(reading).toMatchObject({ known: true, visible: 3 });
    expect(reading).not.toHaveProperty('notes');
  });

  test('leave the group to autoscaler-monitor, which commits nothing: the backlog is never hidden, and it is said', async () => {
    expect(await readOne(sourceOf(variables()))).toMatchObject({
      known: true,
      visible: 4,
      notes: [
        expect.stringMatching(
          /^group autoscaler-monitor has no offsets in partition 0: everything there counts.*or consumerGroup/,
        ),
      ],
    });
  });
});
