/** Every way in which a service can fail on its own, and what it is to say then. */
import type { ServerAddress } from '../../local/demo/queue.ts';
import { kinds } from './kinds.ts';

/** Servers on this machine that misbehave. */
export interface Trouble {
  /** Nobody listens there. */
  readonly closedPort: number;
  /** Accepts every connection and never says a word. */
  readonly silentPort: number;
  /** Answers HTTP with a page of text. */
  readonly nonsensePort: number;
}

export interface Failure {
  readonly name: string;
  /** The server that it needs; undefined: none. */
  readonly type?: string;
  /** @param address of that server */
  readonly source: (trouble: Trouble, address: ServerAddress) => Readonly<Record<string, unknown>>;
  /** What is wrong with its ECS service, where it is not the source. */
  readonly ecs?: 'missing' | 'denied' | 'no cluster';
  /** Somebody accepts and never answers, so that a tick waits for a time limit. */
  readonly hangs?: true;
  /** What the operator is to read. */
  readonly says: RegExp;
}

const local = { host: '127.0.0.1' };

/** A healthy source of that type, for a queue of its own. */
const own =
  (type: string, queue: string, over: Readonly<Record<string, unknown>> = {}): Failure['source'] =>
  (_, address) => ({
    type,
    ...kinds.find((kind) => kind.type === type)?.options(queue, address),
    ...over,
  });

export const failures: readonly Failure[] = [
  { name: 'sqs: no such queue', source: own('sqs', 'gone'), says: /queue/i },
  {
    name: 'redis: the server is down',
    source: ({ closedPort }) => ({ type: 'redis', ...local, port: closedPort, queueKey: 'a' }),
    says: /ECONNREFUSED|refused/i,
  },
  {
    name: 'redis: the server hangs',
    hangs: true,
    source: ({ silentPort }) => ({ type: 'redis', ...local, port: silentPort, queueKey: 'a' }),
    says: /answer|time/i,
  },
  {
    name: 'activemq: the broker hangs',
    hangs: true,
    source: ({ silentPort }) => ({
      ...{ type: 'activemq', endpoints: [`stomp://127.0.0.1:${silentPort}`] },
      ...{ username: 'a', password: '%(BENCH_ANY)', queueName: 'a' },
    }),
    says: /answer|time/i,
  },
  {
    name: 'http: nonsense',
    source: ({ nonsensePort }) => ({ type: 'http', url: `http://127.0.0.1:${nonsensePort}/`, field: 'a' }),
    says: /JSON/,
  },
  {
    name: 'http: the server hangs',
    hangs: true,
    source: ({ silentPort }) => ({ type: 'http', url: `http://127.0.0.1:${silentPort}/`, field: 'a' }),
    says: /answer|time/i,
  },
  {
    name: 'a variable is not set',
    source: ({ closedPort }) => ({ type: 'redis', host: '%(BENCH_NOBODY)', port: closedPort, queueKey: 'a' }),
    says: /BENCH_NOBODY/,
  },
  {
    name: 'a secret cannot be read',
    source: ({ closedPort }) => ({
      ...{ type: 'redis', ...local, port: closedPort, queueKey: 'a' },
      passwordSecret: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:gone-AbCdEf',
    }),
    says: /secret/i,
  },
  { name: 'ECS: no such service', ecs: 'missing', source: own('sqs', 'unserved'), says: /no service/ },
  { name: 'ECS: no such cluster', ecs: 'no cluster', source: own('sqs', 'homeless'), says: /no cluster/ },
  {
    name: 'ECS: UpdateService denied',
    ecs: 'denied',
    source: own('sqs', 'denied'),
    says: /ecs:UpdateService/,
  },
  {
    name: 'rabbitmq: wrong password',
    type: 'rabbitmq',
    source: own('rabbitmq', 'a', { password: '%(BENCH_ANY)' }),
    says: /password|login|ACCESS/i,
  },
  { name: 'rabbitmq: no such queue', type: 'rabbitmq', source: own('rabbitmq', 'gone'), says: /queue/i },
  { name: 'kafka: no such topic', type: 'kafka', source: own('kafka', 'gone'), says: /topic/i },
  {
    name: 'kinesis: no such lease table',
    type: 'kinesis',
    source: own('kinesis', 'gone'),
    says: /no lease table/,
  },
  {
    name: 'activemq: wrong password',
    type: 'activemq',
    source: own('activemq', 'a', { password: '%(BENCH_ANY)' }),
    says: /password|login|denied/i,
  },
];
