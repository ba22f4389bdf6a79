/** Kinesis and SQS, by the SDK's clients as they are. */
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startKinesis } from '../kinesis.ts';
import { until } from '../process.ts';
import { startSqs } from '../sqs.ts';
import { bodies, KEY, portOf, type Running } from './story.ts';

const aws = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };

export const kinesis = async (): Promise<Running> => {
  const server = await startKinesis();
  const { endpoint } = server.address;
  return {
    server,
    ports: [portOf(endpoint)],
    write: async (messages) => {
      const client = new KinesisClient({ ...aws, endpoint });
      await client.send(new CreateStreamCommand({ StreamName: KEY, ShardCount: 1 }));
      await until(async () => {
        const stream = await client.send(new DescribeStreamSummaryCommand({ StreamName: KEY }));
        if (stream.StreamDescriptionSummary?.StreamStatus !== 'ACTIVE') throw new Error('not active yet');
      });
      const records = bodies(messages).map((body) => ({ Data: Buffer.from(body), PartitionKey: body }));
      await client.send(new PutRecordsCommand({ StreamName: KEY, Records: records }));
      client.destroy();
    },
    count: async () => {
      const client = new KinesisClient({ ...aws, endpoint });
      const start = { ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' } as const;
      const { ShardIterator } = await client.send(new GetShardIteratorCommand({ StreamName: KEY, ...start }));
      const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
      client.destroy();
      return Records.length;
    },
  };
};

export const sqs = async (): Promise<Running> => {
  const server = await startSqs();
  const { endpoint } = server.address;
  const open = () => new SQSClient({ ...aws, endpoint, useQueueUrlAsEndpoint: false });
  return {
    server,
    ports: [portOf(endpoint)],
    write: async (messages) => {
      const client = open();
      const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: KEY }));
      for (const MessageBody of bodies(messages))
        await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      client.destroy();
    },
    count: async () => {
      const client = open();
      const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: KEY }));
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      client.destroy();
      return Number(Attributes?.['ApproximateNumberOfMessages']);
    },
  };
};
