/** Tasks: ListTasks, DescribeTasks, and their protection from scale-in. */
import { protectTask, type Task, type WorldService } from '../../world.ts';
import { AwsFault } from '../aws-json.ts';
import {
  ACCOUNT,
  atMost,
  clusterArn,
  type EcsAction,
  type EcsBackend,
  inCluster,
  lastPart,
  paged,
  sorted,
} from './backend.ts';
import { containerInstanceArn, hostsIn } from './container-instances.ts';

interface Request {
  readonly cluster?: string;
  readonly serviceName?: string;
  readonly containerInstance?: string;
  readonly tasks?: readonly string[];
  readonly maxResults?: number;
  readonly nextToken?: string;
  readonly protectionEnabled?: boolean;
  readonly expiresInMinutes?: number;
}

type Owned = readonly [WorldService, Task];

/** 2 hours; at most 48. */
const DEFAULT_PROTECTION_MINUTES = 120;
const MOST_PROTECTION_MINUTES = 2880;

const taskArn = ([{ cluster }, { id }]: Owned): string => `${ACCOUNT}:task/${lastPart(cluster)}/${id}`;

const tasksOf = (services: readonly WorldService[]): readonly Owned[] =>
  services.flatMap((found) => found.tasks.map((task) => [found, task] as const));

const named = (backend: EcsBackend, { cluster, tasks = [] }: Request) => {
  const all = tasksOf(inCluster(backend, cluster));
  return sorted(tasks, (name) => all.find(([, { id }]) => id === lastPart(name)));
};

/** As ECS describes a task with a network interface of its own, or one on the network of its host. */
const network = (container: string, address: string | undefined) => {
  if (address === undefined) {
    const networkBindings = [{ bindIP: '0.0.0.0', containerPort: 80, hostPort: 32_768, protocol: 'tcp' }];
    return { attachments: [], containers: [{ name: container, networkBindings, networkInterfaces: [] }] };
  }
  const details = [{ name: 'privateIPv4Address', value: address }];
  const networkInterfaces = [{ attachmentId: 'eni', privateIpv4Address: address }];
  return {
    attachments: [{ id: 'eni', type: 'ElasticNetworkInterface', status: 'ATTACHED', details }],
    containers: [{ name: container, networkBindings: [], networkInterfaces }],
  };
};

const place = (backend: EcsBackend, cluster: string, { host }: Task) => {
  const found = hostsIn(backend, cluster).find(({ id }) => id === host);
  return found === undefined
    ? { launchType: 'FARGATE' }
    : { launchType: 'EC2', containerInstanceArn: containerInstanceArn(found) };
};

/** When a protection ends, in seconds since 1970: the world's time began when it was made. */
const protection = ({ hosts }: EcsBackend, owned: Owned) => {
  const { protectedUntil } = owned[1];
  if (hosts === undefined || protectedUntil === undefined)
    return { taskArn: taskArn(owned), protectionEnabled: false };
  const expirationDate = (Date.now() + protectedUntil - hosts.world().now) / 1000;
  return { taskArn: taskArn(owned), protectionEnabled: true, expirationDate };
};

export const taskActions: Readonly<Record<string, EcsAction>> = {
  ListTasks: (backend, input) => {
    const request = input as Request;
    const { cluster, serviceName, containerInstance } = request;
    const there = inCluster(backend, cluster).filter(
      ({ service }) => serviceName === undefined || service === lastPart(serviceName),
    );
    if (serviceName !== undefined && there.length === 0)
      throw new AwsFault('ServiceNotFoundException', 'Service not found.');
    const host =
      containerInstance === undefined
        ? undefined
        : hostsIn(backend, cluster).find(({ container }) => container === lastPart(containerInstance));
    if (containerInstance !== undefined && host === undefined)
      throw new AwsFault('InvalidParameterException', 'Container instance is not valid.');
    const listed = tasksOf(there).filter(([, task]) => host === undefined || task.host === host.id);
    const { page, next } = paged(listed.map(taskArn), request);
    return { taskArns: page, ...next };
  },
  DescribeTasks: (backend, input) => {
    const request = input as Request;
    atMost('Tasks', request.tasks ?? [], 100);
    const { found, failures } = named(backend, request);
    const tasks = found.map((owned) => {
      const [{ cluster, service }, task] = owned;
      return {
        taskArn: taskArn(owned),
        clusterArn: clusterArn(cluster),
        lastStatus: task.status,
        desiredStatus: 'RUNNING',
        group: `service:${service}`,
        ...place(backend, cluster, task),
        ...network(service, backend.addressOf?.(task)),
      };
    });
    return { tasks, failures };
  },
  GetTaskProtection: (backend, input) => {
    const request = input as Request;
    atMost('Tasks', request.tasks ?? [], 100);
    const { found, failures } = named(backend, request);
    return { protectedTasks: found.map((owned) => protection(backend, owned)), failures };
  },
  UpdateTaskProtection: (backend, input) => {
    const request = input as Request;
    const { protectionEnabled, expiresInMinutes = DEFAULT_PROTECTION_MINUTES, tasks = [] } = request;
    atMost('Tasks', tasks, 10);
    if (!(expiresInMinutes >= 1 && expiresInMinutes <= MOST_PROTECTION_MINUTES))
      throw new AwsFault(
        'InvalidParameterException',
        `expiresInMinutes must be between 1 and ${MOST_PROTECTION_MINUTES}.`,
      );
    const { found, failures } = named(backend, request);
    for (const [, { id }] of found)
      backend.hosts?.change((world) =>
        protectTask(world, id, protectionEnabled ? world.now + expiresInMinutes * 60_000 : undefined),
      );
    // A task that was above desired only for its protection is gone by now; it is answered for as it was.
    const now = new Map(tasksOf(inCluster(backend, request.cluster)).map((owned) => [taskArn(owned), owned]));
    const protectedTasks = found.map((owned) => {
      const left = now.get(taskArn(owned));
      return left === undefined
        ? { taskArn: taskArn(owned), protectionEnabled: false }
        : protection(backend, left);
    });
    return { protectedTasks, failures };
  },
};
