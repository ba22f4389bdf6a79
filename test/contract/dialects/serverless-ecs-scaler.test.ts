import { describe, expect, test } from '@jest/globals';
import { serverlessEcsScaler } from '../../../lambdas/contract/dialects/serverless-ecs-scaler.ts';
import { problemsOf } from '../problems-of.ts';
import { understood, written, writtenIn } from './written.ts';

const required = {
  SQS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/videos',
  ECS_CLUSTER_NAME: 'media',
  ECS_SERVICE_NAME: 'encoder',
};
const fromEnvironment = (env: Record<string, string>) => serverlessEcsScaler.fromEnvironment?.(env);

describe('its variables', () => {
  test('in a file', () => {
    const { parsed } = understood(serverlessEcsScaler, writtenIn('serverless-ecs-scaler.env'));
    expect(parsed.services[0]).toMatchObject({
      cluster: 'media',
      service: 'encoder',
      tasks: { min: 0, max: 2 },
      source: { type: 'sqs', queueUrl: required.SQS_QUEUE_URL },
      policy: { type: 'presence', tasks: 2, emptyFor: 6 },
      cooldown: { out: 0, in: 0 },
      emptyFor: 6,
      idle: { after: 60 },
    });
  });

  test('have its defaults: one task, two minutes', () => {
    const file = written(
      Object.entries(required)
        .map(([name, value]) => `export ${name}="${value}" # ${name}`)
        .join('\n'),
      'x.env',
    );
    const { parsed, differences } = understood(serverlessEcsScaler, file);
    expect(parsed.services[0]).toMatchObject({
      tasks: { max: 1 },
      policy: { tasks: 1, emptyFor: 120 },
      idle: { after: 120 },
    });
    expect(fromEnvironment(required)).toEqual({ config: expect.anything(), differences });
  });

  test('of more than an hour fit into what the guards take', () => {
    const lines = Object.entries({ ...required, SCALE_DOWN_THRESHOLD: '1440' }).map((pair) => pair.join('='));
    const { parsed } = understood(serverlessEcsScaler, written(lines.join('\n')));
    expect(parsed.services[0]).toMatchObject({
      policy: { emptyFor: 86_400 },
      emptyFor: 3600,
      idle: { after: 86_400 },
    });
  });

  test('are told apart from those of fast-autoscaler, with which they share the queue', () => {
    const { SQS_QUEUE_URL } = required;
    expect(fromEnvironment({ SQS_QUEUE_URL })).toBeUndefined();
    expect(fromEnvironment({ SQS_QUEUE_URL, ECS_CLUSTER: 'a', SERVICE_NAME: 'b' })).toBeUndefined();
    expect(fromEnvironment({ ...required, ECS_CLUSTER: ' ' })).toBeDefined();
  });
});

test('what is missing or wrong is told by its variable, all at once', () => {
  const env = { ECS_CLUSTER_NAME: 'media', SCALE_UP_TARGET: '0', SCALE_DOWN_THRESHOLD: 'soon' };
  expect(problemsOf(() => fromEnvironment(env))).toEqual([
    'SQS_QUEUE_URL: required, the URL of the queue; set the environment variable SQS_QUEUE_URL',
    'ECS_SERVICE_NAME: required, the name of the ECS service; set the environment variable ECS_SERVICE_NAME',
    'SCALE_UP_TARGET: expected a whole number of at least 1, got "0"',
    'SCALE_DOWN_THRESHOLD: expected a number, got "soon"',
  ]);
});

test('it says that the trigger must go, and of a short threshold that SQS counts late', () => {
  const { said } = understood(serverlessEcsScaler, writtenIn('serverless-ecs-scaler.env'));
  expect(said('')).toMatch(/Remove the trigger/);
  expect(said('SCALE_DOWN_THRESHOLD')).toMatch(/Below a minute/);
  const usual = fromEnvironment(required)
    ?.differences.map(({ why }) => why)
    .join('\n');
  expect(usual).not.toMatch(/Below a minute/);
});
