import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startEndpoints } from '../../../local/endpoints/aws.ts';
import { behavesAsASource, type Subject } from './behaviour.ts';

const urlOf = (queue: string): string => `https://sqs.us-east-1.amazonaws.com/000000000000/${queue}`;

const start = async (): Promise<Subject> => {
  const endpoints = await startEndpoints({
    services: () => [],
    setDesired: () => undefined,
    count: () => undefined,
  });
  Object.assign(process.env, endpoints.env);
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  return {
    options: (queue) => ({ type: 'sqs', queueUrl: urlOf(queue) }),
    create: async (queue) => {
      await sqs.send(new CreateQueueCommand({ QueueName: queue }));
    },
    send: async (queue, messages) => {
      const Entries = Array.from({ length: messages }, (_, index) => ({ Id: `m${index}`, MessageBody: 'x' }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: urlOf(queue), Entries }));
    },
    hold: async (queue, messages) => {
      await sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf(queue), MaxNumberOfMessages: messages }));
      return async () => undefined;
    },
    server: { stop: endpoints.stopQueue, start: endpoints.startQueue },
    close: async () => {
      sqs.destroy();
      await endpoints.close();
    },
  };
};

behavesAsASource({
  name: 'sqs',
  start,
  // The SDK finds its endpoint in the environment, when the client is made; another region is another client.
  at: (options, host, port) => {
    process.env.AWS_ENDPOINT_URL_SQS = `http://${host}:${port}`;
    return { ...options, region: 'eu-west-1' };
  },
  missing: /there is no queue .*nowhere.*check queueUrl/,
  expected: (waiting, held) => ({ visible: waiting, inFlight: held, delayed: 0 }),
  pooled: true,
  without: { password: 'AWS credentials', tls: "the SDK's own" },
});
