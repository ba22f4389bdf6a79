/**
 * One broker of a Kafka cluster and the four questions that a lag is made of.
 *
 * Gotcha: this uses inner parts of kafkajs (a broker, its connection, its wire format; pinned in package.json), because its
 * public admin throws a whole answer away when anything in it is an error. A single partition without a leader then hides all
 * the others (tulios/kafkajs#1460), and one topic that does not exist spoils the reading of every service on the cluster, since
 * the admin asks for all topics at once. Here errors stay where they are in the answer. Topics are never created by asking.
 *
 * Seen to work with Kafka 2.8.2, 3.9.2 and 4.1.0.
 */
import type { ConnectionOptions } from 'node:tls';
import type { SASLOptions } from 'kafkajs';
import {
  type AskedGroups,
  type GroupOffsets,
  groupOffsets,
  MANY_GROUPS_VERSION,
  OFFSET_FETCH,
  type Offsets,
  type Partitions,
} from './group-offsets.ts';
import { endIdleLoop } from './idle-loop.ts';
import { socketsUntil } from './sockets.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export const textOf = ({ host, port }: Address): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** How to get in. */
export interface Access {
  readonly tls: ConnectionOptions | undefined;
  readonly sasl: SASLOptions | undefined;
}

export interface Metadata {
  readonly brokers: readonly (Address & { readonly nodeId: number })[];
  readonly topicMetadata: readonly {
    readonly topicErrorCode: number;
    readonly topic: string;
    readonly partitionMetadata: readonly {
      readonly partitionErrorCode: number;
      readonly partitionId: number;
      /** -1: none. */
      readonly leader: number;
    }[];
  }[];
}

export interface Coordinator {
  readonly errorCode: number;
  readonly coordinator: Address;
}

/** Of a partition's log: where the oldest message is that is still there, or where the next one will be. */
export type Edge = 'start' | 'end';

export interface Node {
  readonly metadata: (topics: readonly string[]) => Promise<Metadata>;
  readonly coordinator: (group: string) => Promise<Coordinator>;
  readonly committed: (groups: AskedGroups) => Promise<GroupOffsets>;
  readonly edges: (edge: Edge, partitions: Partitions) => Promise<Offsets>;
}

type Decode = (bytes: Buffer) => Promise<unknown>;

const CLIENT_ID = 'pulsescale';

/** Of ListOffsets: these are no times but stand for the edges. */
const EDGE_TIMESTAMP = { start: -2, end: -1 } as const;

/** Also what is not committed by a transaction yet: nothing that waits is hidden by one that hangs. */
const READ_UNCOMMITTED = 0;

const inner = async () => {
  await endIdleLoop();
  const [Broker, ConnectionPool, Encoder, Decoder, apiKeys, { requests }, { createLogger, LEVELS }] =
    await Promise.all([
      import('kafkajs/src/broker/index.js').then((module) => module.default),
      import('kafkajs/src/network/connectionPool.js').then((module) => module.default),
      import('kafkajs/src/protocol/encoder.js').then((module) => module.default),
      import('kafkajs/src/protocol/decoder.js').then((module) => module.default),
      import('kafkajs/src/protocol/requests/apiKeys.js').then((module) => module.default),
      import('kafkajs/src/protocol/requests/index.js').then((module) => module.default),
      import('kafkajs/src/loggers/index.js').then((module) => module.default),
    ]);
  const logger = createLogger({ level: LEVELS.NOTHING, logCreator: () => () => undefined });
  return { Broker, ConnectionPool, Encoder, Decoder, apiKeys, requests, logger };
};

/**
 * Connects and logs in.
 *
 * @param timeLimitMs of the connection, and of each request
 * @param over ends it, also while it is being opened
 */
export const openNode = async (
  { host, port }: Address,
  { tls, sasl }: Access,
  timeLimitMs: number,
  over: AbortSignal,
): Promise<Node> => {
  const { Broker, ConnectionPool, Encoder, Decoder, apiKeys, requests, logger } = await inner();
  const connectionPool = new ConnectionPool({
    host,
    port,
    ssl: tls,
    sasl,
    clientId: CLIENT_ID,
    connectionTimeout: timeLimitMs,
    requestTimeout: timeLimitMs,
    socketFactory: socketsUntil(over),
    logger,
  });
  const broker = new Broker({ connectionPool, logger, authenticationTimeout: timeLimitMs });
  await broker.connect();

  const exchange = async <Answer>(request: unknown, decode: Decode): Promise<Answer> => {
    const response = { decode, parse: async (decoded: unknown) => decoded };
    return (await connectionPool.send({ request, response, logResponseError: false })) as Answer;
  };
  const ask = <Answer>(name: string, body: object): Promise<Answer> => {
    const { request, response } = broker.lookupRequest(apiKeys[name] ?? -1, requests[name])(body);
    return exchange(request, response.decode);
  };
  const listed = <More extends object>(partitions: Partitions, more: More) =>
    [...partitions].map(([topic, numbers]) => ({
      topic,
      partitions: numbers.map((partition) => ({ partition, ...more })),
    }));
  const committedByGroup = async (groups: AskedGroups): Promise<GroupOffsets> =>
    new Map(
      await Promise.all(
        [...groups].map(async ([groupId, partitions]) => {
          const topics = listed(partitions, {});
          return [groupId, await ask<Offsets>('OffsetFetch', { groupId, topics })] as const;
        }),
      ),
    );
  const takesManyGroups = (broker.versions?.[OFFSET_FETCH]?.maxVersion ?? 0) >= MANY_GROUPS_VERSION;
  return {
    metadata: (topics) => ask('Metadata', { topics, allowAutoTopicCreation: false }),
    coordinator: (groupId) => ask('GroupCoordinator', { groupId }),
    committed: (groups) => {
      if (!takesManyGroups) return committedByGroup(groups);
      const { request, decode } = groupOffsets(groups, { Encoder, Decoder });
      return exchange(request, decode);
    },
    edges: (edge, partitions) =>
      ask('ListOffsets', {
        isolationLevel: READ_UNCOMMITTED,
        topics: listed(partitions, { timestamp: EDGE_TIMESTAMP[edge] }),
      }),
  };
};
