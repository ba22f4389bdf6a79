/** The hosts of a cluster: ListContainerInstances, DescribeContainerInstances, UpdateContainerInstancesState. */
import type { Size } from '../../../lambdas/contract/capacity.ts';
import { EMPTY_LOAD, loadsOf } from '../../world/placement.ts';
import type { WorldHost } from '../../world/state.ts';
import { setHostStatus } from '../../world.ts';
import { AwsFault } from '../aws-json.ts';
import {
  ACCOUNT,
  atMost,
  type EcsAction,
  type EcsBackend,
  inCluster,
  isIn,
  lastPart,
  paged,
  sorted,
} from './backend.ts';

interface Request {
  readonly cluster?: string;
  readonly containerInstances?: readonly string[];
  readonly status?: string;
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** Those that have started: before that ECS knows nothing of an instance. */
export const hostsIn = ({ hosts }: EcsBackend, cluster: string | undefined): readonly WorldHost[] =>
  (hosts?.world().capacity?.hosts ?? []).filter((each) => isIn(each, cluster) && each.status !== 'PENDING');

export const containerInstanceArn = ({ cluster, container }: WorldHost): string =>
  `${ACCOUNT}:container-instance/${lastPart(cluster)}/${container}`;

/** As ECS lists them: ports are among them, and say nothing here. */
const resources = ({ cpu, memory }: Size) => [
  { name: 'CPU', type: 'INTEGER', integerValue: cpu, doubleValue: 0, longValue: 0 },
  { name: 'MEMORY', type: 'INTEGER', integerValue: memory, doubleValue: 0, longValue: 0 },
  { name: 'PORTS', type: 'STRINGSET', stringSetValue: ['22', '2375', '2376', '51678', '51679'] },
];

const described = ({ hosts }: EcsBackend, found: readonly WorldHost[]) => {
  const world = hosts?.world();
  const loads = world === undefined ? new Map() : loadsOf(world);
  return found.map((host) => {
    const { running, pending, used } = loads.get(host.id) ?? EMPTY_LOAD;
    const provider = hosts?.capacityProviders?.find(({ group }) => group === host.group);
    return {
      containerInstanceArn: containerInstanceArn(host),
      ec2InstanceId: host.id,
      ...(provider && { capacityProviderName: provider.name }),
      status: host.status,
      agentConnected: true,
      registeredResources: resources(host),
      remainingResources: resources({ cpu: host.cpu - used.cpu, memory: host.memory - used.memory }),
      runningTasksCount: running,
      pendingTasksCount: pending,
      attributes: [
        { name: 'ecs.availability-zone', value: 'us-east-1a' },
        { name: 'ecs.instance-type', value: host.type },
      ],
    };
  });
};

const named = (backend: EcsBackend, { cluster, containerInstances = [] }: Request) => {
  inCluster(backend, cluster);
  const there = hostsIn(backend, cluster);
  return sorted(containerInstances, (name) => there.find(({ container }) => container === lastPart(name)));
};

export const containerInstanceActions: Readonly<Record<string, EcsAction>> = {
  ListContainerInstances: (backend, input) => {
    const request = input as Request;
    inCluster(backend, request.cluster);
    const listed = hostsIn(backend, request.cluster).filter(
      ({ status }) => request.status === undefined || status === request.status,
    );
    const { page, next } = paged(listed.map(containerInstanceArn), request);
    return { containerInstanceArns: page, ...next };
  },
  DescribeContainerInstances: (backend, input) => {
    const request = input as Request;
    const asked = request.containerInstances ?? [];
    if (asked.length === 0)
      throw new AwsFault('InvalidParameterException', 'Container instances cannot be empty.');
    atMost('Container instances', asked, 100);
    const { found, failures } = named(backend, request);
    return { containerInstances: described(backend, found), failures };
  },
  UpdateContainerInstancesState: (backend, input) => {
    const request = input as Request;
    const { status, cluster } = request;
    atMost('Container instances', request.containerInstances ?? [], 10);
    if (status !== 'ACTIVE' && status !== 'DRAINING')
      throw new AwsFault(
        'InvalidParameterException',
        'Container instance status should be ACTIVE or DRAINING.',
      );
    const { found, failures } = named(backend, request);
    const ids = found.map(({ id }) => id);
    backend.hosts?.change((world) => setHostStatus(world, ids, status));
    const now = hostsIn(backend, cluster).filter(({ id }) => ids.includes(id));
    return { containerInstances: described(backend, now), failures };
  },
};
