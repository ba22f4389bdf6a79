import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applicationAutoScaling } from '../../../lambdas/contract/dialects/application-auto-scaling.ts';
import type { Steps } from '../../../lambdas/contract/path.ts';
import { valueAt } from '../../../lambdas/contract/schema-at.ts';
import { problemsOf } from '../problems-of.ts';
import {
  changedAt,
  isTold,
  leavesOf,
  objectsOf,
  oddValues,
  other,
  outcomeOf,
  parsed,
  placeOf,
  strangeKeys,
  toldBy,
  translationsIn,
} from './translations.ts';

const written = translationsIn('test/contract/dialects/application-auto-scaling');

describe.each(written)('the policies in $name', ({ name, documents, expected }) => {
  const translated = applicationAutoScaling.translate({ name, documents }, {});

  test('are recognised', () => expect(applicationAutoScaling.recognises({ name, documents })).toBe(true));
  test('have their equivalent', () => expect(translated.config).toEqual(expected.config));
  test('which the parser takes', () => expect(() => parsed(translated.config)).not.toThrow());
  test('are told where they differ', () => expect(toldBy(translated)).toEqual(expected.told));
});

test('there are five of them', () => expect(written).toHaveLength(5));

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

test('whatever stands anywhere, there is an equivalent or a list of problems', () => {
  const places = written.flatMap(({ name, documents }) =>
    [...leavesOf(documents), ...objectsOf(documents)]
      .filter((steps) => steps.length > 1)
      .map((steps) => ({ name, documents, steps })),
  );
  fc.assert(
    fc.property(fc.constantFrom(...places), oddValues, ({ name, documents, steps }, odd) => {
      outcomeOf(
        applicationAutoScaling,
        name,
        changedAt(documents, steps, () => odd),
      );
    }),
  );
});

describe('nothing is dropped in silence', () => {
  test.each(written)(
    'another value anywhere in $name makes a difference, or is told',
    ({ name, documents }) => {
      const before = outcomeOf(applicationAutoScaling, name, documents);
      const silent = leavesOf(documents)
        .filter((steps) => isScaling(documents, steps) && !isTold(placeOf(steps), before.told))
        .filter(
          (steps) => !PLUMBING.some((key) => steps.includes(key)) && !IDENTITY.test(String(steps.at(-1))),
        )
        .filter(
          (steps) =>
            outcomeOf(applicationAutoScaling, name, changedAt(documents, steps, other)).text === before.text,
        );
      expect(silent).toEqual([]);
    },
  );

  const objects = written.flatMap(({ name, documents }) =>
    objectsOf(documents)
      .filter(
        (steps) =>
          isScaling(documents, steps) && !JSON.stringify(valueAt(documents, steps)).startsWith('{"Ref"'),
      )
      .filter((steps) => !steps.some((step) => /^Fn::|^Alarms$|^RoleARN$/.test(String(step))))
      .filter(
        (steps) => !Object.keys(valueAt(documents, steps) as object).some((key) => key.startsWith('Fn::')),
      )
      .map((steps) => ({ name, documents, steps })),
  );

  test('a key that nobody knows is told wherever it stands', () => {
    fc.assert(
      fc.property(fc.constantFrom(...objects), strangeKeys, ({ name, documents, steps }, key) => {
        const more = changedAt(documents, steps, (object) => ({ ...(object as object), [key]: 'some' }));
        expect(isTold(placeOf([...steps, key]), outcomeOf(applicationAutoScaling, name, more).told)).toBe(
          true,
        );
      }),
    );
  });
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
