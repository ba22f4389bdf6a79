/** Who moves the hosts of a cluster: DescribeClusters, DescribeCapacityProviders. */
import {
  ACCOUNT,
  atMost,
  autoScalingGroupArn,
  clusterArn,
  type EcsAction,
  inCluster,
  isIn,
  lastPart,
  paged,
  sorted,
} from './backend.ts';
import { hostsIn } from './container-instances.ts';

interface Request {
  readonly clusters?: readonly string[];
  readonly capacityProviders?: readonly string[];
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** Every account has these two. */
const FARGATE = ['FARGATE', 'FARGATE_SPOT'];

const MOST_PROVIDERS = 10;

export const capacityProviderActions: Readonly<Record<string, EcsAction>> = {
  DescribeClusters: (backend, input) => {
    const { clusters = ['default'] } = input as Request;
    atMost('Clusters', clusters, 100);
    const known = [...backend.services(), ...(backend.hosts?.world().capacity?.groups ?? [])];
    const { found, failures } = sorted(clusters, (name) => known.find((each) => isIn(each, name))?.cluster);
    const described = found.map((cluster) => {
      const providers = (backend.hosts?.capacityProviders ?? []).filter((each) => isIn(each, cluster));
      const tasks = inCluster(backend, cluster).flatMap((service) => service.tasks);
      const running = tasks.filter(({ status }) => status === 'RUNNING').length;
      return {
        clusterArn: clusterArn(cluster),
        clusterName: lastPart(cluster),
        status: 'ACTIVE',
        registeredContainerInstancesCount: hostsIn(backend, cluster).length,
        runningTasksCount: running,
        pendingTasksCount: tasks.length - running,
        capacityProviders: [...FARGATE, ...providers.map(({ name }) => name)],
        defaultCapacityProviderStrategy: [],
      };
    });
    return { clusters: described, failures };
  },
  DescribeCapacityProviders: ({ hosts }, input) => {
    const request = input as Request;
    const { capacityProviders, maxResults = MOST_PROVIDERS } = request;
    atMost('Capacity providers', capacityProviders ?? [], 100);
    const there = hosts?.capacityProviders ?? [];
    const all = [...FARGATE, ...there.map(({ name }) => name)];
    const { found, failures } = sorted(capacityProviders ?? all, (name) =>
      all.includes(lastPart(name)) ? lastPart(name) : undefined,
    );
    const { page, next } = paged(found, { ...request, maxResults: Math.min(maxResults, MOST_PROVIDERS) });
    const described = page.map((name) => {
      const provider = there.find((each) => each.name === name);
      const managedScaling = {
        status: provider?.managedScaling ? 'ENABLED' : 'DISABLED',
        targetCapacity: 100,
        ...{ minimumScalingStepSize: 1, maximumScalingStepSize: 10_000, instanceWarmupPeriod: 300 },
      };
      return {
        capacityProviderArn: `${ACCOUNT}:capacity-provider/${name}`,
        name,
        status: 'ACTIVE',
        ...(provider && {
          autoScalingGroupProvider: {
            autoScalingGroupArn: autoScalingGroupArn(provider.group),
            managedScaling,
            managedTerminationProtection: 'DISABLED',
            managedDraining: 'DISABLED',
          },
        }),
      };
    });
    return { capacityProviders: described, failures, ...next };
  },
};
