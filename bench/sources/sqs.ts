import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startEndpoints } from '../../local/endpoints/aws.ts';
import type { SourceCase } from './case.ts';

const urlOf = (index: number): string => `https://sqs.us-east-1.amazonaws.com/000000000000/orders-${index}`;

export const sqs: SourceCase = {
  name: 'sqs',
  open: async (_, queues, network) => {
    const endpoints = await startEndpoints({
      services: () => [],
      setDesired: () => undefined,
      count: () => undefined,
    });
    const port = await network.to(Number(new URL(endpoints.directUrl).port));
    Object.assign(process.env, endpoints.env, { AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${port}` });
    const client = () => new SQSClient({ useQueueUrlAsEndpoint: false });
    const maker = client();
    for (let index = 0; index < queues; index += 1)
      await maker.send(new CreateQueueCommand({ QueueName: `orders-${index}` }));
    maker.destroy();
    return {
      options: (index) => ({ type: 'sqs', queueUrl: urlOf(index) }),
      bare: async () => {
        const bare = client();
        const AttributeNames = [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ] as const;
        return {
          ask: (index) =>
            bare.send(
              new GetQueueAttributesCommand({ QueueUrl: urlOf(index), AttributeNames: [...AttributeNames] }),
            ),
          close: () => bare.destroy(),
        };
      },
      close: () => endpoints.close(),
    };
  },
};
