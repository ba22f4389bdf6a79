/** What becomes of the instances of a group and the container instances of its cluster, where the two do not agree. */
import { expect, test } from '@jest/globals';
import { hostsOf } from '../../../lambdas/collect/capacity/fill.ts';
import { HOST } from '../../endpoints/hosts.ts';

const instance = (InstanceId: string, LifecycleState: 'InService' | 'Pending' = 'InService', more = {}) => ({
  ...{
    InstanceId,
    LifecycleState,
    InstanceType: 'm7g.large',
    AvailabilityZone: 'a',
    HealthStatus: 'Healthy',
  },
  ProtectedFromScaleIn: false,
  ...more,
});

const resources = [
  { name: 'CPU', integerValue: HOST.cpu },
  { name: 'MEMORY', integerValue: HOST.memory },
];

const container = (ec2InstanceId: string, status = 'ACTIVE') => ({
  ...{
    ec2InstanceId,
    status,
    containerInstanceArn: `arn:aws:ecs:r:1:container-instance/shop/c-${ec2InstanceId}`,
  },
  ...{
    registeredResources: resources,
    remainingResources: resources,
    runningTasksCount: 1,
    pendingTasksCount: 2,
  },
});

const group = { desired: 4, min: 0, max: 9, suspended: [] };
const nobody = () => [];

test('a host is both; its tasks are those that run and those that are to run', () => {
  const { hosts, coming } = hostsOf(
    { ...group, instances: [instance('a')] },
    [container('a'), container('z')],
    nobody,
  );
  expect(hosts).toEqual([
    {
      id: 'a',
      container: 'c-a',
      type: 'm7g.large',
      status: 'ACTIVE',
      registered: HOST,
      free: HOST,
      tasks: 3,
    },
  ]);
  expect(coming).toEqual([]);
});

test('one that ECS registers still, or does not know, is coming, with the size of its type where that is known', () => {
  const instances = [
    instance('a'),
    instance('b'),
    instance('c', 'Pending', { InstanceType: 'm7g.xlarge', ProtectedFromScaleIn: true }),
  ];
  const { hosts, coming } = hostsOf(
    { ...group, instances },
    [container('a'), container('b', 'REGISTERING')],
    nobody,
  );
  expect(hosts.map(({ id }) => id)).toEqual(['a']);
  expect(coming).toEqual([{ type: 'm7g.large', size: HOST }, { type: 'm7g.xlarge' }]);
});

test('one that is too late is lost and not coming; one that starts is never asked about', () => {
  const asked: (readonly string[])[] = [];
  const lateOf = (outside: readonly string[]) => {
    asked.push(outside);
    return outside.slice(0, 1);
  };
  const instances = [instance('a'), instance('b'), instance('c', 'Pending')];
  const { coming, lost } = hostsOf({ ...group, instances }, [], lateOf);
  expect(asked).toEqual([['a', 'b']]);
  expect(lost).toEqual(['a']);
  expect(coming).toHaveLength(2);
});
