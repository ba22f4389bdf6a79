/**
 * ECS in its own wire format (AWS JSON 1.1 over HTTP), as a thin skin on the world: DescribeServices, UpdateService,
 * ListTasks, DescribeTasks. Unmodified SDK clients speak to it.
 */
import type { Server } from 'node:http';
import type { Task, WorldService } from '../world.ts';
import { AwsFault, awsJson } from './aws-json.ts';

/** What the endpoint shows and changes. */
export interface EcsBackend {
  readonly services: () => readonly WorldService[];
  readonly setDesired: (cluster: string, service: string, desired: number) => void;
  /** The address of a task whose network mode is awsvpc; without one it is on a host's network, which ECS shows without. */
  readonly addressOf?: (task: Task) => string | undefined;
  /** Called with `ecs:<Action>` for each request. */
  readonly count: (api: string) => void;
}

const ACCOUNT = 'arn:aws:ecs:us-east-1:000000000000';

interface Request {
  readonly cluster?: string;
  readonly service?: string;
  readonly services?: readonly string[];
  readonly serviceName?: string;
  readonly tasks?: readonly string[];
  readonly desiredCount?: number;
  readonly maxResults?: number;
  readonly nextToken?: string;
}

const lastPart = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

const inCluster = ({ services }: EcsBackend, cluster = 'default'): readonly WorldService[] => {
  const found = services().filter((each) => lastPart(each.cluster) === lastPart(cluster));
  if (found.length === 0) throw new AwsFault('ClusterNotFoundException', 'Cluster not found.');
  return found;
};

const taskArn = ({ cluster }: WorldService, { id }: Task): string =>
  `${ACCOUNT}:task/${lastPart(cluster)}/${id}`;

const described = (found: WorldService) => {
  const running = found.tasks.filter(({ status }) => status === 'RUNNING').length;
  const counts = {
    desiredCount: found.desired,
    runningCount: running,
    pendingCount: found.tasks.length - running,
  };
  return {
    serviceArn: `${ACCOUNT}:service/${lastPart(found.cluster)}/${found.service}`,
    serviceName: found.service,
    clusterArn: `${ACCOUNT}:cluster/${lastPart(found.cluster)}`,
    status: 'ACTIVE',
    ...counts,
    deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', rolloutState: 'COMPLETED', ...counts }],
  };
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

const actions: Readonly<Record<string, (backend: EcsBackend, request: Request) => unknown>> = {
  DescribeServices: (backend, { cluster, services = [] }) => {
    const there = inCluster(backend, cluster);
    if (services.length > 10)
      throw new AwsFault('InvalidParameterException', 'Services cannot contain more than 10 elements.');
    const named = services.map(
      (name) => [name, there.find(({ service }) => service === lastPart(name))] as const,
    );
    return {
      services: named.flatMap(([, found]) => (found === undefined ? [] : [described(found)])),
      failures: named.flatMap(([name, found]) =>
        found === undefined ? [{ arn: name, reason: 'MISSING' }] : [],
      ),
    };
  },
  UpdateService: (backend, { cluster, service = '', desiredCount }) => {
    const find = () => inCluster(backend, cluster).find((each) => each.service === lastPart(service));
    const found = find();
    if (found === undefined) throw new AwsFault('ServiceNotFoundException', 'Service not found.');
    if (desiredCount !== undefined) backend.setDesired(found.cluster, found.service, desiredCount);
    return { service: described(find() ?? found) };
  },
  ListTasks: (backend, { cluster, serviceName, maxResults = 100, nextToken = '0' }) => {
    const there = inCluster(backend, cluster).filter(
      ({ service }) => serviceName === undefined || service === lastPart(serviceName),
    );
    if (there.length === 0) throw new AwsFault('ServiceNotFoundException', 'Service not found.');
    const arns = there.flatMap((found) => found.tasks.map((task) => taskArn(found, task)));
    const end = Number(nextToken) + maxResults;
    return {
      taskArns: arns.slice(Number(nextToken), end),
      ...(end < arns.length ? { nextToken: String(end) } : {}),
    };
  },
  DescribeTasks: (backend, { cluster, tasks = [] }) => {
    if (tasks.length > 100)
      throw new AwsFault('InvalidParameterException', 'Tasks cannot contain more than 100 elements.');
    const all = inCluster(backend, cluster).flatMap((found) =>
      found.tasks.map((task) => [found, task] as const),
    );
    const named = tasks.map((name) => [name, all.find(([, { id }]) => id === lastPart(name))] as const);
    return {
      tasks: named.flatMap(([, hit]) =>
        hit === undefined
          ? []
          : [
              {
                taskArn: taskArn(...hit),
                lastStatus: hit[1].status,
                desiredStatus: 'RUNNING',
                group: `service:${hit[0].service}`,
                ...network(hit[0].service, backend.addressOf?.(hit[1])),
              },
            ],
      ),
      failures: named.flatMap(([name, hit]) => (hit === undefined ? [{ arn: name, reason: 'MISSING' }] : [])),
    };
  },
};

/** @returns the server, not yet listening */
export const ecsEndpoint = (backend: EcsBackend): Server => {
  const counted = Object.entries(actions).map(([name, act]) => [
    name,
    (input: unknown) => {
      backend.count(`ecs:${name}`);
      return act(backend, input as Request);
    },
  ]);
  return awsJson('1.1', Object.fromEntries(counted));
};
