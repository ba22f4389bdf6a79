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

import { isWaiting, tokenAt, withLaunches } from './world/launches.ts';
import { kept, withoutExpired, withProtection } from './world/scale-in.ts';
import type { LaunchBucket, Task, World, WorldService } from './world/state.ts';

export type { LaunchBucket, Task, World, WorldService };

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
  }[];
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
  return next;
};

/** With everything that happens until `now`. */
const at = (world: World, now: number): World => {
  const { services, ...rest } = withLaunches(world, now);
  const moved: World = {
    ...rest,
    now,
    services: services.map((each) =>
      withoutExpired({ ...each, tasks: each.tasks.map((task) => started(task, now)) }, now),
    ),
  };
  return { ...moved, nextAt: nextOf(moved) };
};

const waitingTask = (nth: number): Task => ({
  id: nth.toString(16).padStart(32, '0'),
  status: 'PENDING',
  launchedAt: Number.POSITIVE_INFINITY,
  startsAt: Number.POSITIVE_INFINITY,
});

/** Sets a service's desired count: asks for the tasks that are missing, stops those that are too many. */
export const setDesired = (world: World, cluster: string, service: string, desired: number): World => {
  const found = findService(world, cluster, service);
  if (found === undefined) return world;
  const missing = Math.max(0, desired - found.tasks.length);
  const asked = Array.from({ length: missing }, (_, nth) => waitingTask(world.created + nth + 1));
  const changed = { ...found, desired, tasks: [...kept(found.tasks, desired), ...asked] };
  const services = world.services.map((each) => (each === found ? changed : each));
  return at({ ...world, services, created: world.created + missing }, world.now);
};

/**
 * Protects a task until a time of the world, or no longer if that is undefined or has passed: a task that is above desired
 * only because it was protected stops at once. A task that is not there stays away.
 */
export const protectTask = (world: World, id: string, until: number | undefined): World => {
  const found = world.services.find(({ tasks }) => tasks.some((task) => task.id === id));
  if (found === undefined) return world;
  // What has expired by now ends where all protections end: in `at`.
  const changed = withProtection(found, id, until ?? world.now);
  return at(
    { ...world, services: world.services.map((each) => (each === found ? changed : each)) },
    world.now,
  );
};

/** The world some milliseconds later. */
export const advance = (world: World, ms: number): World => {
  const now = world.now + ms;
  return now < world.nextAt ? { ...world, now } : at(world, now);
};

/** A world whose services run as many tasks as they should, from the start; they take nothing from the bucket. */
export const createWorld = ({
  seed,
  startUpMs,
  startUpSigma,
  launches = UNLIMITED,
  services,
}: WorldOptions): World => {
  const empty: World = {
    ...{ now: 0, startUpMs: 0, startUpSigma, seed, launches: UNLIMITED },
    services: services.map(({ cluster, service }) => ({ cluster, service, desired: 0, tasks: [] })),
    ...{ fullAt: 0, nextAt: Number.POSITIVE_INFINITY, created: 0, launched: 0 },
  };
  const full = services.reduce(
    (world, { cluster, service, desired }) => setDesired(world, cluster, service, desired),
    empty,
  );
  return { ...full, startUpMs, launches, fullAt: 0 };
};
