/** The Auto Scaling group: how many instances it wants, and which it has. */
import type { AutoScalingClient, AutoScalingGroup, Instance } from '@aws-sdk/client-auto-scaling';
import { asking, Unseen } from './asking.ts';

let client: Promise<AutoScalingClient> | undefined;

const autoScaling = (): Promise<AutoScalingClient> => {
  client ??= import('@aws-sdk/client-auto-scaling').then(
    ({ AutoScalingClient }) => new AutoScalingClient({ maxAttempts: 2 }),
  );
  return client;
};

export interface SeenGroup {
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  /** Those that are there to stay: not on their way out, not taken aside, not in a warm pool. */
  readonly instances: readonly Instance[];
  readonly suspended: readonly string[];
}

const STAYING = /^(Pending|InService|ReplacingRootVolume|RootVolumeReplaced)/;

/** A group may count in weights, vCPUs or MiB; one host is then not one of its desired capacity. */
const countsHosts = ({ DesiredCapacityType, Instances = [] }: AutoScalingGroup): boolean =>
  (DesiredCapacityType ?? 'units') === 'units' &&
  Instances.every(({ WeightedCapacity }) => (WeightedCapacity ?? '1') === '1');

export const seeGroup = async (name: string, abortSignal: AbortSignal): Promise<SeenGroup> => {
  const { AutoScalingGroups: [found] = [] } = await asking(
    'autoscaling:DescribeAutoScalingGroups',
    `group ${name}`,
    async () => {
      const { DescribeAutoScalingGroupsCommand } = await import('@aws-sdk/client-auto-scaling');
      const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
      return await (await autoScaling()).send(command, { abortSignal });
    },
  );
  if (found === undefined)
    throw new Unseen(
      `there is no Auto Scaling group ${name} in this account and region: check autoScalingGroup and region`,
      'MISSING',
    );
  if (found.Status !== undefined) throw new Unseen(`group ${name}: ${found.Status}`, 'UnusableAnswer');
  if (!countsHosts(found))
    throw new Unseen(
      `group ${name} counts its instances in weights or units of its own, not one by one: take the weights out, or leave this group to a capacity provider`,
      'UnusableAnswer',
    );
  const { DesiredCapacity, MinSize, MaxSize, Instances = [], SuspendedProcesses = [] } = found;
  if (DesiredCapacity === undefined || MinSize === undefined || MaxSize === undefined)
    throw new Unseen(`group ${name} was described without its capacity`, 'UnusableAnswer');
  return {
    desired: DesiredCapacity,
    min: MinSize,
    max: MaxSize,
    instances: Instances.filter(({ LifecycleState = '' }) => STAYING.test(LifecycleState)),
    suspended: SuspendedProcesses.flatMap(({ ProcessName }) => ProcessName ?? []),
  };
};

const REFRESHING: ReadonlySet<string | undefined> = new Set([
  'Pending',
  'InProgress',
  'Cancelling',
  'RollbackInProgress',
  'Baking',
]);

/** The newest comes first, and a group has one at a time. */
export const isRefreshing = async (name: string, abortSignal: AbortSignal): Promise<boolean> =>
  asking('autoscaling:DescribeInstanceRefreshes', `group ${name}`, async () => {
    const { DescribeInstanceRefreshesCommand } = await import('@aws-sdk/client-auto-scaling');
    const command = new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: name, MaxRecords: 5 });
    const { InstanceRefreshes = [] } = await (await autoScaling()).send(command, { abortSignal });
    return InstanceRefreshes.some(({ Status }) => REFRESHING.has(Status));
  });
