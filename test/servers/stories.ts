/** For each server: how a test starts it, puts messages into it and counts them again, by a client that users have too. */
import { connect as connectTcp } from 'node:net';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { connect as connectAmqp } from 'amqplib';
import { Kafka, logLevel } from 'kafkajs';
import { createClient, createCluster, createSentinel } from 'redis';
import { startActivemq } from './activemq.ts';
import { startKafka } from './kafka.ts';
import { startKinesis } from './kinesis.ts';
import { until } from './process.ts';
import { ODD_VHOST, startRabbitmq } from './rabbitmq.ts';
import { startRedis } from './redis.ts';
import { startRedisCluster } from './redis-cluster.ts';
import { startRedisSentinel } from './redis-sentinel.ts';
import type { Server } from './server.ts';
import { startSqs } from './sqs.ts';

interface Running {
  readonly server: Server<unknown>;
  /** Every port that must refuse while it is stopped. */
  readonly ports: readonly number[];
  /** Those of them that speak TLS under our CA. */
  readonly tlsPorts?: readonly number[];
  readonly write: (messages: number) => Promise<unknown>;
  readonly count: () => Promise<number>;
}

const present = (ports: readonly (number | undefined)[]): readonly number[] =>
  ports.filter((port) => port !== undefined);
const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));
const KEY = 'orders';
const bodies = (messages: number): string[] => Array.from({ length: messages }, (_, index) => `m${index}`);

const redis = async (): Promise<Running> => {
  const server = await startRedis({ tls: true, users: { alice: 'a "secret" ü' } });
  const { host, port, tlsPort, username = '', password = '', ca = '' } = server.address;
  // Writes in plain and counts over TLS: the two are one server.
  const plain = () => createClient({ socket: { host, port }, username, password });
  const secure = () =>
    createClient({ socket: { host, port: tlsPort ?? 0, tls: true, ca }, username, password });
  return {
    server,
    ports: present([port, tlsPort]),
    tlsPorts: present([tlsPort]),
    write: async (messages) => {
      const client = await plain().connect();
      await client.rPush(KEY, bodies(messages));
      client.destroy();
    },
    count: async () => {
      const client = await secure().connect();
      const length = await client.lLen(KEY);
      client.destroy();
      return length;
    },
  };
};

const redisCluster = async (): Promise<Running> => {
  const server = await startRedisCluster();
  const open = () =>
    createCluster({
      rootNodes: server.address.nodes.map(({ host, port }) => ({ socket: { host, port } })),
    }).connect();
  // One key per message, so that they lie on all three nodes.
  const keys = bodies(100);
  return {
    server,
    ports: server.address.nodes.map(({ port }) => port),
    write: async (messages) => {
      const cluster = await open();
      for (const key of keys.slice(0, messages)) await cluster.set(key, '1');
      cluster.destroy();
    },
    count: async () => {
      const cluster = await open();
      let found = 0;
      for (const key of keys) found += await cluster.exists(key);
      cluster.destroy();
      return found;
    },
  };
};

const redisSentinel = async (): Promise<Running> => {
  const server = await startRedisSentinel({ password: 'secret' });
  const { sentinels, name, password = '' } = server.address;
  const open = () =>
    createSentinel({ name, sentinelRootNodes: [...sentinels], nodeClientOptions: { password } }).connect();
  return {
    server,
    ports: sentinels.map(({ port }) => port),
    write: async (messages) => {
      const client = await open();
      await client.rPush(KEY, bodies(messages));
      client.destroy();
    },
    count: async () => {
      const client = await open();
      const length = await client.lLen(KEY);
      client.destroy();
      return length;
    },
  };
};

const rabbitmq = async (): Promise<Running> => {
  const server = await startRabbitmq({ tls: true, username: 'al ice', password: 'a "secret" ü#' });
  const { host, port, tlsPort, managementUrl, managementTlsUrl = '', username, password } = server.address;
  const open = () => connectAmqp({ hostname: host, port, username, password, vhost: ODD_VHOST });
  const managementTlsPort = portOf(managementTlsUrl);
  return {
    server,
    ports: present([port, tlsPort, portOf(managementUrl), managementTlsPort]),
    tlsPorts: present([tlsPort, managementTlsPort]),
    write: async (messages) => {
      const connection = await open();
      const channel = await connection.createConfirmChannel();
      await channel.assertQueue(KEY, { durable: true });
      for (const body of bodies(messages)) channel.sendToQueue(KEY, Buffer.from(body), { persistent: true });
      await channel.waitForConfirms();
      await connection.close();
    },
    count: async () => {
      const connection = await open();
      const { messageCount } = await (await connection.createChannel()).checkQueue(KEY);
      await connection.close();
      return messageCount;
    },
  };
};

const activemq = async (): Promise<Running> => {
  const server = await startActivemq({ tls: true, username: 'alice', password: 'a "secret" #&<' });
  const { stompPort, stompTlsPort, jolokiaUrl, jolokiaTlsUrl = '', username, password } = server.address;
  const webPorts = [jolokiaUrl, jolokiaTlsUrl].map((url) => Number(new URL(url).port));
  const frame = (command: string, headers: readonly string[], body = '') =>
    `${[command, ...headers, '', body].join('\n')}\0`;
  return {
    server,
    ports: present([stompPort, stompTlsPort, ...webPorts]),
    tlsPorts: present([stompTlsPort, webPorts[1]]),
    write: (messages) =>
      new Promise((resolve, reject) => {
        const socket = connectTcp(stompPort, '127.0.0.1');
        const sends = bodies(messages).map((body) =>
          frame('SEND', [`destination:/queue/${KEY}`, 'persistent:true', `receipt:${body}`], body),
        );
        const hello = ['accept-version:1.2', 'host:127.0.0.1', `login:${username}`, `passcode:${password}`];
        socket.write(frame('CONNECT', hello) + sends.join(''));
        let heard = '';
        socket.on('data', (chunk) => {
          heard += chunk;
          if (heard.includes('ERROR')) reject(new Error(heard));
          if (heard.split('RECEIPT\n').length <= messages) return;
          socket.destroy();
          resolve(undefined);
        });
        socket.on('error', reject);
      }),
    count: async () => {
      const mbean = `org.apache.activemq:type=Broker,brokerName=localhost,destinationType=Queue,destinationName=${KEY}`;
      const login = Buffer.from(`${username}:${password}`).toString('base64');
      const headers = { authorization: `Basic ${login}`, origin: 'http://127.0.0.1' };
      const answer = await fetch(`${jolokiaUrl}/read/${mbean}/QueueSize`, { headers });
      const { value } = (await answer.json()) as { value: number };
      return value;
    },
  };
};

const kafka = async (): Promise<Running> => {
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

const aws = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };

const kinesis = async (): Promise<Running> => {
  const server = await startKinesis();
  const { endpoint } = server.address;
  return {
    server,
    ports: [portOf(endpoint)],
    write: async (messages) => {
      const client = new KinesisClient({ ...aws, endpoint });
      await client.send(new CreateStreamCommand({ StreamName: KEY, ShardCount: 1 }));
      await until(async () => {
        const stream = await client.send(new DescribeStreamSummaryCommand({ StreamName: KEY }));
        if (stream.StreamDescriptionSummary?.StreamStatus !== 'ACTIVE') throw new Error('not active yet');
      });
      const records = bodies(messages).map((body) => ({ Data: Buffer.from(body), PartitionKey: body }));
      await client.send(new PutRecordsCommand({ StreamName: KEY, Records: records }));
      client.destroy();
    },
    count: async () => {
      const client = new KinesisClient({ ...aws, endpoint });
      const start = { ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' } as const;
      const { ShardIterator } = await client.send(new GetShardIteratorCommand({ StreamName: KEY, ...start }));
      const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
      client.destroy();
      return Records.length;
    },
  };
};

const sqs = async (): Promise<Running> => {
  const server = await startSqs();
  const { endpoint } = server.address;
  const open = () => new SQSClient({ ...aws, endpoint, useQueueUrlAsEndpoint: false });
  return {
    server,
    ports: [portOf(endpoint)],
    write: async (messages) => {
      const client = open();
      const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: KEY }));
      for (const MessageBody of bodies(messages))
        await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      client.destroy();
    },
    count: async () => {
      const client = open();
      const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: KEY }));
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      client.destroy();
      return Number(Attributes?.['ApproximateNumberOfMessages']);
    },
  };
};

export const STORIES: Readonly<Record<string, () => Promise<Running>>> = {
  redis,
  'a Redis cluster': redisCluster,
  'Redis under a Sentinel': redisSentinel,
  rabbitmq,
  activemq,
  kafka,
  kinesis,
  sqs,
};
