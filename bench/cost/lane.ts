/** A lane to be counted, and the queues and tasks that it looks at. */
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DEMO_AGENT, LOCAL } from '../../local/endpoints/aws.ts';

/**
 * `quiet`: nothing waits and nothing changes. `busy`: the queue is another one at each tick, and every tick holds. `rising`,
 * `falling`: besides, every tick scales every service out or in. `idle`: no work, no task, and it may sleep.
 */
export type Load = 'quiet' | 'busy' | 'rising' | 'falling' | 'idle';

export interface Lane {
  readonly services: number;
  /** Seconds. */
  readonly interval: number;
  readonly load: Load;
}

export const namesOf = ({ services }: Lane): readonly string[] =>
  Array.from({ length: services }, (_, nth) => `orders-worker-${nth}`);

/** Far more tasks than there are messages. */
const MOST = 50;

/** Its services' desired count before each tick. */
export const desiredIn = ({ load }: Lane): number =>
  ({ quiet: 2, busy: 2, rising: 0, falling: MOST, idle: 0 })[load];

/** Whether its services may change. */
export const isChanging = ({ load }: Lane): boolean => load === 'rising' || load === 'falling';

/** As it would be deployed. */
export const configOf = (lane: Lane, queueUrl: (name: string) => string) => ({
  loop: { name: 'default', interval: lane.interval },
  services: namesOf(lane).map((service) => ({
    cluster: 'shop',
    service,
    source: { type: 'sqs', queueUrl: queueUrl(service) },
    ...(isChanging(lane)
      ? {
          tasks: { min: 0, max: MOST },
          policy: { type: 'target', backlogPerTask: 1 },
          cooldown: { in: '0s' },
        }
      : lane.load === 'idle'
        ? { tasks: { min: 0, max: MOST }, idle: { after: '60s' } }
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
