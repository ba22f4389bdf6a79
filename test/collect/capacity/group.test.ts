/** Which groups have numbers that mean hosts, and which of their instances are hosts to stay. */
import type { AutoScalingGroup, Instance, LifecycleState } from '@aws-sdk/client-auto-scaling';
import { expect, test } from '@jest/globals';
import { groupIn } from '../../../lambdas/collect/capacity/group.ts';

const instance = (InstanceId: string, state: LifecycleState, more: Partial<Instance> = {}): Instance => ({
  ...{ InstanceId, LifecycleState: state, AvailabilityZone: 'a', HealthStatus: 'Healthy' },
  ProtectedFromScaleIn: false,
  ...more,
});

const group = (more: Partial<AutoScalingGroup> = {}): AutoScalingGroup => ({
  ...{ AutoScalingGroupName: 'hosts', MinSize: 1, MaxSize: 9, DesiredCapacity: 3, DefaultCooldown: 300 },
  ...{ AvailabilityZones: ['a'], HealthCheckType: 'EC2', CreatedTime: new Date(0) },
  ...more,
});

test('instances on their way out, taken aside or in a warm pool are no hosts', () => {
  const states: readonly LifecycleState[] = [
    ...(['InService', 'Pending', 'Pending:Wait', 'Pending:Proceed'] as const),
    ...([
      'Terminating',
      'Terminating:Wait',
      'Terminated',
      'Detaching',
      'Standby',
      'EnteringStandby',
    ] as const),
    ...(['Warmed:Stopped', 'Warmed:Pending', 'Quarantined'] as const),
  ];
  const Instances = states.map((state) => instance(state, state));
  const SuspendedProcesses = [{ ProcessName: 'Launch', SuspensionReason: 'User suspended' }];
  const seen = groupIn('hosts', group({ Instances, SuspendedProcesses }));
  expect(seen).toMatchObject({ desired: 3, min: 1, max: 9, suspended: ['Launch'] });
  expect(seen.instances.map(({ InstanceId }) => InstanceId)).toEqual(states.slice(0, 4));
});

test.each([
  [
    'weights',
    group({ Instances: [instance('a', 'InService', { WeightedCapacity: '4' })] }),
    /not one by one/,
  ],
  ['vCPUs', group({ DesiredCapacityType: 'vcpu' }), /not one by one/],
  ['a group that is being deleted', group({ Status: 'Delete in progress' }), /Delete in progress/],
  ['no group', undefined, /there is no Auto Scaling group hosts/],
])('%s: unknown, and it says why', (_, found, why) => {
  expect(() => groupIn('hosts', found)).toThrow(why);
});

test('a weight of one and units are hosts', () => {
  const Instances = [instance('a', 'InService', { WeightedCapacity: '1' })];
  expect(groupIn('hosts', group({ Instances, DesiredCapacityType: 'units' })).instances).toHaveLength(1);
});
