import { describe, expect, test } from '@jest/globals';
import { stepsOf } from '../../lambdas/contract/path.ts';
import { valueAt } from '../../lambdas/contract/schema-at.ts';
import { byEnvironment, byPayload } from './fast-autoscaler.ts';

/** One row of its table: variable, payload key, a value, where it lands, what it becomes, and the default. */
const table: readonly (readonly [string, string, string | number, string, unknown, unknown])[] = [
  ['QUEUE_TYPE', 'queue_type', 'SQS', 'services[0].source.type', 'sqs', 'sqs'],
  ['ECS_CLUSTER', 'cluster_name', 'yard', 'services[0].cluster', 'yard', 'shop'],
  ['SERVICE_NAME', 'service_name', 'mail', 'services[0].service', 'mail', 'orders'],
  ['MIN_TASKS', 'min_tasks', 3, 'services[0].tasks.min', 3, 10],
  ['MAX_TASKS', 'max_tasks', 40, 'services[0].tasks.max', 40, 300],
  ['SCALE_UP_THRESHOLD', 'scale_up_threshold', 250.5, 'services[0].policy.scaleUpThreshold', 250.5, 100],
  ['SCALE_DOWN_THRESHOLD', 'scale_down_threshold', 20, 'services[0].policy.scaleDownThreshold', 20, 99],
  ['SCALE_OUT_COOLDOWN', 'scale_out_cooldown', 30, 'services[0].cooldown.out', 30, 120],
  ['SCALE_IN_COOLDOWN', 'scale_in_cooldown', 600, 'services[0].cooldown.in', 600, 120],
  ['SCALING_STEP_COUNT', 'scaling_step_count', 7, 'services[0].policy.stepCount', 7, undefined],
  ['TASKS_PER_MESSAGE', 'tasks_per_message', 0.5, 'services[0].policy.tasksPerMessage', 0.5, 0.01],
  ['MAX_SCALE_DOWN_FACTOR', 'max_scale_down_factor', 0.5, 'services[0].policy.maxScaleDownFactor', 0.5, 0.99],
  ['USE_COMBINED_MESSAGES', 'use_combined_messages', 'True', 'services[0].policy.combined', true, false],
  ['S3_CONFIG_BUCKET', 's3_config_bucket', 'tf-mine', 'loop.previousState', 'tf-mine', undefined],
];

describe.each(table)('%s [%s]', (variable, key, given, path, becomes, usual) => {
  const at = (config: unknown) => valueAt(config, stepsOf(path));

  test('is read from the environment', () =>
    expect(at(byEnvironment({ [variable]: String(given) }))).toBe(becomes));
  test('is read from the payload, as it is or as text', () => {
    expect(at(byPayload({ [key]: given }))).toBe(becomes);
    expect(at(byPayload({ [key]: String(given) }))).toBe(becomes);
  });
  test('wins in the payload over the environment', () => {
    expect(at(byPayload({ [key]: given }, { [variable]: '1' }))).toBe(becomes);
  });
  test('has its default when it is not set or empty', () => {
    expect(at(byEnvironment({}))).toBe(usual);
    expect(at(byPayload({ [key]: null }))).toBe(usual);
    expect(at(byPayload({ [key]: '' }))).toBe(usual);
  });
});

test('it scales out in spite of its cooldown', () => {
  expect(byEnvironment({}).services[0]?.cooldown.priorityOverride).toBe(true);
});

describe('a payload value of 0 or false counts', () => {
  const config = byPayload(
    {
      min_tasks: 0,
      scale_out_cooldown: 0,
      scale_in_cooldown: 0,
      use_combined_messages: false,
      scale_down_threshold: 0,
    },
    { MIN_TASKS: '4', SCALE_OUT_COOLDOWN: '9', USE_COMBINED_MESSAGES: 'True' },
  );
  test('as a count', () => expect(config.services[0]?.tasks.min).toBe(0));
  test('as a cooldown', () => expect(config.services[0]?.cooldown).toMatchObject({ out: 0, in: 0 }));
  test('as a threshold and as truth', () =>
    expect(config.services[0]?.policy).toMatchObject({ combined: false, scaleDownThreshold: 0 }));
});

test.each([
  ...['True', 'true', '1', 'yes', 'T'].map((word) => [word, true] as const),
  ...['False', 'false', '0', 'no', 'f'].map((word) => [word, false] as const),
])('USE_COMBINED_MESSAGES=%s is %p', (word, truth) => {
  expect(byEnvironment({ USE_COMBINED_MESSAGES: word }).services[0]?.policy).toMatchObject({
    combined: truth,
  });
});

test('a lower SCALE_UP_THRESHOLD takes the default of the other down with it', () => {
  expect(byEnvironment({ SCALE_UP_THRESHOLD: '50' }).services[0]?.policy).toMatchObject({
    scaleUpThreshold: 50,
    scaleDownThreshold: 50,
  });
});
