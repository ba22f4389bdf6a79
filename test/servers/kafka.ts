/**
 * Apache Kafka in KRaft mode from the jars of Maven Central: one node that is broker and controller, and on request a
 * second broker, so that a partition can lose its leader. Listeners: plain, TLS, and SASL over TLS (SCRAM-SHA-512 and
 * PLAIN), which is what MSK offers besides IAM.
 *
 * 3.9 is the last version that speaks every old form of the protocol, which kafkajs 2.2.4 is made for. (The same calls
 * were seen to work with 4.1.0: TLS, SCRAM, producing, consuming, offsets.)
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka as KafkaClient, logLevel } from 'kafkajs';
import { endIdleLoop } from '../../lambdas/collect/sources/kafka/idle-loop.ts';
import { type Certificates, certificates } from './certificates.ts';
import { makeFolder } from './folder.ts';
import { java, SMALL_JVM } from './java.ts';
import { kafkaJars } from './kafka-jars.ts';
import { ask, freePort } from './port.ts';
import { type Program, programOf, until } from './process.ts';
import { notOurs, type Server, startServer } from './server.ts';

export interface KafkaAddress {
  /** `host:port`, one for each broker. */
  readonly bootstrapServers: readonly string[];
  readonly tlsBootstrapServers?: readonly string[];
  /** Takes SCRAM-SHA-512 and PLAIN over TLS. */
  readonly scramBootstrapServers?: readonly string[];
  readonly username?: string;
  readonly password?: string;
  readonly ca?: string;
}

export interface KafkaOptions {
  /** Of the plain listener of the first broker. */
  readonly port?: number;
  readonly tls?: boolean;
  /** Without a comma, a quote or a bracket, which the tool that writes the SCRAM password would take for its own. */
  readonly sasl?: boolean | { readonly username: string; readonly password: string };
  readonly nodes?: 1 | 2;
}

export interface Kafka extends Server<KafkaAddress> {
  /** The second broker alone, when there are two: what only it has is without a leader while it is stopped. */
  readonly secondBroker: Pick<Program, 'stop' | 'start' | 'kill'> | undefined;
}

const VARIABLE = 'PULSESCALE_KAFKA_BOOTSTRAP_SERVERS';

interface Node {
  readonly id: number;
  readonly plain: number;
  readonly tls: number | undefined;
  readonly sasl: number | undefined;
}

interface Access {
  readonly controllerPort: number;
  readonly certificates: Certificates | undefined;
  readonly user: { readonly username: string; readonly password: string } | undefined;
}

const CONTROLLER_ID = 1;

const properties = (node: Node, data: string, access: Access): string => {
  const { certificates: tls, user } = access;
  const listeners = [
    `PLAINTEXT://127.0.0.1:${node.plain}`,
    ...(node.tls === undefined ? [] : [`SSL://127.0.0.1:${node.tls}`]),
    ...(node.sasl === undefined ? [] : [`SASL_SSL://127.0.0.1:${node.sasl}`]),
  ];
  const isController = node.id === CONTROLLER_ID;
  const login = 'org.apache.kafka.common.security';
  const lines = [
    `process.roles=${isController ? 'broker,controller' : 'broker'}`,
    `node.id=${node.id}`,
    `controller.quorum.voters=${CONTROLLER_ID}@127.0.0.1:${access.controllerPort}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL',
    `listeners=${[...listeners, ...(isController ? [`CONTROLLER://127.0.0.1:${access.controllerPort}`] : [])].join(',')}`,
    `advertised.listeners=${listeners.join(',')}`,
    `log.dirs=${data}`,
    'auto.create.topics.enable=false',
    // The default waits three seconds for more members before it gives a group its first assignment.
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    // The defaults are made for three brokers, and for fifty partitions that all have to be opened at a start.
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=1',
    // 128 MB by default, half of our heap.
    'log.cleaner.dedupe.buffer.size=4194304',
    'num.network.threads=2',
    'num.io.threads=2',
  ];
  if (tls !== undefined) {
    lines.push('ssl.keystore.type=PKCS12', `ssl.keystore.location=${tls.pkcs12File}`);
    lines.push(`ssl.keystore.password=${tls.pkcs12Password}`, `ssl.key.password=${tls.pkcs12Password}`);
  }
  if (user !== undefined) {
    lines.push('sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN,OAUTHBEARER');
    lines.push(
      `listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=${login}.scram.ScramLoginModule required;`,
      // Takes any unsigned JSON Web Token, which is the broker's default.
      `listener.name.sasl_ssl.oauthbearer.sasl.jaas.config=${login}.oauthbearer.OAuthBearerLoginModule required;`,
      `listener.name.sasl_ssl.plain.sasl.jaas.config=${login}.plain.PlainLoginModule required user_${user.username}="${user.password}";`,
    );
  }
  return `${lines.join('\n')}\n`;
};

/** The smallest request there is: ApiVersions (18), version 0, correlation id 7, no client id; its length comes first. */
const API_VERSIONS = '\0\0\0\u000a\0\u0012\0\0\0\0\0\u0007\0\0';

/** A broker answers before the controller lets it lead; whole is a cluster when every partition has a leader again. */
const isWhole = async (brokers: string[]): Promise<void> => {
  const admin = new KafkaClient({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
  try {
    await admin.connect();
    const { length } = (await admin.describeCluster()).brokers;
    if (length < brokers.length) throw new Error(`${length} of ${brokers.length} brokers are in the cluster`);
    await admin.fetchTopicMetadata();
  } finally {
    await admin.disconnect();
  }
};

export const startKafka = async (options: KafkaOptions = {}): Promise<Kafka> => {
  const elsewhere = process.env[VARIABLE];
  if (elsewhere !== undefined && Object.keys(options).length === 0) {
    return { ...notOurs({ bootstrapServers: elsewhere.split(',') }, VARIABLE), secondBroker: undefined };
  }
  await endIdleLoop();
  const command = await java();
  const jars = await kafkaJars(`set ${VARIABLE} to brokers that run already, such as 127.0.0.1:9092`);
  const user =
    options.sasl === true
      ? { username: 'pulsescale', password: 'pulsescale' }
      : options.sasl === false
        ? undefined
        : options.sasl;
  const wantsTls = options.tls === true;
  const access: Access = {
    controllerPort: await freePort(),
    certificates: wantsTls || user !== undefined ? await certificates() : undefined,
    user,
  };
  const nodes: Node[] = [];
  for (let id = CONTROLLER_ID; id < CONTROLLER_ID + (options.nodes ?? 1); id++) {
    nodes.push({
      id,
      plain: (id === CONTROLLER_ID ? options.port : undefined) ?? (await freePort()),
      tls: wantsTls ? await freePort() : undefined,
      sasl: user === undefined ? undefined : await freePort(),
    });
  }

  const folder = makeFolder('kafka');
  const clusterId = randomBytes(16).toString('base64url');
  const jvm = [...SMALL_JVM, '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', join(jars, '*')];
  const programs: Program[] = [];
  for (const node of nodes) {
    const file = join(folder, `broker-${node.id}.properties`);
    writeFileSync(file, properties(node, join(folder, `data-${node.id}`), access), { mode: 0o600 });
    const scram =
      user === undefined ? [] : ['-S', `SCRAM-SHA-512=[name=${user.username},password=${user.password}]`];
    // In one piece: an ID may begin with a dash.
    const format = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '-c', file, ...scram];
    await promisify(execFile)(command, [...jvm, ...format]);
    programs.push(
      programOf({
        name: `kafka-${node.id}`,
        command,
        args: [...jvm, 'kafka.Kafka', file],
        folder,
        answers: () => ask(node.plain, API_VERSIONS, /.{8}/s),
      }),
    );
  }
  const every = (port: 'plain' | 'tls' | 'sasl') => nodes.map((node) => `127.0.0.1:${node[port]}`);
  const server = await startServer<KafkaAddress>({
    name: 'kafka',
    folder,
    address: {
      bootstrapServers: every('plain'),
      ...(wantsTls ? { tlsBootstrapServers: every('tls') } : {}),
      ...(user === undefined ? {} : { scramBootstrapServers: every('sasl'), ...user }),
      ...(access.certificates === undefined ? {} : { ca: access.certificates.ca }),
    },
    programs,
    settle: () => until(() => isWhole(every('plain'))),
  });
  return { ...server, secondBroker: programs[1] };
};
