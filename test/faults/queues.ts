/** The queues of a story: real messages in the embedded SQS, as many as the story says. */
import {
  CreateQueueCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { LOCAL } from '../../local/endpoints/aws.ts';

export interface Queues {
  /** Makes this the backlog. */
  readonly fill: (name: string, messages: number) => Promise<void>;
  readonly backlog: (name: string) => number;
  readonly close: () => void;
}

export const queueUrlOf = (name: string): string =>
  `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`;

/** What one SendMessageBatch takes. */
const BATCH = 10;

/** @param endpoint past all faults */
export const openQueues = async (endpoint: string, names: readonly string[]): Promise<Queues> => {
  const sqs = new SQSClient({ ...LOCAL, endpoint, useQueueUrlAsEndpoint: false });
  for (const QueueName of names) await sqs.send(new CreateQueueCommand({ QueueName }));
  const backlogs = new Map<string, number>();
  const send = async (QueueUrl: string, messages: number): Promise<void> => {
    const Entries = Array.from({ length: messages }, (_, nth) => ({ Id: `m${nth}`, MessageBody: 'work' }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  };
  return {
    fill: async (name, messages) => {
      const QueueUrl = queueUrlOf(name);
      const missing = messages - (backlogs.get(name) ?? 0);
      if (missing < 0) await sqs.send(new PurgeQueueCommand({ QueueUrl }));
      const sent = missing < 0 ? messages : missing;
      backlogs.set(name, messages);
      const batches = Array.from({ length: Math.ceil(sent / BATCH) }, (_, nth) =>
        send(QueueUrl, Math.min(BATCH, sent - nth * BATCH)),
      );
      await Promise.all(batches);
    },
    backlog: (name) => backlogs.get(name) ?? 0,
    close: () => sqs.destroy(),
  };
};
