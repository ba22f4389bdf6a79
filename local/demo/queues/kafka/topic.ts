/** The demo's topic: made where it does not exist yet, its group begun, and watched. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import type { Options } from '../../../../lambdas/collect/sources/kafka/options.ts';
import { memberOf } from './member.ts';

/** The most tasks of the demo. */
const PARTITIONS = 40;

export const lagOf = async (admin: Admin, { topic, consumerGroup, offsetReset }: Options) => {
  // In this order: it is by the topic that a new client learns of the brokers.
  const ends = await admin.fetchTopicOffsets(topic);
  const [group] = await admin.fetchOffsets({ groupId: consumerGroup, topics: [topic] });
  const committed = new Map(group?.partitions.map((each) => [each.partition, Number(each.offset)]));
  return ends.map(({ partition, high, low }) => {
    const offset = committed.get(partition) ?? -1;
    const begin = Number(offsetReset === 'earliest' ? low : high);
    return { partition, begin, isNew: offset < 0, lag: Number(high) - (offset < 0 ? begin : offset) };
  });
};

const PATIENCE_MS = 20_000;
const PAUSE_MS = 250;

/** A topic that was just made has no leaders for a moment, and a broker that was just started no coordinators. */
const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (thrown) {
      if (Date.now() > end) throw thrown;
      await sleep(PAUSE_MS);
    }
  }
};

/** Where a group has not begun yet it does so now, lest its readings tell of partitions without an offset. */
const begin = async (kafka: Kafka, admin: Admin, options: Options): Promise<void> => {
  const { topic, consumerGroup: groupId } = options;
  const fresh = (await lagOf(admin, options)).filter(({ isNew }) => isNew);
  if (fresh.length === 0) return;
  const consumer = memberOf(kafka, groupId, 0);
  const { promise: joined, resolve, reject } = Promise.withResolvers<unknown>();
  // Nobody may be waiting yet.
  joined.catch(() => undefined);
  consumer.on(consumer.events.GROUP_JOIN, resolve);
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  try {
    await consumer.connect();
    await consumer.subscribe({ topic });
    await consumer.run({ autoCommit: false, eachMessage: async () => undefined });
    await joined;
    await consumer.commitOffsets(
      fresh.map(({ partition, begin }) => ({ topic, partition, offset: String(begin) })),
    );
  } finally {
    await consumer.disconnect();
  }
};

export const make = async (kafka: Kafka, options: Options): Promise<void> => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const topics = [{ topic: options.topic, numPartitions: PARTITIONS }];
    await patiently(() => admin.createTopics({ topics }));
    await patiently(() => begin(kafka, admin, options));
  } finally {
    await admin.disconnect();
  }
};
