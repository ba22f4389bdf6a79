/** Without a lease table: by what Kinesis reports to CloudWatch, and by the table that is called like the service. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../../lambdas/collect/connections.ts';
import { readerOf } from '../../../../lambdas/collect/read.ts';
import { sourceSchema } from '../../../../lambdas/collect/sources/registry.ts';
import { sourcesOf } from '../../../../lambdas/contract/config.ts';
import { fromEnvironment } from '../../../../lambdas/contract/dialects/fast-autoscaler.ts';
import { parseConfig, parseSource } from '../../../../lambdas/contract/parse.ts';
import { sourcePermissions } from '../../../../lib/permissions.ts';
import { problemsOf } from '../../../contract/problems-of.ts';
import { refusing, untouched } from '../../../endpoints/aws.ts';
import { AT, later } from '../../../samples.ts';
import { START_LIMIT_MS } from '../../../servers/server.ts';
import { type Options, readAll } from '../behaviour.ts';
import { type Streams, startStreams } from './streams.ts';

let streams: Streams;
let named = 0;

beforeAll(async () => {
  streams = await startStreams();
}, START_LIMIT_MS);
afterEach(() => {
  streams.dynamodb.meddle = untouched;
  streams.cloudWatch.endpoint.meddle = untouched;
});
afterAll(async () => {
  await closeConnections();
  await streams.close();
});

const fresh = async (shards = 2): Promise<string> => {
  named += 1;
  await streams.create(`metered-${named}`, shards);
  return `metered-${named}`;
};

const report = (stream: string, metricName: string, minutesAgo: number, value: number): void =>
  streams.cloudWatch.store.put(
    'AWS/Kinesis',
    metricName,
    { StreamName: stream },
    Date.parse(AT) - minutesAgo * 60_000,
    value,
  );
/** Records of the minutes before AT, the newest first. */
const incoming = (stream: string, ...perMinute: readonly number[]): void => {
  for (const [nth, records] of perMinute.entries()) report(stream, 'IncomingRecords', nth + 1, records);
};
const age = (stream: string, seconds: number, minutesAgo = 1): void =>
  report(stream, 'GetRecords.IteratorAgeMilliseconds', minutesAgo, seconds * 1000);

const read = async (streamName: string, seconds = 0, more: Options = {}) => {
  const [reading] = await readAll([{ type: 'kinesis', streamName, ...more }], later(seconds));
  return reading;
};

describe('what CloudWatch tells', () => {
  test('iterator age x arrival rate, as of a minute, with the open shards', async () => {
    const stream = await fresh(3);
    incoming(stream, 600, 600, 600);
    age(stream, 90);
    expect(await read(stream, 10)).toEqual({
      known: true,
      visible: 900,
      oldestAgeSeconds: 90,
      arrivalsPerSecond: 10,
      parallelism: 3,
      notes: [
        'estimated from CloudWatch as of 12:00 UTC: what arrived within the iterator age of 90 s',
        expect.stringContaining('application'),
      ],
      at: later(10),
    });
  });

  test('a burst after silence is what it is', async () => {
    const stream = await fresh();
    incoming(stream, 300);
    age(stream, 5);
    expect(await read(stream)).toMatchObject({ visible: 300 });
  });

  test('consumers that keep up leave nothing, however much arrives', async () => {
    const stream = await fresh();
    incoming(stream, 9000, 600);
    age(stream, 0);
    expect(await read(stream)).toMatchObject({ known: true, visible: 0, oldestAgeSeconds: 0 });
  });

  test('the newest minute with an age counts, and the arrivals up to it', async () => {
    const stream = await fresh();
    incoming(stream, 9000, 120, 60);
    age(stream, 120, 2);
    expect(await read(stream)).toMatchObject({
      visible: 180,
      notes: [expect.stringContaining('11:59'), expect.any(String)],
    });
  });

  test('an age that is some minutes old is a floor: its reader may have stopped since', async () => {
    const stream = await fresh();
    incoming(stream, 600, 600, 600, 600);
    age(stream, 0, 4);
    expect(await read(stream)).toMatchObject({ known: true, visible: 0, atLeast: true });
    const recent = await fresh();
    age(recent, 0, 3);
    expect(await read(recent)).not.toHaveProperty('atLeast');
  });

  test('something that is older than every arrival that is known is a floor', async () => {
    const stream = await fresh();
    age(stream, 3600);
    expect(await read(stream)).toMatchObject({ visible: 1, atLeast: true, oldestAgeSeconds: 3600 });
  });

  test('a stream that nobody reads is unknown, with the remedy', async () => {
    const stream = await fresh();
    incoming(stream, 300, 300);
    age(stream, 5, 6);
    expect(await read(stream)).toMatchObject({
      known: false,
      why: expect.stringMatching(/nobody has read from stream .* for 5 minutes.*name the KCL application/),
    });
  });

  test('one GetMetricData a minute; CloudWatch that fails is unknown', async () => {
    const stream = await fresh();
    incoming(stream, 60);
    age(stream, 30);
    const { calls } = streams.cloudWatch.endpoint;
    const before = calls.length;
    for (let seconds = 0; seconds < 60; seconds += 5)
      expect(await read(stream, seconds)).toMatchObject({ known: true });
    expect(calls.length - before).toBe(1);
    streams.cloudWatch.endpoint.meddle = refusing('GetMetricData', 'AccessDeniedException', 'no');
    expect(await read(stream, 60)).toMatchObject({
      known: false,
      why: expect.stringMatching(/allow cloudwatch:GetMetricData/),
    });
  });

  test('a stream that is not there', async () => {
    age('nowhere', 5);
    expect(await read('nowhere')).toMatchObject({
      known: false,
      why: expect.stringMatching(/there is no stream nowhere/),
    });
  });
});

describe('the table that is called like the service', () => {
  test('is read where it holds leases of the stream; it says so', async () => {
    const stream = await fresh(1);
    streams.lease('shipper', 'shardId-000000000000', 'TRIM_HORIZON');
    await streams.put(stream, 7);
    expect(await read(stream, 0, { service: 'shipper' })).toMatchObject({
      known: true,
      visible: 7,
      notes: ['by the lease table shipper, found by the name of the service'],
    });
    // It is the one from now on: what it fails with is told.
    streams.dynamodb.meddle = refusing('Scan', 'InternalServerError', 'oh');
    expect(await read(stream, 5, { service: 'shipper' })).toMatchObject({ known: false });
    await streams.dynamodb.stop();
    incoming(stream, 60, 60);
    age(stream, 0);
    for (const seconds of [10, 15])
      expect(await read(stream, seconds, { service: 'shipper' })).toMatchObject({
        known: false,
        why: expect.stringMatching(/dynamodb:Scan on the lease table shipper could not connect/),
      });
    await streams.dynamodb.start();
    streams.dynamodb.meddle = untouched;
    expect(await read(stream, 20, { service: 'shipper' })).toMatchObject({ visible: 7 });
  }, 20_000);

  test.each([
    ['something else', () => streams.tables.put('orders', { leaseKey: { S: 'order-1' } })],
    [
      'not ours to read',
      () => {
        streams.lease('orders', 'shardId-000000000000', '1');
        streams.dynamodb.meddle = refusing('Scan', 'AccessDeniedException', 'no');
      },
    ],
    [
      'out of reach',
      () => {
        streams.lease('orders', 'shardId-000000000000', '1');
        streams.dynamodb.meddle = () => new Promise(() => undefined);
      },
    ],
  ])(
    'is %s: CloudWatch it is, and the table is left alone for a minute',
    async (_, make) => {
      const stream = await fresh();
      make();
      incoming(stream, 60, 60);
      age(stream, 30);
      const scans = () =>
        streams.dynamodb.calls.filter(({ input }) => (input as { TableName: string }).TableName === 'orders');
      const before = scans().length;
      for (let seconds = 0; seconds < 60; seconds += 5)
        expect(await read(stream, seconds, { service: 'orders' })).toMatchObject({
          known: true,
          visible: 30,
          notes: [expect.stringContaining('CloudWatch'), expect.any(String)],
        });
      expect(scans().slice(before)).toMatchObject([{ input: { Limit: 25, Select: 'SPECIFIC_ATTRIBUTES' } }]);
      streams.tables.remove('orders', 'shardId-000000000000');
      streams.tables.remove('orders', 'order-1');
    },
    20_000,
  );
});

test("fast-autoscaler's own variables, read end to end", async () => {
  const stream = await fresh(1);
  streams.lease('mailer', 'shardId-000000000000', 'TRIM_HORIZON');
  await streams.put(stream, 12);
  const config = parseConfig(
    fromEnvironment({
      QUEUE_TYPE: 'kinesis',
      KINESIS_STREAM_NAME: stream,
      ECS_CLUSTER: 'prod',
      SERVICE_NAME: 'mailer',
    }),
    sourceSchema,
  );
  const [service] = config.services;
  const [given] = service === undefined ? [] : sourcesOf(service);
  const owner = { cluster: 'prod', service: 'mailer' };
  const reading = await readerOf({ at: AT, longestMs: 4000 })({
    given,
    path: 'source',
    owner,
    needsInFlight: false,
  });
  expect(reading).toMatchObject({ known: true, visible: 12, parallelism: 1 });
});

describe('what it needs', () => {
  const owner = { cluster: 'shop', service: 'worker' };
  const ARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders';
  const resources = (given: Options) =>
    sourcePermissions({ type: 'kinesis', ...given }, owner, 'source').map((each) => [
      each.actions,
      each.resources.map((resource) => resource.replace(/\$\{Token\[AWS\.(\w+)\.\d+\]\}/g, '<$1>')),
    ]);
  const stream = ['kinesis:ListShards', 'kinesis:GetShardIterator', 'kinesis:GetRecords'];

  test('the stream, the lease table, and metrics', () => {
    expect(resources({ streamArn: ARN, application: 'orders-app' })).toEqual([
      [stream, [ARN]],
      [['dynamodb:Scan'], ['arn:aws:dynamodb:eu-west-1:<AccountId>:table/orders-app']],
      [['cloudwatch:GetMetricData'], ['*']],
    ]);
    expect(resources({ streamName: 'orders', application: 'a-b-c', leaseTable: 'leases' })).toEqual([
      [stream, ['arn:<Partition>:kinesis:<Region>:<AccountId>:stream/orders']],
      [['dynamodb:Scan'], ['arn:<Partition>:dynamodb:<Region>:<AccountId>:table/leases']],
      [['cloudwatch:GetMetricData'], ['*']],
    ]);
  });

  test('of a table that nobody has named nothing but what leases have', () => {
    const [, table] = sourcePermissions({ type: 'kinesis', streamArn: ARN }, owner, 'source');
    expect(table).toMatchObject({
      actions: ['dynamodb:Scan'],
      conditions: {
        'ForAllValues:StringEquals': {
          'dynamodb:Attributes': ['leaseKey', 'checkpoint', 'shardId', 'streamName'],
        },
        StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      },
    });
    expect(
      sourcePermissions({ type: 'kinesis', streamArn: ARN }, { ...owner, service: 'w' }, 'source'),
    ).toHaveLength(2);
  });
});

test.each([
  [{}, /streamName: give either streamName or streamArn/],
  [{ streamName: 'a', streamArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/a' }, /give either/],
  [{ streamArn: 'orders' }, /expected the ARN of a data stream/],
  [{ streamName: 'a', application: 'x' }, /expected the name of a DynamoDB table/],
  [{ streamName: 'a', lookEvery: '100ms' }, /lookEvery: expected a duration from 1s to 60s/],
])('%j is refused', (given, why) => {
  const problems = problemsOf(() => parseSource({ type: 'kinesis', ...given }, sourceSchema, 'source'));
  expect(problems.join('\n')).toMatch(why);
});
