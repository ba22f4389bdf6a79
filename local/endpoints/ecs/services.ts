/** Services and what their tasks are made of: DescribeServices, UpdateService, DescribeTaskDefinition. */
import type { WorldService } from '../../world.ts';
import { AwsFault } from '../aws-json.ts';
import {
  ACCOUNT,
  atMost,
  clusterArn,
  type EcsAction,
  type EcsBackend,
  inCluster,
  isIn,
  lastPart,
  sorted,
} from './backend.ts';

interface Request {
  readonly cluster?: string;
  readonly service?: string;
  readonly services?: readonly string[];
  readonly desiredCount?: number;
  readonly taskDefinition?: string;
}

/** The smallest that Fargate has. */
const FARGATE = { cpu: 256, memory: 512 };

const familyOf = ({ cluster, service }: WorldService): string => `${lastPart(cluster)}-${service}`;

/** Its revision never changes: nothing is deployed here. */
const taskDefinitionArn = (service: WorldService): string =>
  `${ACCOUNT}:task-definition/${familyOf(service)}:1`;

/** Where its tasks run: a strategy takes the place of a launch type, as in ECS. */
const placement = ({ hosts }: EcsBackend, found: WorldService) => {
  const provider = hosts?.capacityProviders?.find(
    (each) => isIn(each, found.cluster) && each.services?.includes(found.service),
  );
  if (provider !== undefined)
    return { capacityProviderStrategy: [{ capacityProvider: provider.name, weight: 1, base: 0 }] };
  return { launchType: found.needs === undefined ? 'FARGATE' : 'EC2' };
};

const described = (backend: EcsBackend, found: WorldService) => {
  const running = found.tasks.filter(({ status }) => status === 'RUNNING').length;
  const counts = {
    desiredCount: found.desired,
    runningCount: running,
    pendingCount: found.tasks.length - running,
  };
  const taskDefinition = taskDefinitionArn(found);
  return {
    serviceArn: `${ACCOUNT}:service/${lastPart(found.cluster)}/${found.service}`,
    serviceName: found.service,
    clusterArn: clusterArn(found.cluster),
    status: 'ACTIVE',
    ...counts,
    ...placement(backend, found),
    taskDefinition,
    deployments: [
      { id: 'ecs-svc/1', status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition, ...counts },
    ],
  };
};

export const serviceActions: Readonly<Record<string, EcsAction>> = {
  DescribeServices: (backend, input) => {
    const { cluster, services = [] } = input as Request;
    const there = inCluster(backend, cluster);
    atMost('Services', services, 10);
    const { found, failures } = sorted(services, (name) =>
      there.find(({ service }) => service === lastPart(name)),
    );
    return { services: found.map((each) => described(backend, each)), failures };
  },
  UpdateService: (backend, input) => {
    const { cluster, service = '', desiredCount } = input as Request;
    const find = () => inCluster(backend, cluster).find((each) => each.service === lastPart(service));
    const found = find();
    if (found === undefined) throw new AwsFault('ServiceNotFoundException', 'Service not found.');
    if (desiredCount !== undefined) backend.setDesired(found.cluster, found.service, desiredCount);
    return { service: described(backend, find() ?? found) };
  },
  DescribeTaskDefinition: ({ services }, input) => {
    const family = lastPart((input as Request).taskDefinition ?? '').replace(/:1$/, '');
    const found = services().find((each) => familyOf(each) === family);
    if (found === undefined) throw new AwsFault('ClientException', 'Unable to describe task definition.');
    const { cpu, memory } = found.needs ?? FARGATE;
    return {
      taskDefinition: {
        ...{ taskDefinitionArn: taskDefinitionArn(found), family, revision: 1, status: 'ACTIVE' },
        ...{ cpu: String(cpu), memory: String(memory) },
        requiresCompatibilities: [found.needs === undefined ? 'FARGATE' : 'EC2'],
        containerDefinitions: [{ name: found.service, image: 'worker', essential: true, cpu: 0 }],
      },
    };
  },
};
