/**
 * The queues of fast-autoscaler: which variables and `queue_config` keys name one, and which source reads it here.
 *
 * It speaks TLS to AMQ, RabbitMQ and Redis unless a payload's `use_ssl` says no, with verification off, and so even to the plain
 * ports that are its defaults. Here `use_ssl` is obeyed where it is given; else the port or the host tells, as each source
 * documents for `tls`, and certificates are verified. A password may also be named by a secret's ARN, which is ours
 * (`REDIS_PASSWORD_SECRET`, `password_secret`): a deployed one must be. Its Kinesis and SNS numbers were rates, not a backlog: a stream is read by its own
 * source here, and a topic keeps nothing that could be counted.
 */
import type { Settings } from './settings.ts';
import type { Fields } from './values.ts';

type Queue = (read: Settings, region: string | undefined) => Fields;

/** `https://sqs.eu-west-1.amazonaws.com/…` → `eu-west-1`. */
const regionIn = (url: string | undefined): string | undefined =>
  /^https?:\/\/(?:sqs\.)?([a-z]+-[a-z-]+-\d)\./.exec(url ?? '')?.[1];

const sqs: Queue = (read, region) => {
  const queueUrl = read.required({ variable: 'SQS_QUEUE_URL', key: 'queue_url' }, 'the URL of the queue');
  return { type: 'sqs', queueUrl, region: region === regionIn(queueUrl) ? undefined : region };
};

const amq: Queue = (read, region) => ({
  type: 'activemq',
  region,
  brokerId: read.required({ variable: 'AMQ_BROKER_ID', key: 'broker_id' }, 'the ID of the Amazon MQ broker'),
  queueName: read.required({ variable: 'AMQ_QUEUE_NAME', key: 'queue_name' }, 'the name of the queue'),
  username: read.byReference({ variable: 'AMQ_USERNAME', key: 'username' }),
  password: read.secret({ variable: 'AMQ_PASSWORD', key: 'password' }),
  passwordSecret: read.text({ variable: 'AMQ_PASSWORD_SECRET', key: 'password_secret' }),
  tls: read.flag({ key: 'use_ssl' }),
});

const kinesis: Queue = (read, region) => ({
  type: 'kinesis',
  region,
  streamName: read.required(
    { variable: 'KINESIS_STREAM_NAME', key: 'stream_name' },
    'the name of the data stream',
  ),
});

const kafka: Queue = (read, region) => ({
  type: 'kafka',
  region,
  clusterArn: read.text({ variable: 'MSK_CLUSTER_ARN', key: 'cluster_arn' }),
  topic: read.required({ variable: 'KAFKA_TOPIC', key: 'topic' }, 'the name of the topic'),
  bootstrapServers: read.list({ variable: 'KAFKA_BOOTSTRAP_SERVERS', key: 'bootstrap_servers' }),
  consumerGroup:
    read.text({ variable: 'KAFKA_CONSUMER_GROUP', key: 'consumer_group' }) ?? 'autoscaler-monitor',
});

const rabbitmq: Queue = (read) => ({
  type: 'rabbitmq',
  host: read.required({ variable: 'RABBITMQ_HOST', key: 'host' }, 'the host of the broker'),
  // Its default, 5672, is the source's own as well; only with TLS, as on Amazon MQ, it could never work.
  port: read.whole({ variable: 'RABBITMQ_PORT', key: 'port' }, { least: 1, most: 65_535 }),
  vhost: read.text({ variable: 'RABBITMQ_VHOST', key: 'vhost' }) ?? '/',
  queue: read.required({ variable: 'RABBITMQ_QUEUE', key: 'queue' }, 'the name of the queue'),
  // It has no such setting: over AMQP alone, messages in flight cannot be counted.
  managementUrl: read.text({ variable: 'RABBITMQ_MANAGEMENT_URL', key: 'management_url' }),
  username: read.byReference({ variable: 'RABBITMQ_USERNAME', key: 'username' }),
  password: read.secret({ variable: 'RABBITMQ_PASSWORD', key: 'password' }),
  passwordSecret: read.text({ variable: 'RABBITMQ_PASSWORD_SECRET', key: 'password_secret' }),
  tls: read.flag({ key: 'use_ssl' }),
});

const redis: Queue = (read) => ({
  type: 'redis',
  host: read.required({ variable: 'REDIS_HOST', key: 'host' }, 'the host of the server'),
  port: read.whole({ variable: 'REDIS_PORT', key: 'port' }, { least: 1, most: 65_535 }) ?? 6379,
  password: read.secret({ variable: 'REDIS_PASSWORD', key: 'password' }),
  passwordSecret: read.text({ variable: 'REDIS_PASSWORD_SECRET', key: 'password_secret' }),
  queueKey: read.required(
    { variable: 'REDIS_QUEUE_KEY', key: 'queue_key' },
    'the key of the list or the stream',
  ),
  queueType: read.text({ variable: 'REDIS_QUEUE_TYPE', key: 'queue_type' }) ?? 'list',
  processingKey: read.text({ key: 'processing_key' }),
  consumerGroup: read.text({ key: 'consumer_group' }),
  tls: read.flag({ key: 'use_ssl' }),
});

/** By the name that QUEUE_TYPE gives. What is not set is `undefined`. */
export const queues: Readonly<Record<string, Queue>> = {
  sqs,
  amq,
  kinesis,
  kafka,
  rabbitmq,
  redis,
};
