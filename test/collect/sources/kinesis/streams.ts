/** A Kinesis with a lease table and CloudWatch beside it, from the side of those who send and consume. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { MetricStore } from '../../../../local/endpoints/cloudwatch.ts';
import { type LeaseTables, leaseTables } from '../../../../local/endpoints/lease-table.ts';
import { startEndpoint, type TestEndpoint } from '../../../endpoints/aws.ts';
import { AWS_ACCESS, startCloudWatch, type TestCloudWatch } from '../../../endpoints/cloudwatch.ts';
import { type Front, startFront } from '../../../endpoints/front.ts';
import { type KinesisAddress, startKinesis } from '../../../servers/kinesis.ts';
import type { Server } from '../../../servers/server.ts';

export interface Streams {
  readonly server: Server<KinesisAddress>;
  /** What the source's own calls go through. */
  readonly front: Front;
  readonly client: KinesisClient;
  readonly tables: LeaseTables;
  readonly dynamodb: TestEndpoint;
  readonly cloudWatch: TestCloudWatch<MetricStore>;
  readonly create: (stream: string, shards: number) => Promise<void>;
  /** Resolves when what was asked of the stream is done. */
  readonly active: (stream: string) => Promise<void>;
  readonly shardIds: (stream: string) => Promise<readonly string[]>;
  /** Spread over all shards, unless `shardId` says which. Each is so many bytes. */
  readonly put: (
    stream: string,
    records: number,
    given?: { readonly shardId?: string | undefined; readonly bytes?: number },
  ) => Promise<readonly Placed[]>;
  readonly lease: (table: string, shardId: string, checkpoint?: string, more?: Row) => void;
  readonly close: () => Promise<void>;
}

type Row = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface Placed {
  readonly shardId: string;
  readonly sequenceNumber: string;
}

/** What one PutRecords takes. */
const BATCH = 500;

/** @param pageRows of a Scan */
export const startStreams = async (pageRows?: number): Promise<Streams> => {
  const server = await startKinesis();
  const front = await startFront(server.address.endpoint);
  const tables = leaseTables(pageRows);
  const dynamodb = await startEndpoint('1.0', tables.actions);
  const cloudWatch = await startCloudWatch();
  Object.assign(process.env, AWS_ACCESS, {
    AWS_ENDPOINT_URL_KINESIS: front.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
  });
  const client = new KinesisClient({
    endpoint: server.address.endpoint,
    requestHandler: new NodeHttpHandler(),
  });
  let keys = 0;
  const active = async (StreamName: string): Promise<void> => {
    for (;;) {
      const { StreamDescriptionSummary } = await client.send(
        new DescribeStreamSummaryCommand({ StreamName }),
      );
      if (StreamDescriptionSummary?.StreamStatus === 'ACTIVE') return;
      await pause(20);
    }
  };
  const list = async (StreamName: string) =>
    (await client.send(new ListShardsCommand({ StreamName }))).Shards ?? [];
  return {
    server,
    front,
    client,
    tables,
    dynamodb,
    cloudWatch,
    active,
    create: async (StreamName, ShardCount) => {
      await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
      await active(StreamName);
    },
    shardIds: async (stream) => (await list(stream)).map(({ ShardId = '' }) => ShardId),
    put: async (StreamName, records, { shardId, bytes = 20 } = {}) => {
      const placed: Placed[] = [];
      const range =
        shardId === undefined
          ? undefined
          : (await list(StreamName)).find(({ ShardId }) => ShardId === shardId)?.HashKeyRange;
      const where = range === undefined ? {} : { ExplicitHashKey: range.StartingHashKey };
      for (let sent = 0; sent < records; sent += BATCH) {
        const Records = Array.from({ length: Math.min(BATCH, records - sent) }, () => {
          keys += 1;
          return { Data: Buffer.alloc(bytes, 'x'), PartitionKey: `key-${keys}`, ...where };
        });
        const answer = await client.send(new PutRecordsCommand({ StreamName, Records }));
        for (const { ShardId = '', SequenceNumber = '' } of answer.Records ?? [])
          placed.push({ shardId: ShardId, sequenceNumber: SequenceNumber });
      }
      return placed;
    },
    lease: (table, shardId, checkpoint, more = {}) =>
      tables.put(table, {
        leaseKey: { S: shardId },
        leaseOwner: { S: 'worker-1' },
        leaseCounter: { N: '12' },
        ...(checkpoint === undefined
          ? {}
          : { checkpoint: { S: checkpoint }, checkpointSubSequenceNumber: { N: '0' } }),
        ...more,
      }),
    close: async () => {
      client.destroy();
      await Promise.all([front.close(), server.close(), dynamodb.stop(), cloudWatch.endpoint.stop()]);
    },
  };
};
