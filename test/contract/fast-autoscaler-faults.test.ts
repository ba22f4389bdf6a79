import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromEnvironment, fromPayload, isPayload } from '../../lambdas/contract/dialects/fast-autoscaler.ts';
import { ConfigError } from '../../lambdas/contract/errors.ts';
import { byEnvironment, byPayload, QUEUE, required } from './fast-autoscaler.ts';
import { problemsOf } from './problems-of.ts';

describe('the environment', () => {
  test.each([
    {},
    { ECS_CLUSTER: '', SERVICE_NAME: '' },
    { LOG_LEVEL: 'INFO', AWS_REGION: 'eu-west-1', MIN_TASKS: '1' },
  ])('says nothing: %j', (env) => {
    expect(fromEnvironment(env)).toBeUndefined();
  });

  test('says too little: all that is missing is named', () => {
    expect(problemsOf(() => fromEnvironment({ SQS_QUEUE_URL: QUEUE }))).toEqual([
      'ECS_CLUSTER: required, the name of the ECS cluster; set the environment variable ECS_CLUSTER',
      'SERVICE_NAME: required, the name of the ECS service; set the environment variable SERVICE_NAME',
    ]);
    expect(problemsOf(() => fromEnvironment({ SERVICE_NAME: 'orders' }))).toEqual([
      'ECS_CLUSTER: required, the name of the ECS cluster; set the environment variable ECS_CLUSTER',
      'SQS_QUEUE_URL: required, the URL of the queue; set the environment variable SQS_QUEUE_URL',
    ]);
  });

  test.each([
    [{ MIN_TASKS: 'ten' }, 'MIN_TASKS: expected a whole number, got "ten"'],
    [{ MIN_TASKS: '1.5' }, 'MIN_TASKS: expected a whole number, got "1.5"'],
    [{ MIN_TASKS: '0x10' }, 'MIN_TASKS: expected a whole number, got "0x10"'],
    [{ MAX_TASKS: '-1' }, 'MAX_TASKS: expected a whole number of at least 0, got "-1"'],
    [{ SCALING_STEP_COUNT: '0' }, 'SCALING_STEP_COUNT: expected a whole number of at least 1, got "0"'],
    [{ TASKS_PER_MESSAGE: '1,5' }, 'TASKS_PER_MESSAGE: expected a number, got "1,5"'],
    [{ MAX_SCALE_DOWN_FACTOR: '1.5' }, 'MAX_SCALE_DOWN_FACTOR: expected a number from 0 to 1, got "1.5"'],
    [
      { USE_COMBINED_MESSAGES: 'on' },
      'USE_COMBINED_MESSAGES: expected true or false, 1 or 0, yes or no, got "on"',
    ],
    [{ QUEUE_TYPE: 'toString' }, 'QUEUE_TYPE: unknown queue type "toString", the nearest known one is'],
    [
      { QUEUE_TYPE: 'rabitmq' },
      'QUEUE_TYPE: unknown queue type "rabitmq", the nearest known one is "rabbitmq"; allowed here: sqs, amq, kinesis, kafka, rabbitmq, redis',
    ],
    [{ QUEUE_TYPE: 'sns' }, 'QUEUE_TYPE: a topic keeps no messages that could be counted'],
    [{ MAX_TASKS: '5' }, 'MAX_TASKS: 5 is below MIN_TASKS, which is 10 unless it is set'],
    [{ MIN_TASKS: '400' }, 'MIN_TASKS: 400 is above MAX_TASKS, which is 300 unless it is set'],
    [{ MIN_TASKS: '4', MAX_TASKS: '3' }, 'MIN_TASKS: 4 is above MAX_TASKS, which is 3'],
    [
      { SCALE_DOWN_THRESHOLD: '101' },
      'SCALE_DOWN_THRESHOLD: 101 is above SCALE_UP_THRESHOLD, 100; the count would flap',
    ],
  ])('%j is refused in its own words', (env, problem) => {
    const problems = problemsOf(() => byEnvironment(env));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

describe('a payload', () => {
  test('tells every problem at once, by key', () => {
    const config = { min_taks: 1, max_tasks: true, queue_config: { queue_ulr: 'u' } };
    const problems = problemsOf(() => fromPayload({ config }, {}));
    expect(problems.map((problem) => problem.split(';')[0])).toEqual([
      'config.cluster_name: required, the name of the ECS cluster',
      'config.service_name: required, the name of the ECS service',
      'config.max_tasks: expected a whole number, got true',
      'config.queue_config.queue_url: required, the URL of the queue',
      'config.queue_config.queue_ulr: unknown key "queue_ulr", the nearest known one is "queue_url"',
      'config.min_taks: unknown key "min_taks", the nearest known one is "min_tasks"',
    ]);
    expect(problems[0]).toContain(
      'give cluster_name in the payload or set the environment variable ECS_CLUSTER',
    );
  });

  test('names a variable where the fault is in a variable', () => {
    expect(problemsOf(() => byPayload({ max_tasks: 50 }, { MIN_TASKS: 'ten' }))).toEqual([
      'MIN_TASKS: expected a whole number, got "ten"',
    ]);
  });

  test.each([7, 'text', ['a']])('with a queue_config that is no object: %j', (queue_config) => {
    expect(problemsOf(() => byPayload({ queue_config }))[0]).toMatch(
      /^config\.queue_config: expected an object, got /,
    );
  });

  test('may stand without its wrapping', () => {
    expect(fromPayload({ cluster_name: 'x' }, required)).toEqual(
      fromPayload({ config: { cluster_name: 'x' } }, required),
    );
  });

  test('takes sso_profile, which every AWS client gets from AWS_PROFILE', () => {
    expect(byPayload({ sso_profile: 'dev' })).toEqual(byPayload({}));
  });

  test.each([
    [{ config: { cluster_name: 'a' } }, true],
    [{ config: {} }, true],
    [{ cluster_name: 'a' }, true],
    [{ queue_type: 'sqs' }, true],
    [{ queue_config: {} }, true],
    [{ min_tasks: 0 }, true],
    [{ services: [] }, false],
    [{ loop: {} }, false],
    [{ config: { services: [] } }, false],
    [{}, false],
    [{ config: 'text' }, false],
    [[{ cluster_name: 'a' }], false],
    [null, false],
    ['cluster_name', false],
  ])('%j is recognised: %p', (value, recognised) => expect(isPayload(value)).toBe(recognised));
});

test('a flag that even JavaScript cannot make text of is refused', () => {
  expect(() => byPayload({ use_combined_messages: [{ toString: false }] })).toThrow(/use_combined_messages/);
});

test('whatever a payload holds, it is understood or refused with a ConfigError', () => {
  const keys = fc.constantFrom(
    ...[
      'queue_type',
      'cluster_name',
      'min_tasks',
      'max_tasks',
      'scale_up_threshold',
      'use_combined_messages',
    ],
    'queue_config',
    'region',
    'toString',
    '__proto__',
  );
  fc.assert(
    fc.property(fc.dictionary(keys, fc.jsonValue()), (payload) => {
      try {
        byPayload(payload);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(ConfigError);
      }
    }),
  );
});
