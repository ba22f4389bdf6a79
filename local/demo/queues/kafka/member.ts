/**
 * The demo's tasks as consumers of a group.
 *
 * Gotcha: whenever a task joins or leaves, everybody in the group has to join again, and kafkajs notices that between two
 * batches only. So a batch is as small as can be; a consumer with forty of them in hand works on them long after they were
 * given to others. With that, forty consumers joined within 8 s and worked off 600 messages meanwhile, none of them twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, Kafka } from 'kafkajs';
import type { Options } from '../../../../lambdas/collect/sources/kafka/options.ts';
import type { DemoTask } from '../../queue.ts';
import { GOODBYE_MS } from './client.ts';

/** A broker's least, unless it was told otherwise: so long does the group wait for a task that has vanished. */
const SESSION_MS = 6000;
const HEARTBEAT_MS = 250;

export const memberOf = (kafka: Kafka, groupId: string, workMs: number): Consumer =>
  kafka.consumer({
    groupId,
    // It cannot say that it lives while it works on a message.
    sessionTimeout: Math.max(SESSION_MS, 3 * workMs),
    rebalanceTimeout: Math.max(SESSION_MS, 3 * workMs),
    heartbeatInterval: HEARTBEAT_MS,
    maxWaitTimeInMs: HEARTBEAT_MS,
    maxBytes: 1,
    maxBytesPerPartition: 1,
    retry: { retries: 1, restartOnFailure: async () => false },
  });

/** Resolves once `stop` is aborted and the message that it has is finished; throws when the server goes away. */
export const workIn = async (
  kafka: Kafka,
  { topic, consumerGroup, offsetReset }: Options,
  task: DemoTask,
  workMs: number,
  stop: AbortSignal,
): Promise<void> => {
  const consumer = memberOf(kafka, consumerGroup, workMs);
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
  stop.addEventListener('abort', () => end(), { once: true });
  if (stop.aborted) end();
  consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error));
  const live = async (): Promise<void> => {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: offsetReset === 'earliest' });
    await consumer.run({
      autoCommitThreshold: 1,
      eachMessage: ({ partition, message }) =>
        task.work(workMs, `${partition}/${message.offset}`).catch((thrown) => {
          fail(thrown);
          throw thrown;
        }),
    });
  };
  live().catch(fail);
  try {
    await ended;
  } finally {
    // Waits for the message that it has.
    const bye = consumer.disconnect().catch(() => undefined);
    await Promise.race([bye, sleep(workMs + GOODBYE_MS, undefined, { ref: false })]);
  }
};
