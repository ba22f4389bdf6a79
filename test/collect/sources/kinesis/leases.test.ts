/** By the lease table of a KCL application, against a real Kinesis. */

import { MergeShardsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { closeConnections } from '../../../../lambdas/collect/connections.ts';
import { AwsFault } from '../../../../local/endpoints/aws-json.ts';
import { refusing, untouched } from '../../../endpoints/aws.ts';
import { AT, later } from '../../../samples.ts';
import { START_LIMIT_MS } from '../../../servers/server.ts';
import { readAll } from '../behaviour.ts';
import { type Streams, startStreams } from './streams.ts';

let streams: Streams;
let named = 0;

beforeAll(async () => {
  // Pages of two rows, so that most lease tables here have several.
  streams = await startStreams(2);
}, START_LIMIT_MS);
afterEach(() => {
  streams.front.refuse = () => undefined;
  streams.dynamodb.meddle = untouched;
  streams.cloudWatch.endpoint.meddle = untouched;
});
afterAll(async () => {
  await closeConnections();
  await streams.close();
});

interface Fresh {
  readonly stream: string;
  readonly options: { readonly type: string; readonly streamName: string; readonly application: string };
  readonly shards: readonly string[];
  readonly lease: (shard: number, checkpoint?: string) => void;
  /** @returns the sequence numbers */
  readonly put: (shard: number, records: number, bytes?: number) => Promise<readonly string[]>;
}

const application = 'orders-worker';

/** A stream of its own. */
const fresh = async (shardCount: number): Promise<Fresh> => {
  named += 1;
  const stream = `stream-${named}`;
  const table = `${application}-${named}`;
  await streams.create(stream, shardCount);
  const shards = await streams.shardIds(stream);
  return {
    stream,
    options: { type: 'kinesis', streamName: stream, application: table },
    shards,
    lease: (shard, checkpoint) => streams.lease(table, shards[shard] ?? '', checkpoint),
    put: async (shard, records, bytes = 20) => {
      const placed = await streams.put(stream, records, { shardId: shards[shard], bytes });
      expect(placed.every(({ shardId }) => shardId === shards[shard])).toBe(true);
      return placed.map(({ sequenceNumber }) => sequenceNumber);
    },
  };
};

/** What is read so many seconds after AT. */
const read = async ({ options }: Fresh, seconds = 0, more: object = {}) => {
  const [reading] = await readAll([{ ...options, ...more }], later(seconds));
  return reading;
};

test('every word and every number that a checkpoint can be', async () => {
  const stream = await fresh(5);
  const counts = [4, 3, 6, 7, 9];
  const numbers: (readonly string[])[] = [];
  for (const [shard, records] of counts.entries()) numbers.push(await stream.put(shard, records));
  stream.lease(0, 'TRIM_HORIZON');
  stream.lease(1, 'LATEST');
  stream.lease(2, 'AT_TIMESTAMP');
  stream.lease(3, 'SHARD_END');
  stream.lease(4, numbers[4]?.[1]);
  expect(await read(stream)).toMatchObject({
    known: true,
    visible: 4 + 0 + 6 + 0 + 7,
    parallelism: 5,
    notes: [expect.stringContaining('at LATEST'), expect.stringContaining('at AT_TIMESTAMP')],
  });
});

test('the age is that of the first record that waits, also where it is the only one', async () => {
  const stream = await fresh(2);
  stream.lease(0, 'TRIM_HORIZON');
  const [, last] = await stream.put(1, 2);
  stream.lease(1, last);
  expect(await read(stream)).toMatchObject({ visible: 0, oldestAgeSeconds: 0 });
  await stream.put(0, 1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const reading = await read(stream, 5);
  expect(reading).toMatchObject({ visible: 1 });
  expect(reading?.known && reading.oldestAgeSeconds).toBeGreaterThanOrEqual(0.3);
});

test('rows that are no leases, and leases of other streams in the same table', async () => {
  const stream = await fresh(1);
  const [shard = ''] = stream.shards;
  const [first] = await stream.put(0, 3);
  const { application: table } = stream.options;
  streams.tables.put(table, { leaseKey: { S: 'Migration3.0' }, entityType: { S: 'COORDINATOR_STATE' } });
  streams.tables.put(table, { leaseKey: { S: 'worker-1' }, entityType: { S: 'WORKER_METRICS' } });
  const many = (name: string, checkpoint: string) =>
    streams.lease(table, `123456789012:${name}:1700000000:${shard}`, checkpoint, {
      streamName: { S: `123456789012:${name}:1700000000` },
      shardId: { S: shard },
    });
  many('another', 'TRIM_HORIZON');
  many(stream.stream, first ?? '');
  expect(await read(stream)).toMatchObject({ known: true, visible: 2 });
});

test('after a split, the closed shard and its children; a finished one counts no more', async () => {
  const stream = await fresh(1);
  const [first, last] = await stream.put(0, 2);
  stream.lease(0, first);
  expect(await read(stream)).toMatchObject({ visible: 1, parallelism: 1 });
  await streams.client.send(
    new SplitShardCommand({
      StreamName: stream.stream,
      ShardToSplit: stream.shards[0],
      NewStartingHashKey: '170141183460469231731687303715884105728',
    }),
  );
  await streams.active(stream.stream);
  const children = (await streams.shardIds(stream.stream)).slice(1);
  expect(children).toHaveLength(2);
  await streams.put(stream.stream, 4, { shardId: children[0] });
  // The shards are listed anew after half a minute: until then the closed one is read as it was.
  expect(await read(stream, 5)).toMatchObject({ visible: 1, parallelism: 1 });
  expect(await read(stream, 31)).toMatchObject({ visible: 1 + 4, parallelism: 2 });
  stream.lease(0, last);
  expect(await read(stream, 36)).toMatchObject({ visible: 4, parallelism: 2 });
  stream.lease(0, 'SHARD_END');
  for (const child of children) streams.lease(stream.options.application, child, 'TRIM_HORIZON');
  streams.tables.remove(stream.options.application, stream.shards[0] ?? '');
  expect(await read(stream, 41)).toMatchObject({ visible: 4, parallelism: 2 });
});

test('a lease of a shard that was not there makes the shards be listed at once', async () => {
  const stream = await fresh(2);
  stream.lease(0, 'TRIM_HORIZON');
  stream.lease(1, 'TRIM_HORIZON');
  await stream.put(0, 3);
  expect(await read(stream)).toMatchObject({ visible: 3, parallelism: 2 });
  const [ShardToMerge, AdjacentShardToMerge] = stream.shards;
  await streams.client.send(
    new MergeShardsCommand({ StreamName: stream.stream, ShardToMerge, AdjacentShardToMerge }),
  );
  await streams.active(stream.stream);
  const child = (await streams.shardIds(stream.stream)).at(-1) ?? '';
  await streams.put(stream.stream, 2, { shardId: child });
  streams.lease(stream.options.application, child, 'TRIM_HORIZON');
  expect(await read(stream, 5)).toMatchObject({ visible: 5, parallelism: 1 });
});

test('each shard is looked at once in lookEvery, whatever the interval', async () => {
  const stream = await fresh(2);
  stream.lease(0, 'TRIM_HORIZON');
  stream.lease(1, 'TRIM_HORIZON');
  await stream.put(0, 2);
  const calls = (wanted: string) => streams.front.calls.filter(({ action }) => action === wanted).length;
  const looks = () =>
    streams.front.calls.filter(({ action, input }) => action === 'GetRecords' && input['Limit'] === 1).length;
  const before = { looks: looks(), iterators: calls('GetShardIterator'), lists: calls('ListShards') };
  for (let seconds = 0; seconds < 20; seconds += 1)
    expect(await read(stream, seconds)).toMatchObject({ visible: 2 });
  expect(looks() - before.looks).toBe(2 * 4);
  // The checkpoints stay, and so do the iterators.
  expect(calls('GetShardIterator') - before.iterators).toBe(2);
  expect(calls('ListShards') - before.lists).toBe(1);
  for (let seconds = 40; seconds < 60; seconds += 1) await read(stream, seconds, { lookEvery: '10s' });
  expect(looks() - before.looks).toBe(2 * 4 + 2 * 2);
});

const throttling = (...shards: readonly (string | undefined)[]): void => {
  streams.front.refuse = (action, { ShardId }) => {
    if (action === 'GetRecords' && shards.includes(String(ShardId)))
      throw new AwsFault('ProvisionedThroughputExceededException', 'Rate exceeded for shard');
  };
};

test('a throttled shard keeps its last number while that is fresh; then the rest is a floor', async () => {
  const stream = await fresh(2);
  stream.lease(0, 'TRIM_HORIZON');
  stream.lease(1, 'TRIM_HORIZON');
  await stream.put(0, 3);
  await stream.put(1, 4);
  expect(await read(stream)).toMatchObject({ visible: 7 });
  throttling(stream.shards[1]);
  await stream.put(0, 1);
  const kept = await read(stream, 5);
  expect(kept).toMatchObject({ known: true, visible: 8 });
  expect(kept).not.toHaveProperty('atLeast');
  expect(await read(stream, 10)).toMatchObject({ known: true, visible: 8 });
  expect(await read(stream, 20)).toMatchObject({
    known: true,
    visible: 4,
    atLeast: true,
    notes: [expect.stringContaining(`1 of 2 shards could not be read and are left out: ${stream.shards[1]}`)],
  });
  throttling(...stream.shards);
  expect(await read(stream, 25)).toMatchObject({ known: true, visible: 4, atLeast: true });
  expect(await read(stream, 40)).toMatchObject({ known: false, why: expect.stringContaining('throttled') });
  expect(await read(stream, 41)).toMatchObject({ known: false, why: expect.stringContaining('throttled') });
}, 30_000);

test('a shard that fails otherwise is left out; if all do, nothing old is shown', async () => {
  const stream = await fresh(2);
  stream.lease(0, 'TRIM_HORIZON');
  stream.lease(1, 'TRIM_HORIZON');
  await stream.put(0, 3);
  streams.front.refuse = (action, { ShardId }) => {
    if (action === 'GetRecords' && ShardId === stream.shards[1])
      throw new AwsFault('KMSDisabledException', 'the key is disabled');
  };
  expect(await read(stream)).toMatchObject({ known: true, visible: 3, atLeast: true });
  streams.front.refuse = (action) => {
    if (action === 'GetRecords') throw new AwsFault('AccessDeniedException', 'no');
  };
  expect(await read(stream, 5)).toMatchObject({
    known: false,
    why: expect.stringMatching(
      /kinesis:GetRecords on shardId-\d+ of stream .* is denied: allow kinesis:GetRecords/,
    ),
  });
});

test('one shard that hangs does not keep the others from being told', async () => {
  const stream = await fresh(2);
  stream.lease(0, 'TRIM_HORIZON');
  stream.lease(1, 'TRIM_HORIZON');
  await stream.put(0, 3);
  streams.front.refuse = (action, { ShardId }) =>
    action === 'GetRecords' && ShardId === stream.shards[1] ? new Promise<never>(() => undefined) : undefined;
  expect(await read(stream)).toMatchObject({ known: true, visible: 3, atLeast: true });
}, 20_000);

/** Arrivals of the minutes before AT. */
const incoming = (stream: Fresh, ...perMinute: readonly number[]): void => {
  perMinute.forEach((records, nth) => {
    const at = Date.parse(AT) - (nth + 1) * 60_000;
    streams.cloudWatch.store.put(
      'AWS/Kinesis',
      'IncomingRecords',
      { StreamName: stream.stream },
      at,
      records,
    );
  });
};

test('up to a thousand records of a shard are counted; without arrivals in CloudWatch the rest is a floor', async () => {
  const stream = await fresh(2);
  stream.lease(0, 'TRIM_HORIZON');
  stream.lease(1, 'TRIM_HORIZON');
  await stream.put(0, 1200);
  await stream.put(1, 900);
  expect(await read(stream)).toMatchObject({
    known: true,
    visible: 1000 + 900 + 1,
    atLeast: true,
    notes: [
      expect.stringMatching(/one shard has more than is counted, and CloudWatch has no IncomingRecords/),
    ],
  });
});

test('of large records fewer are counted, never more than 256 KiB and a record', async () => {
  const stream = await fresh(1);
  stream.lease(0, 'TRIM_HORIZON');
  await stream.put(0, 40, 50_000);
  const before = streams.front.calls.length;
  expect(await read(stream)).toMatchObject({ known: true, visible: 5 + 1, atLeast: true });
  const limits = streams.front.calls.slice(before).filter(({ action }) => action === 'GetRecords');
  expect(limits.map(({ input }) => input['Limit'])).toEqual([1, 4]);
});

test('the rest is estimated by arrivals where CloudWatch has them', async () => {
  const stream = await fresh(1);
  stream.lease(0, 'TRIM_HORIZON');
  await stream.put(0, 1000);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await stream.put(0, 300);
  // 600 a second, and what is behind the thousandth record spans at least one.
  incoming(stream, 36_000, 36_000);
  const reading = await read(stream);
  expect(reading).toMatchObject({
    known: true,
    notes: [expect.stringMatching(/the rest is estimated: the time that it spans x the arrival rate/)],
  });
  expect(reading).not.toHaveProperty('atLeast');
  expect(reading?.known && reading.visible).toBeGreaterThanOrEqual(1600);
});

test('an estimate that cannot be made leaves a floor and says why', async () => {
  const stream = await fresh(1);
  stream.lease(0, 'TRIM_HORIZON');
  await stream.put(0, 1100);
  streams.cloudWatch.endpoint.meddle = refusing('GetMetricData', 'AccessDeniedException', 'no');
  expect(await read(stream)).toMatchObject({
    known: true,
    visible: 1001,
    atLeast: true,
    notes: [
      expect.stringMatching(/cannot be estimated \(cloudwatch:GetMetricData on AWS\/Kinesis IncomingRecords/),
    ],
  });
});

test('no lease of this stream, no such table, no right to read it, no such stream', async () => {
  const stream = await fresh(1);
  const why = (text: RegExp) => ({ known: false, why: expect.stringMatching(text) });
  expect(await read(stream)).toMatchObject(why(/there is no lease table/));
  streams.lease(stream.options.application, 'shardId-000000000000', 'LATEST', {
    streamName: { S: '123456789012:another:1700000000' },
    shardId: { S: 'shardId-000000000000' },
  });
  expect(await read(stream, 5)).toMatchObject(
    why(
      /has no lease of stream .*: has the application run yet, and is this its table \(application, leaseTable\)/,
    ),
  );
  streams.dynamodb.meddle = refusing('Scan', 'AccessDeniedException', 'no');
  expect(await read(stream, 10)).toMatchObject(
    why(/dynamodb:Scan on the lease table .* is denied: allow dynamodb:Scan/),
  );
  streams.dynamodb.meddle = untouched;
  streams.lease('leases-of-nobody', 'shardId-000000000000', '1');
  const [reading] = await readAll(
    [{ type: 'kinesis', streamName: 'nowhere', leaseTable: 'leases-of-nobody' }],
    later(10),
  );
  expect(reading).toMatchObject(why(/there is no stream nowhere: check its name and region/));
});
