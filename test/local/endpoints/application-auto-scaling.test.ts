/** The embedded Application Auto Scaling, through the unmodified client and as the lease asks it. */
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { otherControllers, resourceIdOf } from '../../../lambdas/lease/scalable-targets.ts';
import type { ScalableTarget } from '../../../local/endpoints/application-auto-scaling.ts';
import { type Endpoints, LOCAL, startEndpoints } from '../../../local/endpoints/aws.ts';

let targets: readonly ScalableTarget[] = [];
const calls: string[] = [];
let endpoints: Endpoints;

beforeAll(async () => {
  endpoints = await startEndpoints({
    services: () => [],
    setDesired: () => undefined,
    scalableTargets: () => targets,
    count: (api) => calls.push(api),
  });
  Object.assign(process.env, endpoints.env);
});
afterAll(() => endpoints.close());

const numbered = (count: number): readonly ScalableTarget[] =>
  Array.from({ length: count }, (_, nth) => ({ resourceId: `service/shop/s${nth}`, min: 1, max: 10 }));

test('the client gets the targets that are asked for, with what they may do', async () => {
  targets = [...numbered(3), { resourceId: 'service/shop/idle', min: 0, max: 1, suspended: true }];
  const client = new ApplicationAutoScalingClient({
    ...LOCAL,
    endpoint: String(endpoints.env['AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING']),
  });
  const { ScalableTargets } = await client.send(
    new DescribeScalableTargetsCommand({
      ServiceNamespace: 'ecs',
      ResourceIds: ['service/shop/s1', 'service/shop/idle', 'service/shop/none'],
    }),
  );
  client.destroy();
  expect(ScalableTargets).toMatchObject([
    { ResourceId: 'service/shop/s1', SuspendedState: { DynamicScalingInSuspended: false } },
    { ResourceId: 'service/shop/idle', SuspendedState: { ScheduledScalingSuspended: true } },
  ]);
});

test('it stays out of the addresses that a demo shows', () => {
  expect(Object.keys(endpoints.addresses)).toEqual(['SQS', 'SNS, S3', 'ECS']);
});

test('whose scaling is suspended altogether is no second controller', async () => {
  targets = [
    { resourceId: 'service/shop/a', min: 2, max: 4 },
    { resourceId: 'service/shop/b', min: 2, max: 4, suspended: true },
  ];
  expect(await otherControllers(['service/shop/a', 'service/shop/b', 'service/shop/c'])).toEqual([
    { resourceId: 'service/shop/a', min: 2, max: 4 },
  ]);
});

test('a hundred services take two calls, and none is forgotten', async () => {
  targets = numbered(100);
  calls.length = 0;
  const found = await otherControllers(targets.map(({ resourceId }) => resourceId));
  expect(found.map(({ resourceId }) => resourceId)).toEqual(targets.map(({ resourceId }) => resourceId));
  expect(calls).toEqual(Array(2).fill('application-autoscaling:DescribeScalableTargets'));
});

test('a service of a cluster that is configured by its ARN goes by the names of both', () => {
  expect(resourceIdOf('arn:aws:ecs:eu-west-1:123456789012:cluster/shop', 'orders')).toBe(
    'service/shop/orders',
  );
  expect(resourceIdOf('shop', 'arn:aws:ecs:eu-west-1:123456789012:service/shop/orders')).toBe(
    'service/shop/orders',
  );
});
