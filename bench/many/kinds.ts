/** The six kinds of queue of the bench: on which server, and the options of the queue with a number. */
import type { ServerAddress } from '../../local/demo/queue.ts';

export interface Kind {
  /** Of the source. */
  readonly type: string;
  /** As `npm run servers` calls it; undefined: it lives in the embedded endpoints. */
  readonly server?: string;
  /** How many services of this kind are healthy. */
  readonly services: number;
  readonly options: (queue: string, address: ServerAddress) => Readonly<Record<string, unknown>>;
}

/** The variable with the password of a server, as the configuration names it. */
export const passwordOf = (type: string): string => `BENCH_${type.toUpperCase()}_PASSWORD`;

export const kinds: readonly Kind[] = [
  {
    type: 'sqs',
    services: 9,
    options: (queue) => ({ queueUrl: `https://sqs.us-east-1.amazonaws.com/000000000000/${queue}` }),
  },
  {
    type: 'redis',
    server: 'redis',
    services: 9,
    options: (queue, { port }) => ({
      host: '127.0.0.1',
      port,
      queueKey: queue,
      processingKey: `${queue}:processing`,
    }),
  },
  {
    type: 'rabbitmq',
    server: 'rabbitmq',
    services: 6,
    options: (queue, { port, managementUrl, username }) => {
      const password = `%(${passwordOf('rabbitmq')})`;
      return { host: '127.0.0.1', port, managementUrl, username, password, queue };
    },
  },
  {
    type: 'kafka',
    server: 'kafka',
    services: 4,
    options: (queue, { bootstrapServers }) => ({ bootstrapServers, topic: queue, consumerGroup: queue }),
  },
  {
    type: 'activemq',
    server: 'activemq',
    services: 5,
    options: (queue, { stompPort, username }) => ({
      endpoints: [`stomp://127.0.0.1:${stompPort}`],
      username,
      password: `%(${passwordOf('activemq')})`,
      queueName: queue,
    }),
  },
  {
    type: 'kinesis',
    server: 'kinesis',
    // Each has ten shards and a reading asks all of them, of a server that is one process in JavaScript.
    services: 1,
    options: (queue) => ({ streamName: queue, application: queue }),
  },
];
