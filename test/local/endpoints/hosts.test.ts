/** Hosts through the unmodified clients of ECS and EC2 Auto Scaling: a cluster that grows, is drained and shrinks again. */
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  paginateDescribeAutoScalingGroups,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  GetTaskProtectionCommand,
  ListTasksCommand,
  paginateListContainerInstances,
  type Resource,
  UpdateContainerInstancesStateCommand,
  UpdateServiceCommand,
  UpdateTaskProtectionCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoints, LOCAL, startEndpoints } from '../../../local/endpoints/aws.ts';
import { advance, createWorld, setDesired, setHosts, type World } from '../../../local/world.ts';

const NEEDS = { cpu: 512, memory: 1024 };
const GROUP = 'shop <hosts> & more';

const freshWorld = (): World =>
  createWorld({
    ...{ seed: 1, startUpMs: 8000, startUpSigma: 0 },
    services: [
      { cluster: 'shop', service: 'orders', desired: 4, needs: NEEDS },
      { cluster: 'shop', service: 'mails', desired: 1 },
    ],
    groups: [
      {
        ...{ name: GROUP, cluster: 'shop', min: 1, max: 150, desired: 2, type: 'c7g.large' },
        ...{ size: { cpu: 2048, memory: 3884 }, startUpMs: 24_000, protectedFromScaleIn: false },
      },
      ...Array.from({ length: 60 }, (_, nth) => ({
        ...{ name: `other-${nth}`, cluster: 'empty', min: 0, max: 1, desired: 0, type: 't4g.nano' },
        ...{ size: { cpu: 2048, memory: 512 }, startUpMs: 1, protectedFromScaleIn: true },
      })),
    ],
  });

let world: World;
const calls: string[] = [];
let endpoints: Endpoints;
let ecs: ECSClient;
let autoScaling: AutoScalingClient;

beforeAll(async () => {
  endpoints = await startEndpoints({
    services: () => world.services,
    setDesired: (cluster, service, desired) => {
      world = setDesired(world, cluster, service, desired);
    },
    hosts: {
      world: () => world,
      change: (how) => {
        world = how(world);
      },
      capacityProviders: [
        { name: 'moved', cluster: 'shop', group: GROUP, managedScaling: true, services: ['mails'] },
      ],
      suspended: (group) => (group === GROUP ? ['Launch', 'Terminate'] : []),
      refreshes: (group) => (group === GROUP ? ['InProgress', 'Successful'] : []),
    },
    count: (api) => calls.push(api),
  });
  ecs = new ECSClient({ ...LOCAL, endpoint: String(endpoints.env['AWS_ENDPOINT_URL_ECS']), maxAttempts: 1 });
  // By the variable alone: it shows that the name of the service is the one that the SDK looks for.
  process.env['AWS_ENDPOINT_URL_AUTO_SCALING'] = String(endpoints.env['AWS_ENDPOINT_URL_AUTO_SCALING']);
  autoScaling = new AutoScalingClient({ ...LOCAL, maxAttempts: 1 });
});
beforeEach(() => {
  world = freshWorld();
});
afterAll(async () => {
  ecs.destroy();
  autoScaling.destroy();
  await endpoints.close();
});

const cluster = 'shop';
const group = async () => {
  const { AutoScalingGroups } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [GROUP] }),
  );
  return AutoScalingGroups?.[0];
};
const listed = async (): Promise<readonly string[]> => {
  const arns: string[] = [];
  for await (const { containerInstanceArns = [] } of paginateListContainerInstances(
    { client: ecs },
    { cluster },
  ))
    arns.push(...containerInstanceArns);
  return arns;
};
const instances = async () =>
  (
    await ecs.send(
      new DescribeContainerInstancesCommand({ cluster, containerInstances: [...(await listed())] }),
    )
  ).containerInstances ?? [];
const amountOf = (resources: readonly Resource[] | undefined, name: string): number | undefined =>
  resources?.find((each) => each.name === name)?.integerValue;

describe('EC2 Auto Scaling', () => {
  test('shows a group with its bounds, instances and what is suspended; odd names come through', async () => {
    expect(await group()).toMatchObject({
      ...{ AutoScalingGroupName: GROUP, MinSize: 1, MaxSize: 150, DesiredCapacity: 2 },
      Instances: Array(2).fill({
        InstanceType: 'c7g.large',
        LifecycleState: 'InService',
        ProtectedFromScaleIn: false,
      }),
      SuspendedProcesses: [{ ProcessName: 'Launch' }, { ProcessName: 'Terminate' }],
    });
  });

  test('pages its groups, 50 unless asked otherwise', async () => {
    const pages: number[] = [];
    for await (const { AutoScalingGroups } of paginateDescribeAutoScalingGroups({ client: autoScaling }, {}))
      pages.push(AutoScalingGroups?.length ?? 0);
    expect(pages).toEqual([50, 11]);
  });

  test('launches what is missing, and refuses what is outside its bounds', async () => {
    const set = (DesiredCapacity: number) =>
      autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: GROUP, DesiredCapacity }));
    await set(3);
    expect((await group())?.Instances?.map(({ LifecycleState }) => LifecycleState)).toEqual([
      'InService',
      'InService',
      'Pending',
    ]);
    expect(await listed()).toHaveLength(2);
    world = advance(world, 24_000);
    expect(await listed()).toHaveLength(3);
    await expect(set(151)).rejects.toMatchObject({ name: 'ValidationError', message: /above max value 150/ });
    await expect(set(0)).rejects.toMatchObject({ name: 'ValidationError', message: /below min value 1/ });
    expect(world.capacity?.groups[0]?.desired).toBe(3);
  });

  test('terminates an instance with the capacity decremented, never below the minimum', async () => {
    const terminate = (InstanceId: string) =>
      autoScaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }),
      );
    const [first = '', second = ''] = world.capacity?.hosts.map(({ id }) => id) ?? [];
    const { Activity } = await terminate(first);
    expect(Activity).toMatchObject({ AutoScalingGroupName: GROUP, StatusCode: 'InProgress' });
    expect(await group()).toMatchObject({ DesiredCapacity: 1, Instances: [{ InstanceId: second }] });
    await expect(terminate(second)).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(terminate(first)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('No managed instance found'),
    });
  });

  test('tells of instance refreshes, and of a group that is not there', async () => {
    const ask = (AutoScalingGroupName: string) =>
      autoScaling.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName }));
    expect((await ask(GROUP)).InstanceRefreshes?.map(({ Status }) => Status)).toEqual([
      'InProgress',
      'Successful',
    ]);
    expect((await ask('other-1')).InstanceRefreshes ?? []).toEqual([]);
    await expect(ask('gone')).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('container instances', () => {
  test('show their size, what is left of it, and how many tasks they have', async () => {
    const [host] = await instances();
    expect(host).toMatchObject({
      ...{ ec2InstanceId: world.capacity?.hosts[0]?.id, status: 'ACTIVE', agentConnected: true },
      ...{ runningTasksCount: 2, pendingTasksCount: 0, capacityProviderName: 'moved' },
    });
    expect(amountOf(host?.registeredResources, 'MEMORY')).toBe(3884);
    expect(amountOf(host?.remainingResources, 'MEMORY')).toBe(3884 - 2 * NEEDS.memory);
    expect(amountOf(host?.remainingResources, 'CPU')).toBe(2048 - 2 * NEEDS.cpu);
    expect(host?.attributes).toContainEqual({ name: 'ecs.instance-type', value: 'c7g.large' });
  });

  test('are listed a hundred at a time, and described no more than that', async () => {
    world = advance(setHosts(world, GROUP, 130), 60_000);
    calls.length = 0;
    const all = await listed();
    expect(new Set(all).size).toBe(130);
    expect(calls).toEqual(Array(2).fill('ecs:ListContainerInstances'));
    await expect(
      ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances: all.slice(0, 101) })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const { containerInstances, failures } = await ecs.send(
      new DescribeContainerInstancesCommand({ cluster, containerInstances: [...all.slice(0, 99), 'gone'] }),
    );
    expect(containerInstances).toHaveLength(99);
    expect(failures).toEqual([{ arn: 'gone', reason: 'MISSING' }]);
  });

  test('are drained ten at a time: their tasks move when there is room', async () => {
    world = advance(setHosts(world, GROUP, 11), 60_000);
    const all = await listed();
    const drain = (containerInstances: string[]) =>
      ecs.send(new UpdateContainerInstancesStateCommand({ cluster, containerInstances, status: 'DRAINING' }));
    await expect(drain([...all])).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await drain([...all.slice(0, 1)]);
    expect((await instances())[0]).toMatchObject({ status: 'DRAINING', runningTasksCount: 2 });
    world = advance(world, 8000);
    expect((await instances())[0]).toMatchObject({ status: 'DRAINING', runningTasksCount: 0 });
    const { taskArns: left } = await ecs.send(
      new ListTasksCommand({ cluster, containerInstance: all[0] ?? '' }),
    );
    expect(left).toEqual([]);
  });
});

describe('services and tasks', () => {
  test('a service tells where its tasks run and what one of them needs', async () => {
    const { services = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster, services: ['orders', 'mails'] }),
    );
    expect(services).toMatchObject([
      { launchType: 'EC2', desiredCount: 4 },
      { capacityProviderStrategy: [{ capacityProvider: 'moved' }] },
    ]);
    expect(services[1]?.launchType).toBeUndefined();
    const describeIt = (taskDefinition: string) =>
      ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    expect((await describeIt(services[0]?.taskDefinition ?? '')).taskDefinition).toMatchObject({
      ...{ cpu: '512', memory: '1024', requiresCompatibilities: ['EC2'] },
    });
    await expect(describeIt('gone:1')).rejects.toMatchObject({ name: 'ClientException' });
  });

  test('what finds no room is missing: neither running nor pending', async () => {
    await ecs.send(new UpdateServiceCommand({ cluster, service: 'orders', desiredCount: 9 }));
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: ['orders'] }));
    expect(services).toMatchObject([{ desiredCount: 9, runningCount: 4, pendingCount: 2 }]);
  });

  test('a protected task stays above desired and says until when', async () => {
    const [host = ''] = await listed();
    const { taskArns: tasks = [] } = await ecs.send(
      new ListTasksCommand({ cluster, containerInstance: host }),
    );
    const { tasks: described } = await ecs.send(new DescribeTasksCommand({ cluster, tasks }));
    expect(described).toMatchObject(Array(2).fill({ launchType: 'EC2', containerInstanceArn: host }));
    const before = Date.now();
    const protect = (protectionEnabled: boolean, minutes?: number) =>
      ecs.send(
        new UpdateTaskProtectionCommand({
          ...{ cluster, tasks: [...tasks, 'gone'], protectionEnabled },
          ...(minutes !== undefined && { expiresInMinutes: minutes }),
        }),
      );
    const { protectedTasks = [], failures } = await protect(true, 30);
    expect(failures).toEqual([{ arn: 'gone', reason: 'MISSING' }]);
    const until = protectedTasks[0]?.expirationDate?.getTime() ?? 0;
    expect(until - before).toBeGreaterThanOrEqual(30 * 60_000 - 1000);
    world = setDesired(world, cluster, 'orders', 0);
    const { protectedTasks: kept } = await ecs.send(new GetTaskProtectionCommand({ cluster, tasks }));
    expect(kept).toMatchObject(tasks.map((taskArn) => ({ taskArn, protectionEnabled: true })));
    await protect(false);
    expect((await ecs.send(new GetTaskProtectionCommand({ cluster, tasks }))).failures).toHaveLength(2);
    await expect(protect(true, 2881)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('a cluster names its capacity providers, and a provider the group that it moves', async () => {
    const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [cluster, 'empty'] }));
    expect(clusters).toMatchObject([
      { clusterName: 'shop', capacityProviders: ['FARGATE', 'FARGATE_SPOT', 'moved'] },
      { clusterName: 'empty', registeredContainerInstancesCount: 0 },
    ]);
    const { capacityProviders = [] } = await ecs.send(
      new DescribeCapacityProvidersCommand({ capacityProviders: ['FARGATE', 'moved'] }),
    );
    expect(capacityProviders[0]?.autoScalingGroupProvider).toBeUndefined();
    expect(capacityProviders[1]?.autoScalingGroupProvider).toMatchObject({
      autoScalingGroupArn: expect.stringMatching(/autoScalingGroupName\/shop <hosts> & more$/),
      managedScaling: { status: 'ENABLED' },
    });
  });
});
