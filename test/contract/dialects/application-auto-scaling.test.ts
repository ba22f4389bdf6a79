import { describe, expect, test } from '@jest/globals';
import { applicationAutoScaling } from '../../../lambdas/contract/dialects/application-auto-scaling.ts';
import type { Steps } from '../../../lambdas/contract/path.ts';
import { valueAt } from '../../../lambdas/contract/schema-at.ts';
import { problemsOf } from '../problems-of.ts';
import { translates } from './translates.ts';
import { parsed } from './translations.ts';

const THEIRS = /^AWS::(ApplicationAutoScaling|CloudWatch)::/;

/** Of a template only its scaling counts; of what the CLI prints everything. */
const isScaling = (documents: readonly unknown[], [nth, section, id, part]: Steps): boolean => {
  if (section !== 'Resources')
    return section !== 'Parameters' && section !== undefined && section !== 'AWSTemplateFormatVersion';
  const resource = valueAt(documents[Number(nth)], ['Resources', String(id)]) as
    | { readonly Type?: string }
    | undefined;
  return part === 'Properties' && THEIRS.test(resource?.Type ?? '');
};

/** What names a policy or an alarm, says which belongs to which or when it was made, says nothing of a count. */
const IDENTITY =
  /^(Id|PolicyName|PolicyARN|PolicyType|AlarmName|AlarmARN|CreationTime|RoleARN|ScheduledActionName|StateValue|Label|ServiceNamespace|ScalableDimension)$/;
const PLUMBING = ['AlarmActions', 'ScalingTargetId', 'RoleARN'];

translates(applicationAutoScaling, {
  folder: 'test/contract/dialects/application-auto-scaling',
  files: 5,
  isIts: isScaling,
  saysNothing: (steps) => PLUMBING.some((key) => steps.includes(key)) || IDENTITY.test(String(steps.at(-1))),
  takesKeys: (documents, steps) => {
    const value = valueAt(documents, steps) as object;
    const isReference = Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
    return !isReference && !steps.some((step) => /^Fn::|^Alarms$|^RoleARN$/.test(String(step)));
  },
});

const TARGET = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/shop/orders',
  ScalableDimension: 'ecs:service:DesiredCount',
  MinCapacity: 1,
  MaxCapacity: 9,
};
const tracking = (config: object) => ({
  PolicyName: 'one',
  PolicyType: 'TargetTrackingScaling',
  ...TARGET,
  TargetTrackingScalingPolicyConfiguration: config,
});
const CPU = {
  TargetValue: 50,
  PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
};

const serviceIn = (document: object) => {
  const { config } = applicationAutoScaling.translate({ name: 'orders', documents: [document] }, {});
  parsed(config);
  return (config as { readonly services: readonly Record<string, unknown>[] }).services[0] ?? {};
};

describe('metric math', () => {
  const sqs = (Id: string, MetricName: string) => ({
    Id,
    MetricStat: {
      Stat: 'Sum',
      Metric: { Namespace: 'AWS/SQS', MetricName, Dimensions: [{ Name: 'QueueName', Value: 'orders' }] },
    },
  });
  const tasks = {
    Id: 'tasks',
    MetricStat: {
      Stat: 'Average',
      Metric: {
        Namespace: 'ECS/ContainerInsights',
        MetricName: 'RunningTaskCount',
        Dimensions: [
          { Name: 'ClusterName', Value: 'shop' },
          { Name: 'ServiceName', Value: 'orders' },
        ],
      },
    },
  };
  const policyOf = (Expression: string) => {
    const Metrics = [
      sqs('waiting', 'ApproximateNumberOfMessagesVisible'),
      sqs('flying', 'ApproximateNumberOfMessagesNotVisible'),
      tasks,
      { Id: 'result', Expression, ReturnData: true },
    ];
    const policy = tracking({ TargetValue: 10, CustomizedMetricSpecification: { Metrics } });
    return serviceIn({ ScalableTargets: [TARGET], ScalingPolicies: [policy] })['policy'];
  };

  test.each([
    ['waiting / tasks', { type: 'target', backlogPerTask: 10, count: 'visible' }],
    ['(waiting + flying) / tasks', { type: 'target', backlogPerTask: 10 }],
    ['waiting / MAX([tasks, 1])', { type: 'value', metric: 'visible / max([running, 1])', target: 10 }],
    [
      'IF(tasks > 0, waiting / tasks, waiting)',
      { type: 'value', metric: 'if(running > 0, visible / running, visible)', target: 10 },
    ],
  ])('%s', (expression, policy) => expect(policyOf(expression)).toMatchObject(policy));

  test('that nothing here can say leaves its policy out', () =>
    expect(problemsOf(() => policyOf('ANOMALY_DETECTION_BAND(waiting, 2)'))).toContainEqual(
      expect.stringMatching(/Metrics\[3\]\.Expression: No equivalent/),
    ));
});

test('policies without their target are refused, because nobody else has the bounds', () =>
  expect(problemsOf(() => serviceIn({ ScalingPolicies: [tracking(CPU)] }))).toEqual([
    expect.stringMatching(/^ScalingPolicies\[0\]: Its target, which has the bounds, is not in this file/),
  ]));

test('bounds that only the deployment knows are refused', () => {
  const Resources = {
    Target: {
      Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      Properties: { ...TARGET, MaxCapacity: { Ref: 'Most' } },
    },
    Policy: {
      Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
      Properties: { ...tracking(CPU), ScalingTargetId: { Ref: 'Target' } },
    },
  };
  expect(problemsOf(() => serviceIn({ Resources }))).toEqual([
    'Resources.Target.Properties.MaxCapacity: expected a whole number of at least 0, got "%(MOST)"',
    'Resources.Target.Properties.MaxCapacity: required, a whole number',
  ]);
});

describe('scheduled actions', () => {
  const action = (Schedule: string, MinCapacity: number) => ({
    ...TARGET,
    Schedule,
    ScalableTargetAction: { MinCapacity },
  });
  const of = (...ScheduledActions: object[]) =>
    serviceIn({ ScalableTargets: [TARGET], ScalingPolicies: [tracking(CPU)], ScheduledActions });

  test('of one kind of day become windows from each to the next, in the order of time', () =>
    expect(
      of(action('cron(0 20 * * ? *)', 1), action('cron(0 8 * * ? *)', 5), action('cron(0 12 * * ? *)', 3))[
        'schedule'
      ],
    ).toEqual([
      { start: '0 8 * * *', end: '0 12 * * *', timezone: 'UTC', min: 5 },
      { start: '0 12 * * *', end: '0 20 * * *', timezone: 'UTC', min: 3 },
    ]));
  test.each([
    ['one alone', [action('cron(0 8 * * ? *)', 5)]],
    ['one that happens once', [action('cron(0 8 * * ? 2027)', 5), action('at(2027-01-01T00:00:00)', 2)]],
    ['several of different days', [1, 2, 3].map((day) => action(`cron(0 8 ${day} * ? *)`, day + 1))],
  ])('%s is left out and told', (_, actions) => expect(of(...actions)).not.toHaveProperty('schedule'));
});

test('our own shape and a template without scaling are nobody of theirs', () => {
  const queue = { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } };
  const ours = { services: [{ cluster: 'shop', service: 'orders' }] };
  for (const document of [ours, queue, null, 'text', []])
    expect(applicationAutoScaling.recognises({ name: 'orders', documents: [document] })).toBe(false);
});
