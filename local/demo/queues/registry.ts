/** Every kind of queue that the demo can run on. A new one costs its file, its test and one line here. */
import type { DemoQueueKind } from '../queue.ts';
import { activemq } from './activemq.ts';
import { kafka } from './kafka.ts';
import { kinesis } from './kinesis.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { sqs } from './sqs.ts';

const registered = [sqs, activemq, kafka, kinesis, rabbitmq, redis] as const;

/** By the type of the source, which is also the value of `--queue`. */
export const kinds: Readonly<Record<string, DemoQueueKind>> = Object.fromEntries(
  // Each kind is typed by its source's options; it is handed only what that source's schema has parsed.
  registered.map((kind) => [kind.type, kind as unknown as DemoQueueKind]),
);
