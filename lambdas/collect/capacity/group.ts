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

/** @throws Unseen where its numbers do not mean hosts */
export const groupIn = (name: string, found: AutoScalingGroup | undefined): SeenGroup => {
  if (found === undefined)
    throw new Unseen(
      `there is no Auto Scaling group ${name} in this account and region: check autoScalingGroup and region`,
      'MISSING',
    );
  const unusable = (why: string): Unseen => new Unseen(`group ${name} ${why}`, 'UnusableAnswer');
  if (found.Status !== undefined) throw unusable(`is not to be used: ${found.Status}`);
  if (!countsHosts(found))
    throw unusable(
      'counts its instances in weights or units of its own, not one by one: take the weights out, or leave it to a capacity provider',
    );
  const { DesiredCapacity, MinSize, MaxSize, Instances = [], SuspendedProcesses = [] } = found;
  if (DesiredCapacity === undefined || MinSize === undefined || MaxSize === undefined)
    throw unusable('was described without its capacity');
  return {
    desired: DesiredCapacity,
    min: MinSize,
    max: MaxSize,
    instances: Instances.filter(({ LifecycleState = '' }) => STAYING.test(LifecycleState)),
    suspended: SuspendedProcesses.flatMap(({ ProcessName }) => ProcessName ?? []),
  };
};

export const seeGroup = async (name: string, abortSignal: AbortSignal): Promise<SeenGroup> => {
  const { AutoScalingGroups = [] } = await asking(
    'autoscaling:DescribeAutoScalingGroups',
    `group ${name}`,
    async () => {
      const { DescribeAutoScalingGroupsCommand } = await import('@aws-sdk/client-auto-scaling');
      const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
      return await (await autoScaling()).send(command, { abortSignal });
    },
  );
  return groupIn(name, AutoScalingGroups[0]);
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
