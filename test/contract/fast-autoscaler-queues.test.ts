import { describe, expect, test } from '@jest/globals';
import { valueAt } from '../../lambdas/contract/schema-at.ts';
import { byEnvironment, byPayload, QUEUE } from './fast-autoscaler.ts';
import { problemsOf } from './problems-of.ts';

describe('the region', () => {
  const regionOf = (payload: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}) =>
    valueAt(byPayload(payload, env), ['services', 0, 'source', 'region']);

  test.each([
    ['another one than in the URL', { region: 'us-east-1' }, 'us-east-1'],
    ['the one in the URL', { region: 'eu-west-1' }, undefined],
    [
      'a URL without one',
      { region: 'us-east-1', queue_config: { queue_url: 'http://localhost:4566/1/q' } },
      'us-east-1',
    ],
    ['none', {}, undefined],
  ])('%s', (_, payload, region) => expect(regionOf(payload)).toBe(region));

  test('of the function is left to the AWS client', () => {
    expect(regionOf({}, { AWS_REGION: 'us-east-1' })).toBeUndefined();
  });
});

describe('queues', () => {
  const sourceOf = (env: Readonly<Record<string, string>>) => byEnvironment(env).services[0]?.source;
  const amq = { QUEUE_TYPE: 'amq', AMQ_BROKER_ID: 'b-1', AMQ_QUEUE_NAME: 'q' };
  const kafka = { QUEUE_TYPE: 'kafka', MSK_CLUSTER_ARN: 'arn:x', KAFKA_TOPIC: 't' };
  const rabbit = { QUEUE_TYPE: 'rabbitmq', RABBITMQ_HOST: 'h', RABBITMQ_QUEUE: 'q' };
  const redis = { QUEUE_TYPE: 'redis', REDIS_HOST: 'h', REDIS_QUEUE_KEY: 'k' };

  test.each([
    ['sqs', {}, { type: 'sqs', queueUrl: QUEUE }],
    ['amq', amq, { type: 'activemq', brokerId: 'b-1', queueName: 'q' }],
    ['kinesis', { QUEUE_TYPE: 'kinesis', KINESIS_STREAM_NAME: 's' }, { type: 'kinesis', streamName: 's' }],
    ['kafka', kafka, { type: 'kafka', clusterArn: 'arn:x', topic: 't', consumerGroup: 'autoscaler-monitor' }],
    [
      'kafka by brokers',
      { ...kafka, KAFKA_BOOTSTRAP_SERVERS: 'a:9092, b:9092', KAFKA_CONSUMER_GROUP: 'g' },
      {
        type: 'kafka',
        clusterArn: 'arn:x',
        topic: 't',
        bootstrapServers: ['a:9092', 'b:9092'],
        consumerGroup: 'g',
      },
    ],
    ['rabbitmq', rabbit, { type: 'rabbitmq', host: 'h', vhost: '/', queue: 'q' }],
    [
      'rabbitmq in full',
      { ...rabbit, RABBITMQ_PORT: '5671', RABBITMQ_VHOST: 'v' },
      { type: 'rabbitmq', host: 'h', port: 5671, vhost: 'v', queue: 'q' },
    ],
    ['redis', redis, { type: 'redis', host: 'h', port: 6379, queueKey: 'k', queueType: 'list' }],
    [
      'redis stream',
      { ...redis, REDIS_PORT: '6380', REDIS_QUEUE_TYPE: 'stream' },
      { type: 'redis', host: 'h', port: 6380, queueKey: 'k', queueType: 'stream' },
    ],
  ])('%s', (_, env, source) => expect(sourceOf(env)).toEqual(source));

  test('a payload’s queue_config, each key over its variable', () => {
    const queue_config = {
      queue_key: 'k2',
      queue_type: 'stream',
      processing_key: 'p',
      consumer_group: 'g',
      use_ssl: false,
    };
    expect(byPayload({ queue_type: 'redis', queue_config }, redis).services[0]?.source).toEqual({
      type: 'redis',
      host: 'h',
      port: 6379,
      queueKey: 'k2',
      queueType: 'stream',
      processingKey: 'p',
      consumerGroup: 'g',
      tls: false,
    });
    const kafkaPayload = {
      queue_type: 'kafka',
      queue_config: { topic: 't2', bootstrap_servers: ['a', 'b'] },
    };
    expect(byPayload(kafkaPayload).services[0]?.source).toMatchObject({
      topic: 't2',
      bootstrapServers: ['a', 'b'],
    });
  });

  test.each([
    ['AMQ', amq],
    ['RABBITMQ', rabbit],
    ['REDIS', redis],
  ])('%s credentials are named, never copied', (prefix, env) => {
    const config = byEnvironment({ ...env, [`${prefix}_USERNAME`]: 'me', [`${prefix}_PASSWORD`]: 'hunter2' });
    expect(config.services[0]?.source).toMatchObject({ password: `%(${prefix}_PASSWORD)` });
    if (prefix !== 'REDIS')
      expect(config.services[0]?.source).toMatchObject({ username: `%(${prefix}_USERNAME)` });
    expect(JSON.stringify(config)).not.toMatch(/hunter2|"me"/);
  });

  test('a password in a payload is refused and not repeated; a reference to one is taken', () => {
    const payload = (password: string) => ({ queue_type: 'redis', queue_config: { password } });
    const act = () => byPayload(payload('hunter2'), redis);
    expect(problemsOf(act)).toEqual([
      'config.queue_config.password: a secret in a payload would be kept in the history of every execution; ' +
        'leave it out here and set the environment variable REDIS_PASSWORD',
    ]);
    expect(byPayload(payload('%(CACHE)'), redis).services[0]?.source).toMatchObject({ password: '%(CACHE)' });
  });
});
