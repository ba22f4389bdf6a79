/** What the ECS and the EC2 Auto Scaling endpoint show of the world, and how they change it. */
import type { Task, World, WorldService } from '../../world.ts';
import { AwsFault } from '../aws-json.ts';

/** A capacity provider whose hosts are those of an Auto Scaling group. */
export interface CapacityProvider {
  readonly name: string;
  readonly cluster: string;
  readonly group: string;
  /** ECS moves the group itself. */
  readonly managedScaling: boolean;
  /** Names of the services that name it in their strategy. */
  readonly services?: readonly string[];
}

/** Hosts and what moves them, for worlds that have any. */
export interface HostsBackend {
  readonly world: () => World;
  readonly change: (how: (world: World) => World) => void;
  readonly capacityProviders?: readonly CapacityProvider[];
  /** Of a group: the processes that somebody has suspended (`Launch`, `Terminate`). */
  readonly suspended?: (group: string) => readonly string[];
  /** Of a group: the states of its instance refreshes, the newest first. */
  readonly refreshes?: (group: string) => readonly string[];
}

export interface EcsBackend {
  readonly services: () => readonly WorldService[];
  readonly setDesired: (cluster: string, service: string, desired: number) => void;
  /** The address of a task whose network mode is awsvpc; without one it is on a host's network, which ECS shows without. */
  readonly addressOf?: (task: Task) => string | undefined;
  /** Unset: nothing but Fargate, and no task can be protected. */
  readonly hosts?: HostsBackend;
  /** Called with `ecs:<Action>` for each request. */
  readonly count: (api: string) => void;
}

export const ACCOUNT = 'arn:aws:ecs:us-east-1:000000000000';

export const lastPart = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

/** A group's name is the last part, after an identifier that says nothing here. */
export const autoScalingGroupArn = (name: string): string =>
  `arn:aws:autoscaling:us-east-1:000000000000:autoScalingGroup:00000000-0000-4000-8000-000000000000:autoScalingGroupName/${name}`;

export const clusterArn = (cluster: string): string => `${ACCOUNT}:cluster/${lastPart(cluster)}`;

export const isIn = ({ cluster }: { readonly cluster: string }, asked = 'default'): boolean =>
  lastPart(cluster) === lastPart(asked);

/** @throws AwsFault where there is no such cluster: it has a service or an Auto Scaling group */
export const inCluster = ({ services, hosts }: EcsBackend, cluster?: string): readonly WorldService[] => {
  const found = services().filter((each) => isIn(each, cluster));
  const hasGroup = hosts?.world().capacity?.groups.some((group) => isIn(group, cluster));
  if (found.length === 0 && !hasGroup) throw new AwsFault('ClusterNotFoundException', 'Cluster not found.');
  return found;
};

export const atMost = (what: string, given: readonly unknown[], most: number): void => {
  if (given.length > most)
    throw new AwsFault('InvalidParameterException', `${what} cannot contain more than ${most} elements.`);
};

/** A page of a list, with the token for the next one. */
export const paged = <T>(
  items: readonly T[],
  { maxResults = 100, nextToken = '0' }: { readonly maxResults?: number; readonly nextToken?: string },
): { readonly page: readonly T[]; readonly next: { readonly nextToken?: string } } => {
  if (!(maxResults >= 1 && maxResults <= 100))
    throw new AwsFault('InvalidParameterException', 'maxResults must be between 1 and 100.');
  const start = Number(nextToken);
  if (!Number.isInteger(start) || start < 0 || start > items.length)
    throw new AwsFault('InvalidParameterException', 'Invalid token.');
  const end = start + maxResults;
  return {
    page: items.slice(start, end),
    next: end < items.length ? { nextToken: String(end) } : {},
  };
};

/** What of the named is there, and a failure for each that is not. */
export const sorted = <T>(
  names: readonly string[],
  find: (name: string) => T | undefined,
): { readonly found: readonly T[]; readonly failures: readonly { arn: string; reason: string }[] } => {
  const named = names.map((name) => [name, find(name)] as const);
  return {
    found: named.flatMap(([, hit]) => (hit === undefined ? [] : [hit])),
    failures: named.flatMap(([name, hit]) => (hit === undefined ? [{ arn: name, reason: 'MISSING' }] : [])),
  };
};

export type EcsAction = (backend: EcsBackend, input: unknown) => unknown;
