/** Every kind of queue that the demo can run on. A new one costs its file, its test and one line here. */
import type { DemoQueueKind } from '../queue.ts';
import { activemq } from './activemq.ts';
import { kafka } from './kafka.ts';
import { kinesis } from './kinesis.ts';
import { nginx } from './nginx.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';

const queues = [sqs, activemq, kafka, kinesis, rabbitmq, redis] as const;
const registered = [...queues, nginx, sns] as const;

/** What `--queue` may ask for, by the type of the source. */
export const choices: readonly string[] = queues.map(({ type }) => type);

/** By the type of the source. */
export const kinds: Readonly<Record<string, DemoQueueKind>> = Object.fromEntries(
  // Each kind is typed by its source's options; it is handed only what that source's schema has parsed.
  registered.map((kind) => [kind.type, kind as unknown as DemoQueueKind]),
);
