import { Kafka, logLevel } from 'kafkajs';
import type { SourceCase } from './case.ts';

const GROUP = 'workers';
const PARTITIONS = 4;
const topicOf = (index: number): string => `orders-${index}`;

export const kafka: SourceCase = {
  name: 'kafka',
  server: 'kafka',
  // A broker tells its clients its own address.
  nearOnly: true,
  open: async ({ bootstrapServers = [] }, queues) => {
    const brokers = [...bootstrapServers];
    const client = () => new Kafka({ clientId: 'bench', brokers, logLevel: logLevel.NOTHING });
    const maker = client();
    const admin = maker.admin();
    const producer = maker.producer();
    await Promise.all([admin.connect(), producer.connect()]);
    const topics = Array.from({ length: queues }, (_, index) => topicOf(index));
    await admin.createTopics({
      waitForLeaders: true,
      topics: topics.map((topic) => ({ topic, numPartitions: PARTITIONS, replicationFactor: 1 })),
    });
    await producer.sendBatch({
      topicMessages: topics.map((topic) => ({ topic, messages: [{ partition: 0, value: 'a' }] })),
    });
    await producer.disconnect();
    return {
      options: (index) => ({
        type: 'kafka',
        bootstrapServers: brokers,
        topic: topicOf(index),
        consumerGroup: GROUP,
      }),
      bare: async () => {
        const bare = client().admin();
        await bare.connect();
        return {
          ask: (index) =>
            Promise.all([
              bare.fetchTopicOffsets(topicOf(index)),
              bare.fetchOffsets({ groupId: GROUP, topics: [topicOf(index)] }),
            ]),
          close: () => bare.disconnect(),
        };
      },
      close: async () => {
        await admin.deleteTopics({ topics });
        await admin.disconnect();
      },
    };
  },
};
