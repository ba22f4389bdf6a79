/**
 * The hosts of Auto Scaling groups: launched when a group wants more, in the cluster when they have started, terminated when it wants
 * fewer or somebody says so. What runs on a host that is terminated dies with it, protected or not: an Auto Scaling group
 * knows nothing of tasks.
 */
import { startUpOf } from './start-up.ts';
import type { HostGroup, World, WorldCapacity, WorldHost } from './state.ts';

/** Hosts take their start-up times from a row of random numbers of their own, so that the tasks' are the same with and without them. */
const HOST_SEED = 0x9e3779b9;

const launchedHost = (world: World, group: HostGroup, nth: number): WorldHost => {
  const spread = { seed: world.seed ^ HOST_SEED, startUpSigma: world.startUpSigma };
  return {
    id: `i-${nth.toString(16).padStart(17, '0')}`,
    container: `c${nth.toString(16).padStart(31, '0')}`,
    type: group.type,
    cluster: group.cluster,
    ...group.size,
    status: 'PENDING',
    startsAt: world.now + startUpOf({ ...spread, startUpMs: group.startUpMs }, nth),
    group: group.name,
    protectedFromScaleIn: group.protectedFromScaleIn,
  };
};

const withoutHosts = (world: World, capacity: WorldCapacity, gone: ReadonlySet<string>): World => ({
  ...world,
  capacity: { ...capacity, hosts: capacity.hosts.filter(({ id }) => !gone.has(id)) },
  services: world.services.map((service) =>
    service.tasks.some(({ host = '' }) => gone.has(host))
      ? { ...service, tasks: service.tasks.filter(({ host = '' }) => !gone.has(host)) }
      : service,
  ),
});

/** With as many hosts as the group wants: the oldest that is not protected from scale-in goes first. */
const balanced = (world: World, group: HostGroup): World => {
  const { capacity } = world;
  if (capacity === undefined) return world;
  const there = capacity.hosts.filter((host) => host.group === group.name);
  const tooMany = there.length - group.desired;
  if (tooMany > 0) {
    const going = there.filter((host) => !host.protectedFromScaleIn).slice(0, tooMany);
    return withoutHosts(world, capacity, new Set(going.map(({ id }) => id)));
  }
  const missing = Array.from({ length: -tooMany }, (_, nth) =>
    launchedHost(world, group, capacity.created + nth + 1),
  );
  const hosts = [...capacity.hosts, ...missing];
  return { ...world, capacity: { ...capacity, hosts, created: capacity.created + missing.length } };
};

const allBalanced = (world: World): World => (world.capacity?.groups ?? []).reduce(balanced, world);

/** Sets how many hosts a group is to have, as long as it is there. The bounds of the group are whoever's who asks. */
export const withGroupDesired = (world: World, name: string, desired: number): World => {
  const { capacity } = world;
  if (capacity === undefined) return world;
  const groups = capacity.groups.map((group) => (group.name === name ? { ...group, desired } : group));
  return allBalanced({ ...world, capacity: { ...capacity, groups } });
};

/** Terminates a host; its group replaces it, unless it is to want one fewer from now on. */
export const withoutHost = (world: World, id: string, decrement: boolean): World => {
  const { capacity } = world;
  const host = capacity?.hosts.find((each) => each.id === id);
  if (capacity === undefined || host === undefined) return world;
  const groups = capacity.groups.map((group) =>
    group.name === host.group && decrement ? { ...group, desired: group.desired - 1 } : group,
  );
  return allBalanced(withoutHosts(world, { ...capacity, groups }, new Set([id])));
};

/** Sets hosts to DRAINING, or back to ACTIVE; those that have not started yet stay as they are. */
export const withStatus = (world: World, ids: readonly string[], status: 'ACTIVE' | 'DRAINING'): World => {
  const { capacity } = world;
  if (capacity === undefined) return world;
  const hosts = capacity.hosts.map((host) =>
    ids.includes(host.id) && host.status !== 'PENDING' ? { ...host, status } : host,
  );
  return { ...world, capacity: { ...capacity, hosts } };
};

/** With the hosts that have started by `now` in their clusters. */
export const withStarted = (world: World, now: number): World => {
  const { capacity } = world;
  if (capacity === undefined) return world;
  const hosts = capacity.hosts.map((host) =>
    host.status === 'PENDING' && host.startsAt <= now ? { ...host, status: 'ACTIVE' as const } : host,
  );
  return { ...world, capacity: { ...capacity, hosts } };
};

/** Groups whose hosts have all been there for long. */
export const createCapacity = (world: World, groups: readonly HostGroup[]): World => {
  const empty = { ...world, capacity: { groups, hosts: [], created: 0 } };
  return withStarted(allBalanced(empty), Number.POSITIVE_INFINITY);
};
