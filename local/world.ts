/**
 * The only simulation there is: ECS services and their tasks as plain state that {@link advance} moves on. The embedded
 * ECS endpoint is a thin skin on it, and `simulation/simulate.ts` advances it in virtual time. The same seed and the same calls give the same world.
 *
 * A task waits for its token of the launch bucket, then starts (from then on it costs money), then runs. The nth launch of a world takes a time that
 * depends on the seed and on n alone, whoever asked for it and when: so two controllers that are compared meet the same start-up times
 * (common random numbers).
 *
 * Gotcha: who holds on to a world holds on to its services; what has not changed is the same object after {@link advance}.
 */

import type { Size } from '../lambdas/contract/capacity.ts';
import { createCapacity, withGroupDesired, withoutHost, withStarted, withStatus } from './world/hosts.ts';
import { isWaiting, tokenAt, waitingTask, withLaunches } from './world/launches.ts';
import { placed } from './world/placement.ts';
import { kept, withoutExpired, withProtection } from './world/scale-in.ts';
import type { HostGroup, LaunchBucket, Task, World, WorldService } from './world/state.ts';

export type { Task, World, WorldService };

export interface WorldOptions {
  readonly seed: number;
  readonly startUpMs: number;
  readonly startUpSigma: number;
  /** Unset: whatever is asked for is launched at once. */
  readonly launches?: LaunchBucket;
  readonly services: readonly {
    readonly cluster: string;
    readonly service: string;
    readonly desired: number;
    /** What one of its tasks takes of a host of its cluster. Unset: it runs on Fargate. */
    readonly needs?: Size | undefined;
  }[];
  /** Auto Scaling groups with their hosts in the cluster from the start. Unset: there is nothing but Fargate. */
  readonly groups?: readonly HostGroup[];
}

const UNLIMITED: LaunchBucket = { burst: Number.POSITIVE_INFINITY, perSecond: 1 };

const isThe = (each: WorldService, cluster: string, service: string): boolean =>
  each.cluster === cluster && each.service === service;

export const findService = (world: World, cluster: string, service: string): WorldService | undefined =>
  world.services.find((each) => isThe(each, cluster, service));

const started = (task: Task, now: number): Task =>
  task.status === 'PENDING' && task.startsAt <= now ? { ...task, status: 'RUNNING' } : task;

const nextOf = (world: World): number => {
  let next = Number.POSITIVE_INFINITY;
  for (const { tasks } of world.services) {
    for (const task of tasks) {
      if (isWaiting(task)) next = Math.min(next, tokenAt(world));
      else if (task.status === 'PENDING') next = Math.min(next, task.startsAt);
      if (task.protectedUntil !== undefined) next = Math.min(next, task.protectedUntil);
    }
  }
  for (const { status, startsAt } of world.capacity?.hosts ?? [])
    if (status === 'PENDING') next = Math.min(next, startsAt);
  return next;
};

/** With everything that happens until `now`. */
const at = (world: World, now: number): World => {
  const { services, ...rest } = withLaunches(world, now);
  const tasksMoved: World = {
    ...rest,
    now,
    services: services.map((each) =>
      withoutExpired({ ...each, tasks: each.tasks.map((task) => started(task, now)) }, now),
    ),
  };
  const moved = tasksMoved.capacity === undefined ? tasksMoved : placed(withStarted(tasksMoved, now));
  return { ...moved, nextAt: nextOf(moved) };
};

const changed = (world: World, from: WorldService, to: WorldService): World =>
  at({ ...world, services: world.services.map((each) => (each === from ? to : each)) }, world.now);

/** Sets a service's desired count: asks for the tasks that are missing, stops those that are too many. */
export const setDesired = (world: World, cluster: string, service: string, desired: number): World => {
  const found = findService(world, cluster, service);
  if (found === undefined) return world;
  if (found.needs !== undefined) return changed(world, found, { ...found, desired });
  const missing = Math.max(0, desired - found.tasks.length);
  const asked = Array.from({ length: missing }, (_, nth) => waitingTask(world.created + nth + 1));
  const tasks = [...kept(found.tasks, desired), ...asked];
  return changed({ ...world, created: world.created + missing }, found, { ...found, desired, tasks });
};

/**
 * Protects a task until a time of the world, or no longer if that is undefined or has passed: a task that is above desired
 * only because it was protected stops at once. A task that is not there stays away.
 */
export const protectTask = (world: World, id: string, until: number | undefined): World => {
  const found = world.services.find(({ tasks }) => tasks.some((task) => task.id === id));
  if (found === undefined) return world;
  // What has expired by now ends where all protections end: in `at`.
  return changed(world, found, withProtection(found, id, until ?? world.now));
};

/** Sets how many hosts an Auto Scaling group is to have: launches those that are missing, terminates the oldest too many. */
export const setHosts = (world: World, group: string, desired: number): World =>
  at(withGroupDesired(world, group, desired), world.now);

/** Terminates a host and kills what runs on it; its group launches another, unless it is to have one fewer. */
export const terminateHost = (world: World, id: string, decrement: boolean): World =>
  at(withoutHost(world, id, decrement), world.now);

/** Sets hosts to DRAINING, or back to ACTIVE. */
export const setHostStatus = (world: World, ids: readonly string[], status: 'ACTIVE' | 'DRAINING'): World =>
  at(withStatus(world, ids, status), world.now);

/** One thing after the other: a host that starts has room for tasks, a task that runs lets another go. */
const throughEvents = (world: World, until: number): World => {
  let moved = world;
  while (moved.nextAt <= until) moved = at(moved, Math.max(moved.now, moved.nextAt));
  return { ...moved, now: until };
};

/** The world some milliseconds later. */
export const advance = (world: World, ms: number): World => {
  const now = world.now + ms;
  if (now < world.nextAt) return { ...world, now };
  return world.capacity === undefined ? at(world, now) : throughEvents(world, now);
};

/** A world whose services run as many tasks as they should, from the start; they take nothing from the bucket. */
export const createWorld = ({
  seed,
  startUpMs,
  startUpSigma,
  launches = UNLIMITED,
  services,
  groups,
}: WorldOptions): World => {
  const empty: World = {
    ...{ now: 0, startUpMs: 0, startUpSigma, seed, launches: UNLIMITED },
    services: services.map(({ cluster, service, needs }) => ({
      ...{ cluster, service, desired: 0, tasks: [] },
      ...(needs && { needs }),
    })),
    ...{ fullAt: 0, nextAt: Number.POSITIVE_INFINITY, created: 0, launched: 0 },
  };
  const full = services.reduce(
    (world, { cluster, service, desired }) => setDesired(world, cluster, service, desired),
    groups === undefined ? empty : createCapacity(empty, groups),
  );
  return { ...advance(full, 0), startUpMs, launches, fullAt: 0 };
};
