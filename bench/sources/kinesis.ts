import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { LOCAL } from '../../local/endpoints/aws.ts';
import { awsJson } from '../../local/endpoints/aws-json.ts';
import { leaseTables } from '../../local/endpoints/lease-table.ts';
import type { SourceCase } from './case.ts';

const SHARD = 'shardId-000000000000';
const streamOf = (index: number): string => `orders-${index}`;

const isActive = async (client: KinesisClient, StreamName: string): Promise<boolean> => {
  const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
  return StreamDescriptionSummary?.StreamStatus === 'ACTIVE';
};

/** By the lease table, one shard a stream: what CloudWatch tells is measured with the source `cloudwatch`. */
export const kinesis: SourceCase = {
  name: 'kinesis',
  server: 'kinesis',
  open: async ({ endpoint = '' }, queues, network) => {
    const tables = leaseTables();
    const server = awsJson('1.0', tables.actions).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const near = { ...LOCAL, endpoint, requestHandler: new NodeHttpHandler() };
    const maker = new KinesisClient(near);
    for (let index = 0; index < queues; index += 1) {
      const StreamName = streamOf(index);
      if (!(await isActive(maker, StreamName).catch(() => false))) {
        await maker.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
        while (!(await isActive(maker, StreamName))) await new Promise((resolve) => setTimeout(resolve, 50));
        await maker.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from('a') }));
      }
      tables.put(StreamName, { leaseKey: { S: SHARD }, checkpoint: { S: 'TRIM_HORIZON' } });
    }
    maker.destroy();
    const far = `http://127.0.0.1:${await network.to(Number(new URL(endpoint).port))}`;
    const table = await network.to((server.address() as AddressInfo).port);
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_KINESIS: far,
      AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${table}`,
      AWS_REGION: LOCAL.region,
      AWS_ACCESS_KEY_ID: LOCAL.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LOCAL.credentials.secretAccessKey,
    });
    return {
      options: (index) => ({ type: 'kinesis', streamName: streamOf(index), application: streamOf(index) }),
      bare: async () => {
        const bare = new KinesisClient({ ...near, endpoint: far });
        return {
          ask: async (index) => {
            const StreamName = streamOf(index);
            const { ShardIterator } = await bare.send(
              new GetShardIteratorCommand({
                StreamName,
                ShardId: SHARD,
                ShardIteratorType: 'TRIM_HORIZON',
              }),
            );
            return bare.send(new GetRecordsCommand({ ShardIterator, Limit: 1 }));
          },
          close: () => bare.destroy(),
        };
      },
      close: () => {
        server.closeAllConnections();
        server.close();
      },
    };
  },
};
