/** The alarms of the template; `alarm-lines.test.ts` looks whether the functions print what they wait for. */
import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { PulseScaler, type PulseScalerProps } from '../../lib/index.ts';
import { flat, manyServices, orders, Synthesised } from './synthesised.ts';

const config = { services: [orders] };
const ALARM = 'AWS::CloudWatch::Alarm';
const FILTER = 'AWS::Logs::MetricFilter';

const usual = new Synthesised({ config });

interface Transformation {
  readonly MetricName: string;
  readonly MetricNamespace: string;
  readonly MetricValue: string;
  readonly DefaultValue?: number;
  readonly Dimensions: unknown;
}

const transformationsIn = (of: Synthesised): readonly Transformation[] =>
  of
    .all(FILTER)
    .flatMap(([, { Properties }]) => Properties['MetricTransformations'] as readonly Transformation[]);

describe('a lane', () => {
  /** Until it rings: fewer than one, or at least one, in so many of so many periods. */
  test.each([
    ['NotTicking', 'LessThanThreshold', 'breaching', 'Invocations', 60, 3, 3],
    ['ExecutionFailed', 'GreaterThanOrEqualToThreshold', 'notBreaching', 'ExecutionsFailed', 300, 1, 1],
    ['Failing', 'GreaterThanOrEqualToThreshold', 'notBreaching', 'Failures', 60, 3, 5],
    ['SourceUnknown', 'GreaterThanOrEqualToThreshold', 'notBreaching', 'SourceUnknown', 300, 1, 1],
    ['AtMax', 'GreaterThanOrEqualToThreshold', 'notBreaching', 'AtMax', 300, 1, 1],
    ['TwoControllers', 'GreaterThanOrEqualToThreshold', 'notBreaching', 'TwoControllers', 900, 1, 1],
  ])(
    'has an alarm %s',
    (id, ComparisonOperator, TreatMissingData, MetricName, Period, DatapointsToAlarm, EvaluationPeriods) => {
      expect(usual.the(ALARM, `default${id}`).Properties).toMatchObject({
        ...{ Threshold: 1, Statistic: 'Sum', ComparisonOperator, TreatMissingData },
        ...{ MetricName, Period, EvaluationPeriods, DatapointsToAlarm },
      });
    },
  );

  test('ticks when decide runs, and fails when its own state machine does', () => {
    const dimensionsOf = (id: string) => usual.the(ALARM, `default${id}`).Properties['Dimensions'];
    expect(dimensionsOf('NotTicking')).toEqual([
      { Name: 'FunctionName', Value: { Ref: expect.stringMatching(/^ScalerLanedefaultDecide/) } },
    ]);
    expect(dimensionsOf('ExecutionFailed')).toEqual([
      { Name: 'StateMachineArn', Value: { Ref: expect.stringMatching(/^ScalerLanedefaultLoop/) } },
    ]);
  });

  test('has six alarms, each of which says whose it is and what to do, and does nothing', () => {
    const alarms = usual.all(ALARM);
    expect(alarms).toHaveLength(6);
    expect(usual.scaler.alarms).toHaveLength(6);
    for (const [, { Properties }] of alarms) {
      const description = flat(Properties['AlarmDescription']);
      expect(description).toMatch(/\blane default\b/i);
      expect(description).toContain('<ScalerLog');
      // CloudWatch takes 1,024 characters; a log group's name has up to 512.
      expect(description.length).toBeLessThan(600);
      expect(Properties).not.toHaveProperty('AlarmActions');
    }
  });

  test('shares its filters with the others, which tell the lanes apart by the line itself', () => {
    const of = new Synthesised({ config: { services: manyServices(101) } });
    expect(of.all(ALARM)).toHaveLength(12);
    expect(of.all(FILTER)).toHaveLength(4);
    const names = new Set(of.all(ALARM).map(([, { Properties }]) => flat(Properties['AlarmDescription'])));
    expect(names.size).toBe(12);
    const lanes = of
      .all(ALARM)
      .flatMap(([, { Properties }]) => Properties['Dimensions'] as { Name: string; Value: string }[])
      .flatMap(({ Name, Value }) => (Name === 'lane' ? [Value] : []));
    expect(lanes.toSorted()).toEqual([...Array(4).fill('default'), ...Array(4).fill('default-2')]);
  });
});

describe('a metric that is made of lines', () => {
  test('has a value for a line and none without one, so that a quiet hour costs nothing', () => {
    for (const transformation of transformationsIn(usual)) {
      expect(transformation).toMatchObject({
        MetricValue: '1',
        Dimensions: [{ Key: 'lane', Value: '$.lane' }],
      });
      expect(transformation).not.toHaveProperty('DefaultValue');
    }
  });

  test('is the one that an alarm watches', () => {
    const made = transformationsIn(usual).map(({ MetricNamespace, MetricName }) => [
      MetricNamespace,
      MetricName,
    ]);
    const watched = usual
      .all(ALARM)
      .map(([, { Properties }]) => [Properties['Namespace'], Properties['MetricName']])
      .filter(([namespace]) => !String(namespace).startsWith('AWS/'));
    expect(watched.toSorted()).toEqual(made.toSorted());
  });

  test('is not that of another stack with a lane of the same name', () => {
    const namespaces = ['One', 'Other'].map((name) => {
      const { alarms } = new PulseScaler(new Stack(new App(), name), 'Scaler', { config });
      return (alarms.at(-1)?.metric as Metric | undefined)?.namespace;
    });
    expect(namespaces.every((each) => each?.startsWith('Pulsescale/'))).toBe(true);
    expect(new Set(namespaces).size).toBe(2);
  });
});

describe('the prop alarms', () => {
  test('false: neither alarms nor filters', () => {
    const of = new Synthesised({ config, alarms: false });
    expect([...of.all(ALARM), ...of.all(FILTER)]).toEqual([]);
    expect(of.scaler.alarms).toEqual([]);
  });

  const told = (props: (stack: Stack) => PulseScalerProps['alarms']) =>
    new Synthesised((stack) => {
      const alarms = props(stack);
      return { config, ...(alarms === undefined ? {} : { alarms }) };
    });

  test('a topic is told of every alarm and of its end, and lets this account in', () => {
    const of = told((stack) => ({ topic: new Topic(stack, 'Duty', { enforceSSL: true }) }));
    for (const [, { Properties }] of of.all(ALARM)) {
      const topic = [{ Ref: expect.stringMatching(/^Duty/) }];
      expect(Properties).toMatchObject({ AlarmActions: topic, OKActions: topic });
    }
    of.template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: Match.stringLikeRegexp('^Duty') }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });

  test('a topic of somebody else is told, and its policy left alone', () => {
    const arn = 'arn:aws:sns:eu-west-1:123456789012:duty';
    const of = told((stack) => ({ topic: Topic.fromTopicArn(stack, 'Duty', arn) }));
    for (const [, { Properties }] of of.all(ALARM)) expect(Properties['AlarmActions']).toEqual([arn]);
    expect(of.all('AWS::SNS::TopicPolicy')).toHaveLength(1);
  });

  test.each([
    ['ERROR', true, 1],
    ['FATAL', true, 1],
    ['ERROR', false, 0],
    ['WARN', true, 0],
  ] as const)('with logLevel %s and alarms %s somebody is warned %i times', (logLevel, alarms, times) => {
    const { scaler } = new Synthesised({ config, logLevel, alarms });
    const warnings = Annotations.fromStack(Stack.of(scaler)).findWarning(
      '*',
      Match.stringLikeRegexp('alarms'),
    );
    expect(warnings).toHaveLength(times);
  });
});
