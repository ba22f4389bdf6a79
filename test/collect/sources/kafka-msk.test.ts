/** What Amazon MSK adds: endpoints by the cluster's ARN, logins by IAM, their permissions. No MSK runs here; see each test. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { openCluster } from '../../../lambdas/collect/sources/kafka/cluster.ts';
import { iamTokens } from '../../../lambdas/collect/sources/kafka/msk.ts';
import { placesIn } from '../../../lambdas/collect/sources/kafka/way-in.ts';
import { kafka } from '../../../lambdas/collect/sources/kafka.ts';
import { messageOf } from '../../../lambdas/contract/errors.ts';
import { parseSource } from '../../../lambdas/contract/parse.ts';
import { type LocalCluster, mskEndpoint } from '../../../local/endpoints/msk.ts';
import { type Kafka, startKafka } from '../../servers/kafka.ts';
import { START_LIMIT_MS } from '../../servers/server.ts';
import { type Options, readOne, settles } from './behaviour.ts';
import { type KafkaClient, kafkaClient } from './kafka-client.ts';

const UUID = '0ae1d5b6-3c21-4b0f-9c4a-5f2f1f6a7e11-3';
const arn = (name: string) => `arn:aws:kafka:eu-west-1:123456789012:cluster/${name}/${UUID}`;

const minimal = { type: 'kafka', topic: 'orders', consumerGroup: 'workers' };
const parsed = (given: object) => parseSource({ ...minimal, ...given }, kafka.options, 'source');
const faultOf = (given: object): string => {
  try {
    parsed(given);
    return '';
  } catch (thrown) {
    return messageOf(thrown);
  }
};

describe('options that do not go together', () => {
  const brokers = { bootstrapServers: ['a:9092'] };
  test.each([
    ['no server at all', {}, /bootstrapServers: give bootstrapServers.* or clusterArn/],
    ['a URL for a server', { bootstrapServers: ['kafka://a:9092'] }, /expected host:port/],
    ['IAM without the cluster', { ...brokers, authentication: 'iam' }, /clusterArn: iam needs clusterArn/],
    ['IAM by its port', { bootstrapServers: ['b-1.x:9098'] }, /clusterArn: iam needs clusterArn/],
    [
      'SCRAM without a user',
      { ...brokers, authentication: 'scram-sha-512' },
      /username: scram-sha-512 needs/,
    ],
    ['a user without a password', { ...brokers, username: 'u' }, /passwordSecret: a user needs/],
    [
      'PLAIN on MSK',
      { clusterArn: arn('shop'), authentication: 'plain', username: 'u', password: '%(P)' },
      /authentication: MSK has no plain/,
    ],
    ['an ARN of something else', { clusterArn: 'arn:aws:sns:eu-west-1:123456789012:t' }, /ARN of an MSK/],
    ['a topic that cannot be', { ...brokers, topic: 'or/ders' }, /expected the name of a topic/],
  ])('%s', (_, given, message) => {
    expect(faultOf(given)).toMatch(message);
  });

  test('%(NAME) is taken for any of them, and one text may name several servers', () => {
    expect(faultOf({ bootstrapServers: ['%(BROKERS)'], topic: '%(TOPIC)' })).toBe('');
    expect(faultOf({ clusterArn: '%(ARN)' })).toBe('');
    expect(placesIn('a:9092, [::1]:9093,c')).toEqual([
      { host: 'a', port: 9092 },
      { host: '::1', port: 9093 },
      { host: 'c', port: 9092 },
    ]);
  });
});

describe('permissions', () => {
  const of = (given: object) =>
    kafka.permissions(parsed(given)).flatMap(({ actions, resources }) => [...actions, ...resources]);
  const shop = `arn:aws:kafka:eu-west-1:123456789012`;
  const iam = [
    'kafka-cluster:Connect',
    arn('shop'),
    'kafka-cluster:DescribeTopic',
    `${shop}:topic/shop/${UUID}/orders`,
    'kafka-cluster:DescribeGroup',
    `${shop}:group/shop/${UUID}/workers`,
  ];
  const lookup = ['kafka:GetBootstrapBrokers', arn('shop')];
  const user = { usernameSecret: secret('user'), passwordSecret: secret('user') };

  test.each([
    ['brokers that are not MSK', { bootstrapServers: ['a:9092'] }, []],
    ['the ARN alone', { clusterArn: arn('shop') }, [...lookup, ...iam]],
    ['the ARN with a user', { clusterArn: arn('shop'), ...user }, lookup],
    ['the ARN without a login', { clusterArn: arn('shop'), authentication: 'none' }, lookup],
    ['brokers and IAM', { clusterArn: arn('shop'), bootstrapServers: ['b-1.x:9098'] }, iam],
  ])('%s', (_, given, expected) => {
    expect(of(given)).toEqual(expected);
  });
});

function secret(name: string): string {
  return `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-AbCdEf`;
}

describe('a token for a login by IAM', () => {
  const environment = { ...process.env };
  beforeEach(() => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
    jest.useFakeTimers({ now: new Date('2026-11-22T12:00:00Z'), advanceTimers: true });
  });
  afterEach(() => {
    jest.useRealTimers();
    process.env = { ...environment };
  });
  const urlIn = ({ value }: { readonly value: string }) =>
    new URL(Buffer.from(value, 'base64url').toString());

  test('is a URL of the region, signed for kafka-cluster:Connect, good for 15 minutes', async () => {
    const url = urlIn(await iamTokens('eu-west-1')());
    expect(`${url.protocol}//${url.host}${url.pathname}`).toBe('https://kafka.eu-west-1.amazonaws.com/');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: 'kafka-cluster:Connect',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20261122/eu-west-1/kafka-cluster/aws4_request',
      'X-Amz-Date': expect.stringMatching(/^20261122T1200\d\dZ$/),
      'X-Amz-Expires': '900',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('is used again until its last minute', async () => {
    const token = iamTokens('eu-west-1');
    const first = await token();
    jest.setSystemTime(new Date('2026-11-22T12:13:30Z'));
    expect(await token()).toEqual(first);
    jest.setSystemTime(new Date('2026-11-22T12:14:30Z'));
    expect(urlIn(await token()).searchParams.get('X-Amz-Date')).toMatch(/^20261122T1214/);
  });
});

describe('with a broker', () => {
  let server: Kafka;
  let client: KafkaClient;
  const clusters: Record<string, LocalCluster> = {};
  const endpoint = mskEndpoint((clusterArn) => clusters[clusterArn]);
  const environment = { ...process.env };

  beforeAll(async () => {
    server = await startKafka({ tls: true, sasl: { username: 'scaler', password: 'ge/heim%' } });
    client = await kafkaClient(server.address.bootstrapServers);
    await client.create('orders');
    await client.send('orders', 3);
    const { bootstrapServers, tlsBootstrapServers = [], scramBootstrapServers = [] } = server.address;
    const bootstrapBrokerString = bootstrapServers.join(',');
    const bootstrapBrokerStringTls = tlsBootstrapServers.join(',');
    clusters[arn('open')] = { bootstrapBrokerString };
    clusters[arn('both')] = { bootstrapBrokerString, bootstrapBrokerStringTls };
    clusters[arn('scram')] = { bootstrapBrokerStringSaslScram: scramBootstrapServers.join(',') };
    clusters[arn('iam')] = {
      bootstrapBrokerString,
      bootstrapBrokerStringSaslIam: scramBootstrapServers.join(','),
    };
    clusters[arn('new')] = {};
    endpoint.listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    const { port } = endpoint.address() as AddressInfo;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_KAFKA: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
    await settles(msk('open'), { known: true });
  }, START_LIMIT_MS);
  afterAll(async () => {
    await closeConnections();
    process.env = { ...environment };
    endpoint.close();
    endpoint.closeAllConnections();
    await client?.close();
    await server?.close();
  }, 60_000);

  const msk = (name: string, more: Options = {}): Options => ({ ...minimal, clusterArn: arn(name), ...more });
  const tls = () => ({ ca: server.address.ca });
  const READ = { known: true, visible: 3 };

  test('its ARN leads to the endpoint that fits the login', async () => {
    const login = { username: 'scaler', password: 'ge/heim%' };
    expect(await readOne(msk('open'))).toMatchObject(READ);
    expect(await readOne(msk('both', { tls: false }))).toMatchObject(READ);
    expect(await readOne(msk('both', { tls: tls() }))).toMatchObject(READ);
    // TLS is taken where there is both, and checks the certificate.
    expect(await readOne(msk('both'))).toMatchObject({ known: false, why: expect.stringMatching(/tls\.ca/) });
    expect(await readOne(msk('scram', { ...login, tls: tls() }))).toMatchObject(READ);
    expect(await readOne(msk('iam', { authentication: 'none' }))).toMatchObject(READ);
  });

  test.each([
    ['gone', {}, /there is no MSK cluster .*cluster\/gone\/.*: check clusterArn/],
    ['new', {}, /has no endpoint for iam or .*, but for nothing yet/],
    ['scram', {}, /has no endpoint for iam or none .*, but for scram-sha-512: set authentication and tls/],
    ['open', { authentication: 'iam' }, /has no endpoint for iam, but for none without TLS/],
  ])('a cluster that is %s: unknown, with the remedy', async (name, more, why) => {
    expect(await readOne(msk(name, more))).toMatchObject({ known: false, why: expect.stringMatching(why) });
  });

  // The broker takes OAUTHBEARER, as MSK does, but a JSON Web Token in place of a signed URL.
  test('an OAuth token is handed over as Kafka wants it', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Date.now() / 1000;
    const token = `${part({ alg: 'none' })}.${part({ sub: 'scaler', iat: now, exp: now + 600 })}.`;
    const places = placesIn((server.address.scramBootstrapServers ?? []).join(',')) ?? [];
    const cluster = await openCluster(
      places,
      {
        tls: { ca: server.address.ca },
        sasl: { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: token }) },
      },
      4000,
      'Kafka',
    );
    const { seen } = await cluster.look('orders', 'workers');
    cluster.close();
    expect(seen).toEqual([{ partition: 0, start: 0n, end: 3n, committed: undefined }]);
  });

  test('a login by IAM that is refused names the permission', async () => {
    expect(await readOne(msk('iam', { tls: tls() }))).toMatchObject({
      known: false,
      why: expect.stringMatching(
        /refused the role of this function: allow kafka-cluster:Connect on arn:.*iam/,
      ),
    });
  });
});
