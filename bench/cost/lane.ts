/** A lane to be counted, and the queues and tasks that it looks at. */
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DEMO_AGENT, LOCAL } from '../../local/endpoints/aws.ts';

/**
 * `quiet`: nothing waits and nothing changes. `busy`: the queue is another one at each tick, and every tick holds. `changing`: besides, every
 * tick scales every service out.
 */
export type Load = 'quiet' | 'busy' | 'changing';

export interface Lane {
  readonly services: number;
  /** Seconds. */
  readonly interval: number;
  readonly load: Load;
}

export const namesOf = ({ services }: Lane): readonly string[] =>
  Array.from({ length: services }, (_, nth) => `orders-worker-${nth}`);

/** Its services' desired count before each tick. */
export const desiredIn = ({ load }: Lane): number => (load === 'changing' ? 0 : 2);

/** As it would be deployed. */
export const configOf = (lane: Lane, queueUrl: (name: string) => string) => ({
  loop: { name: 'default', interval: lane.interval },
  services: namesOf(lane).map((service) => ({
    cluster: 'shop',
    service,
    source: { type: 'sqs', queueUrl: queueUrl(service) },
    ...(lane.load === 'changing'
      ? { tasks: { min: 0, max: 50 }, policy: { type: 'target', backlogPerTask: 1 } }
      : { tasks: { min: 2, max: 2 } }),
  })),
});

export interface Queues {
  readonly urlOf: (name: string) => string;
  /** Leaves each queue with other numbers than before. */
  readonly stir: (tick: number) => Promise<void>;
  readonly close: () => void;
}

/** A queue for each name, its messages sent past what is counted. @param endpoint of the embedded SQS */
export const openQueues = async (endpoint: string, names: readonly string[]): Promise<Queues> => {
  const client = new SQSClient({ ...LOCAL, endpoint, customUserAgent: DEMO_AGENT });
  const urls = new Map<string, string>();
  for (const QueueName of names) {
    const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName }));
    urls.set(QueueName, QueueUrl);
  }
  const stir = async (QueueUrl: string, messages: number): Promise<void> => {
    const Entries = Array.from({ length: messages }, (_, nth) => ({ Id: `${nth}`, MessageBody: 'x' }));
    await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await client.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 3600 }));
  };
  return {
    urlOf: (name) => urls.get(name) ?? '',
    stir: async (tick) => {
      await Promise.all([...urls.values()].map((url) => stir(url, 2 + (tick % 3))));
    },
    close: () => client.destroy(),
  };
};
