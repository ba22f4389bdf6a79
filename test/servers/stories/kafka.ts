/** Kafka: two brokers, written to in plain, counted over TLS with SCRAM. */
import { Kafka, logLevel } from 'kafkajs';
import { startKafka } from '../kafka.ts';
import { bodies, KEY, portOf, type Running } from './story.ts';

export const kafka = async (): Promise<Running> => {
  const server = await startKafka({ tls: true, sasl: true, nodes: 2 });
  const { bootstrapServers, tlsBootstrapServers = [], scramBootstrapServers = [] } = server.address;
  const { username = '', password = '', ca = '' } = server.address;
  const plain = new Kafka({ brokers: [...bootstrapServers], logLevel: logLevel.NOTHING });
  const scram = new Kafka({
    brokers: [...scramBootstrapServers],
    logLevel: logLevel.NOTHING,
    ssl: { ca: [ca] },
    sasl: { mechanism: 'scram-sha-512', username, password },
  });
  const tlsPorts = [...tlsBootstrapServers, ...scramBootstrapServers].map(portOf);
  return {
    server,
    ports: [...bootstrapServers.map(portOf), ...tlsPorts],
    tlsPorts,
    write: async (messages) => {
      const [admin, producer] = [plain.admin(), plain.producer()];
      await Promise.all([admin.connect(), producer.connect()]);
      await admin.createTopics({ topics: [{ topic: KEY, numPartitions: 2, replicationFactor: 2 }] });
      await producer.send({ topic: KEY, messages: bodies(messages).map((value) => ({ value })) });
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    },
    count: async () => {
      const admin = scram.admin();
      await admin.connect();
      const offsets = await admin.fetchTopicOffsets(KEY);
      await admin.disconnect();
      return offsets.reduce((sum, { offset }) => sum + Number(offset), 0);
    },
  };
};
