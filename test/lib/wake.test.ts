/** What wakes a lane that sleeps: one alarm on each queue, and rules that start its state machine. */
import { describe, expect, test } from '@jest/globals';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { PulseScalerProps } from '../../lib/index.ts';
import { PulseScalerStack } from '../../lib/stack.ts';
import { flat, orders, Synthesised } from './synthesised.ts';

const idle = { after: '10m' };
const sleeper = { ...orders, idle };
const queue = (name: string) => ({
  type: 'sqs' as const,
  queueUrl: `https://sqs.us-east-1.amazonaws.com/123456789012/${name}`,
});
const redis = { type: 'redis' as const, host: 'cache', queueKey: 'orders' };

interface Watching {
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}
const wakeAlarms = (made: Synthesised) =>
  made.all('AWS::CloudWatch::Alarm').filter(([id]) => id.includes('WakeUp'));
const wakeRules = (made: Synthesised) =>
  made.all('AWS::Events::Rule').filter(([id]) => id.includes('WakeUp'));
const warningsIn = (stack: Stack): readonly string[] =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data));
const warningsOf = (from: Synthesised): readonly string[] => warningsIn(Stack.of(from.scaler));

/** Made once, looked at by several. */
const made = new Synthesised({
  config: {
    services: [
      sleeper,
      { ...sleeper, service: 'mails', source: queue('mails.fifo') },
      { ...sleeper, service: 'second', source: queue('orders') },
      { ...sleeper, service: 'cached', source: redis },
    ],
  },
});

test('one alarm for each queue, on the metric that AWS keeps of it, and silence is no work', () => {
  const alarms = wakeAlarms(made).map(([, { Properties }]) => Properties);
  expect(alarms).toEqual(
    ['orders', 'mails.fifo'].map((Value) =>
      expect.objectContaining({
        ...{ Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Statistic: 'Maximum' },
        ...{ Dimensions: [{ Name: 'QueueName', Value }], Period: 60, EvaluationPeriods: 1, Threshold: 0 },
        ...{ ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' },
        AlarmDescription: expect.stringContaining('nothing is wrong'),
      }),
    ),
  );
  for (const properties of alarms) expect(properties).not.toHaveProperty('AlarmActions');
});

test('exactly these alarms start the loop with an empty input, once it may hand over', () => {
  const ids = wakeAlarms(made).map(([id]) => `<${id}.Arn>`);
  const rule = made.the('AWS::Events::Rule', 'WakeUp');
  const { EventPattern, Targets } = rule.Properties as {
    readonly EventPattern: { readonly resources: readonly unknown[]; readonly detail: unknown };
    readonly Targets: readonly { readonly Arn: unknown; readonly Input: string }[];
  };
  expect(EventPattern).toMatchObject({
    source: ['aws.cloudwatch'],
    'detail-type': ['CloudWatch Alarm State Change'],
    detail: { state: { value: ['ALARM'] } },
  });
  expect(EventPattern.resources.map(flat)).toEqual(ids);
  expect(Targets).toHaveLength(1);
  const [[loop = ''] = []] = made.all('AWS::StepFunctions::StateMachine');
  expect({ arn: flat(Targets[0]?.Arn), input: Targets[0]?.Input }).toEqual({ arn: `<${loop}>`, input: '{}' });
  expect(rule.DependsOn?.some((id) => id.includes('HandOver'))).toBe(true);
});

test('what no alarm watches is said', () => {
  const said = warningsOf(made);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('shop/cached: CloudWatch knows no metric of its source (redis)');
  expect(said[0]).toContain('the look once a minute finds its work');
});

test.each<[what: string, config: NonNullable<PulseScalerProps['config']>, said: string]>([
  ['one service says nothing of it', { services: [sleeper, { ...orders, service: 'x' }] }, 'shop/x has none'],
  ['one keeps a task', { services: [{ ...sleeper, tasks: { min: 1, max: 5 } }] }, 'keeps at least 1 tasks'],
])('a lane that never sleeps needs no alarm: %s', (_, config, said) => {
  const awake = new Synthesised({ config });
  expect(wakeAlarms(awake)).toEqual([]);
  expect(wakeRules(awake)).toEqual([]);
  expect(warningsOf(awake).join('\n')).toContain(said);
});

test('a queue of the same app goes by its name; one elsewhere is not watched', () => {
  const own = new Synthesised((stack) => ({
    services: [{ cluster: 'shop', service: 'w', tasks: { max: 5 }, queue: new Queue(stack, 'Own'), idle }],
  }));
  const [[, { Properties }] = [undefined, { Properties: {} }]] = wakeAlarms(own);
  const { Dimensions = [] } = Properties as Partial<Watching>;
  expect(flat(Dimensions[0]?.Value)).toMatch(/^<Own\w+\.QueueName>$/);

  const app = new App({ analyticsReporting: false });
  const env = { region: 'eu-west-1', account: '123456789012' };
  const abroad = new PulseScalerStack(app, 'Abroad', { config: { services: [sleeper] }, env });
  expect(warningsIn(abroad).join('\n')).toContain('in another region or account');
});

test('ten alarms a rule: a pattern has room for no more', () => {
  const services = Array.from({ length: 21 }, (_, nth) => ({
    ...sleeper,
    service: `service-${nth}`,
    source: queue(`queue-${nth}`),
  }));
  const many = new Synthesised({ config: { services } });
  const sizes = wakeRules(many).map(([, { Properties }]) => {
    const { resources } = Properties['EventPattern'] as { readonly resources: readonly unknown[] };
    return resources.length;
  });
  expect(sizes).toEqual([10, 10, 1]);
});

describe('without the look once a minute', () => {
  const refusal = (service: object): string => {
    try {
      new Synthesised({ config: { services: [{ ...sleeper, ...service }] }, reviver: false });
      return '';
    } catch (thrown) {
      return String(thrown);
    }
  };
  test.each<[what: string, service: object, says: string]>([
    ['whose work no alarm sees', { source: redis }, 'CloudWatch knows no metric of its source (redis)'],
    ['that sleeps sooner than an alarm forgets', { idle: { after: '4m' } }, 'idle.after is below 300s'],
    [
      'that a schedule wakes',
      { schedule: [{ start: '0 8 * * *', end: '0 9 * * *', min: 3 }] },
      'when a window of its schedule opens',
    ],
    [
      'that a forecast wakes',
      { policy: undefined, policies: [{ type: 'queueDelay' }, { type: 'forecast' }] },
      'what its forecast expects',
    ],
  ])('a service %s may not sleep', (_, service, says) => {
    expect(refusal(service)).toContain(says);
    expect(refusal(service)).toContain('reviver: is false');
  });

  test('the alarms are enough for the others, and that it does not tick is no alarm', () => {
    const alone = new Synthesised({ config: { services: [sleeper] }, reviver: false });
    expect(wakeAlarms(alone)).toHaveLength(1);
    const ids = alone.all('AWS::CloudWatch::Alarm').map(([id]) => id);
    expect(ids.filter((id) => id.includes('NotTicking'))).toEqual([]);
    expect(made.all('AWS::CloudWatch::Alarm').some(([id]) => id.includes('NotTicking'))).toBe(true);
    expect(refusal({ idle: undefined, source: redis })).toBe('');
  });
});

test('cdk-nag has nothing to say', () => {
  const app = new App({ analyticsReporting: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new PulseScalerStack(app, 'Test', { config: { services: [sleeper] } });
  expect(() => app.synth()).not.toThrow();
});
