/** What a lane with hosts may do besides, and that it is exactly what its rooms call. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { PulseScalerStack } from '../../lib/index.ts';
import { orders, type Statement, Synthesised } from './synthesised.ts';

const configOf = (capacity: object, cluster = 'shop') => ({
  clusters: [{ cluster, capacity: { autoScalingGroup: 'shop-hosts', ...capacity } }],
  services: [{ ...orders, cluster }],
});

const HOME = '<AWS::Region>:<AWS::AccountId>';
const ECS = `arn:<AWS::Partition>:ecs:${HOME}`;
const GROUP = `arn:<AWS::Partition>:autoscaling:${HOME}:autoScalingGroup:*:autoScalingGroupName/shop-hosts`;

const about = (statements: readonly Statement[], prefixes: readonly string[]) =>
  statements
    .flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((each) => [action, each] as const)),
    )
    .filter(([action]) => prefixes.some((prefix) => action.startsWith(prefix)))
    .map(([action, resource]) => `${action} ${resource}`)
    .sort();

const HOSTS = ['ecs:', 'autoscaling:'];

const of = new Synthesised({ config: configOf({}) });

describe('a lane with hosts', () => {
  test('may look at its cluster and at its group', () => {
    expect(about(of.allowedTo('CollectRole'), HOSTS)).toEqual(
      [
        `ecs:DescribeServices ${ECS}:service/shop/orders-worker`,
        `ecs:ListContainerInstances ${ECS}:cluster/shop`,
        `ecs:DescribeClusters ${ECS}:cluster/shop`,
        `ecs:DescribeContainerInstances ${ECS}:container-instance/shop/*`,
        `ecs:GetTaskProtection ${ECS}:task/shop/*`,
        `ecs:DescribeCapacityProviders ${ECS}:capacity-provider/*`,
        ...['ecs:ListTasks', 'ecs:DescribeTaskDefinition'].map((action) => `${action} *`),
        'autoscaling:DescribeAutoScalingGroups *',
        'autoscaling:DescribeInstanceRefreshes *',
      ].sort(),
    );
  });

  test('may list the tasks of its cluster only', () => {
    const policies = Object.values(of.template.findResources('AWS::IAM::Policy'));
    const statements = policies.flatMap((each) => each['Properties'].PolicyDocument.Statement);
    const [listing, ...others] = statements.filter(({ Action }) => Action === 'ecs:ListTasks');
    expect(others).toEqual([]);
    expect(JSON.stringify(listing.Condition)).toMatch(/^\{"ArnEquals":\{"ecs:cluster":.*:cluster\/shop/);
  });

  test('may move its hosts and no others', () => {
    expect(about(of.allowedTo('ApplyRole'), HOSTS)).toEqual(
      [
        `ecs:UpdateService ${ECS}:service/shop/orders-worker`,
        `ecs:UpdateContainerInstancesState ${ECS}:container-instance/shop/*`,
        `autoscaling:SetDesiredCapacity ${GROUP}`,
        `autoscaling:TerminateInstanceInAutoScalingGroup ${GROUP}`,
      ].sort(),
    );
  });
});

test('where no host may go, nothing is allowed that lets one go', () => {
  const still = new Synthesised({ config: configOf({ disableScaleIn: true }) });
  expect(about(still.allowedTo('ApplyRole'), ['autoscaling:', 'ecs:UpdateContainer'])).toEqual([
    `autoscaling:SetDesiredCapacity ${GROUP}`,
  ]);
});

test('a cluster that is given as an ARN lends its partition, region and account', () => {
  const abroad = new Synthesised({
    config: configOf({}, 'arn:aws-cn:ecs:cn-north-1:222222222222:cluster/shop'),
  });
  expect(about(abroad.allowedTo('ApplyRole'), ['autoscaling:Set', 'ecs:UpdateContainer'])).toEqual([
    'autoscaling:SetDesiredCapacity arn:aws-cn:autoscaling:cn-north-1:222222222222:autoScalingGroup:*:autoScalingGroupName/shop-hosts',
    'ecs:UpdateContainerInstancesState arn:aws-cn:ecs:cn-north-1:222222222222:container-instance/shop/*',
  ]);
});

test('a lane without hosts may do nothing of it', () => {
  const bare = new Synthesised({ config: { services: [orders] } });
  const both = [...bare.allowedTo('CollectRole'), ...bare.allowedTo('ApplyRole')];
  expect(
    about(both, ['autoscaling:', 'ecs:UpdateContainer', 'ecs:List', 'ecs:DescribeC', 'ecs:Get']),
  ).toEqual([]);
});

/** The actions that the files of a room name. */
const namedIn = (...paths: readonly string[]): readonly string[] => {
  const text = paths
    .map((path) => readFileSync(join(import.meta.dirname, '../../lambdas', path), 'utf8'))
    .join();
  return [
    ...new Set([...text.matchAll(/'((?:ecs|autoscaling):\w+)'/g)].map(([, action = '']) => action)),
  ].sort();
};

test('what is allowed is what is called', () => {
  const allowed = (role: string) => [
    ...new Set(about(of.allowedTo(role), HOSTS).map((each) => each.replace(/ .*/, ''))),
  ];
  const seeing = readdirSync(join(import.meta.dirname, '../../lambdas/collect/capacity'));
  const files = seeing.map((file) => `collect/capacity/${file}`);
  expect(allowed('CollectRole')).toEqual(namedIn('collect/counts.ts', ...files));
  expect(allowed('ApplyRole')).toEqual(
    namedIn('apply/targets/ecs-service.ts', 'apply/targets/ec2-capacity.ts'),
  );
});

test('cdk-nag has nothing to say of it', () => {
  const app = new App({ analyticsReporting: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new PulseScalerStack(app, 'Test', { config: configOf({}) });
  expect(() => app.synth()).not.toThrow();
});
