/**
 * A Kafka cluster from the side of those who send and consume.
 *
 * Gotcha: kafkajs can commit for a group only as a member of it, which takes 5 s a time, so {@link KafkaClient.commit} sends
 * the request itself, to the first broker.
 */
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs';
import Broker from 'kafkajs/src/broker/index.js';
import loggers from 'kafkajs/src/loggers/index.js';
import ConnectionPool from 'kafkajs/src/network/connectionPool.js';
import apiKeys from 'kafkajs/src/protocol/requests/apiKeys.js';
import protocol from 'kafkajs/src/protocol/requests/index.js';
import { endIdleLoop } from '../../../lambdas/collect/sources/kafka/idle-loop.ts';
import { socketsUntil } from '../../../lambdas/collect/sources/kafka/sockets.ts';
import { placesIn } from '../../../lambdas/collect/sources/kafka/way-in.ts';

export interface KafkaClient {
  readonly admin: Admin;
  readonly create: (topic: string, partitions?: number) => Promise<void>;
  /** @param partition any where it is left out */
  readonly send: (topic: string, messages: number, partition?: number) => Promise<void>;
  /** How far the group is from now on, by partition. It must have no members. */
  readonly commit: (group: string, topic: string, offsets: Readonly<Record<number, number>>) => Promise<void>;
  /** A member of the group that works off what is there and commits it; the answer ends it. */
  readonly consume: (
    group: string,
    topic: string,
    work?: () => Promise<void>,
  ) => Promise<() => Promise<void>>;
  /** As retention does: messages before these offsets are gone. */
  readonly deleteBefore: (topic: string, offsets: Readonly<Record<number, number>>) => Promise<void>;
  readonly close: () => Promise<void>;
}

const PER_BATCH = 10_000;

const listed = (offsets: Readonly<Record<number, number>>) =>
  Object.entries(offsets).map(([partition, offset]) => ({
    partition: Number(partition),
    offset: String(offset),
  }));

const LIMIT_MS = 10_000;

/** Commits as somebody who is no member. */
const committer = async (server: string) => {
  const [place = { host: '', port: 0 }] = placesIn(server) ?? [];
  const over = new AbortController();
  const logger = loggers.createLogger({ level: 0, logCreator: () => () => undefined });
  const connectionPool = new ConnectionPool({
    ...place,
    ssl: undefined,
    sasl: undefined,
    clientId: 'test',
    connectionTimeout: LIMIT_MS,
    requestTimeout: LIMIT_MS,
    socketFactory: socketsUntil(over.signal),
    logger,
  });
  const broker = new Broker({ connectionPool, logger, authenticationTimeout: LIMIT_MS });
  await broker.connect();
  return {
    commit: async (groupId: string, topic: string, offsets: Readonly<Record<number, number>>) => {
      const topics = [{ topic, partitions: listed(offsets) }];
      const body = { groupId, groupGenerationId: -1, memberId: '', topics };
      const { OffsetCommit = -1 } = apiKeys;
      const exchange = broker.lookupRequest(OffsetCommit, protocol.requests['OffsetCommit'])(body);
      await connectionPool.send({ ...exchange, logResponseError: false });
    },
    close: () => over.abort(),
  };
};

export const kafkaClient = async (brokers: readonly string[]): Promise<KafkaClient> => {
  await endIdleLoop();
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  // Its metadata are never kept: what is sent to a partition that it does not know yet is dropped without a word.
  const producer: Producer = kafka.producer({ allowAutoTopicCreation: false, metadataMaxAge: 1 });
  const [commits] = await Promise.all([committer(brokers[0] ?? ''), admin.connect(), producer.connect()]);

  return {
    admin,
    create: async (topic, partitions = 1) => {
      await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] });
    },
    send: async (topic, messages, partition) => {
      const to = partition === undefined ? {} : { partition };
      for (let sent = 0; sent < messages; sent += PER_BATCH) {
        const batch = Array.from({ length: Math.min(PER_BATCH, messages - sent) }, () => ({
          value: 'x',
          ...to,
        }));
        await producer.send({ topic, messages: batch });
      }
    },
    commit: commits.commit,
    consume: async (groupId, topic, work) => {
      const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({ autoCommitThreshold: 1, eachMessage: async () => await work?.() });
      return () => consumer.disconnect();
    },
    deleteBefore: async (topic, offsets) => {
      // The admin looks for leaders in what it knows of the topic already.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: listed(offsets) });
    },
    close: async () => {
      commits.close();
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    },
  };
};
