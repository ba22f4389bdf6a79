/** What differs, as far as it was written. What the settings become is tested in `test/contract/fast-autoscaler*.test.ts`. */
import { describe, expect, test } from '@jest/globals';
import { fastAutoscaler } from '../../../lambdas/contract/dialects/fast-autoscaler-dialect.ts';
import { understood, written, writtenIn } from './written.ts';

const lines = (env: Record<string, string>) =>
  written(
    Object.entries({ ECS_CLUSTER: 'prod', SERVICE_NAME: 'mailer', ...env })
      .map((pair) => pair.join('='))
      .join('\n'),
  );
const said = (env: Record<string, string>, path: string) => understood(fastAutoscaler, lines(env)).said(path);
const SQS = { SQS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/1/mail' };
const REDIS = { QUEUE_TYPE: 'redis', REDIS_HOST: 'cache', REDIS_QUEUE_KEY: 'mail' };

describe('a file of its variables', () => {
  const { parsed } = understood(fastAutoscaler, writtenIn('fast-autoscaler.env'), { MIN_TASKS: '7' });
  test('says the same as the environment would, and nothing of the environment gets in', () => {
    expect(parsed.loop.previousState).toBe('tf-configuration-mailer');
    expect(parsed.services[0]).toMatchObject({
      tasks: { min: 1, max: 20 },
      policy: { type: 'threshold', stepCount: 8, tasksPerMessage: 0.05 },
      cooldown: { out: 60, in: 1, priorityOverride: true },
    });
  });
  test('keeps a password out of the configuration, and says so', () => {
    const found = understood(fastAutoscaler, lines({ ...REDIS, REDIS_PASSWORD: 'ge#heim' }));
    expect(JSON.stringify([found.config, found.differences])).not.toContain('heim');
    expect(found.parsed.services[0]?.source).toMatchObject({ password: '%(REDIS_PASSWORD)' });
    expect(found.said('REDIS_PASSWORD')).toMatch(/must be set where the loop runs/);
  });
});

describe('its differences', () => {
  test('are told by key in a payload', () => {
    const found = understood(fastAutoscaler, writtenIn('fast-autoscaler.json'));
    expect(found.said('config.min_tasks')).toMatch(/0 and false were passed over.*\n.*divided by zero/);
    expect(found.said('config.queue_type')).toMatch(/TLS/);
    expect(found.said('config.scale_up_threshold')).toMatch(/which is 50 here/);
    expect(found.said('config.s3_config_bucket')).toMatch(/^Read once/);
  });

  test.each([
    ['a number of steps', { SCALING_STEP_COUNT: '5' }, 'SCALING_STEP_COUNT', /never used/],
    ['no bucket', {}, 'S3_CONFIG_BUCKET', /default bucket is not looked at/],
    ['no task', { MIN_TASKS: '0' }, 'MIN_TASKS', /divided by zero/],
    ['sqs', {}, 'QUEUE_TYPE', /always failed/],
    [
      'kafka',
      { QUEUE_TYPE: 'kafka', KAFKA_TOPIC: 'mail', KAFKA_BOOTSTRAP_SERVERS: 'a:9092' },
      'QUEUE_TYPE',
      /end offsets/,
    ],
    ['kinesis', { QUEUE_TYPE: 'kinesis', KINESIS_STREAM_NAME: 'mail' }, 'QUEUE_TYPE', /last minute/],
    ['redis', REDIS, 'QUEUE_TYPE', /TLS/],
  ])('of %s', (_, env, path, why) => expect(said({ ...SQS, ...env }, path)).toMatch(why));

  test('of what was not written are not told', () => {
    const paths = understood(fastAutoscaler, lines(SQS)).differences.map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set(['', 'TASKS_PER_MESSAGE', 'S3_CONFIG_BUCKET', 'QUEUE_TYPE']));
  });
});
