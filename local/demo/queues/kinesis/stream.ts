/** A data stream, from the side of those who send and consume. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { GetRecordsCommandOutput, KinesisClientConfig } from '@aws-sdk/client-kinesis';

export interface Page {
  readonly records: NonNullable<GetRecordsCommandOutput['Records']>;
  /** Where to go on; `undefined`: the shard is closed and read to its end. */
  readonly next: string | undefined;
}

export interface Stream {
  readonly shards: readonly string[];
  readonly send: (bodies: readonly string[]) => Promise<void>;
  /** An iterator for what comes after a checkpoint. */
  readonly after: (shardId: string, checkpoint: string) => Promise<string | undefined>;
  readonly records: (iterator: string, limit: number) => Promise<Page>;
  readonly close: () => void;
}

/** As many tasks can work on it. */
const SHARDS = 10;

/** What one PutRecords takes. */
const BATCH = 500;

/** Made with so many shards if it is not there yet. */
export const openStream = async (StreamName: string, config: KinesisClientConfig): Promise<Stream> => {
  const { KinesisClient, ...api } = await import('@aws-sdk/client-kinesis');
  const { NodeHttpHandler } = await import('@smithy/node-http-handler');
  const client = new KinesisClient({ ...config, maxAttempts: 1, requestHandler: new NodeHttpHandler() });
  try {
    await client.send(new api.CreateStreamCommand({ StreamName, ShardCount: SHARDS }));
  } catch (thrown) {
    if (!(thrown instanceof api.ResourceInUseException)) throw thrown;
  }
  for (;;) {
    const { StreamDescriptionSummary } = await client.send(
      new api.DescribeStreamSummaryCommand({ StreamName }),
    );
    if (StreamDescriptionSummary?.StreamStatus === 'ACTIVE') break;
    await sleep(50);
  }
  const { Shards = [] } = await client.send(new api.ListShardsCommand({ StreamName }));
  return {
    shards: Shards.map(({ ShardId = '' }) => ShardId),
    send: async (bodies) => {
      for (let sent = 0; sent < bodies.length; sent += BATCH) {
        const Records = bodies
          .slice(sent, sent + BATCH)
          .map((body) => ({ Data: Buffer.from(body), PartitionKey: body }));
        const { FailedRecordCount = 0 } = await client.send(
          new api.PutRecordsCommand({ StreamName, Records }),
        );
        if (FailedRecordCount > 0)
          throw new Error(`stream ${StreamName} refused ${FailedRecordCount} records`);
      }
    },
    after: async (ShardId, checkpoint) => {
      const from =
        checkpoint === 'TRIM_HORIZON'
          ? ({ ShardIteratorType: checkpoint } as const)
          : ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: checkpoint } as const);
      const command = new api.GetShardIteratorCommand({ StreamName, ShardId, ...from });
      return (await client.send(command)).ShardIterator;
    },
    records: async (ShardIterator, Limit) => {
      const page = await client.send(new api.GetRecordsCommand({ ShardIterator, Limit }));
      return { records: page.Records ?? [], next: page.NextShardIterator };
    },
    close: () => client.destroy(),
  };
};
