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

export interface Task {
  readonly id: string;
  readonly status: 'PENDING' | 'RUNNING';
  /** Milliseconds of world time; Infinity: it waits for its token, and costs nothing yet. */
  readonly launchedAt: number;
  /** Likewise. */
  readonly startsAt: number;
}

export interface WorldService {
  readonly cluster: string;
  readonly service: string;
  readonly desired: number;
  /** Those that start in the order in which they were asked for. */
  readonly tasks: readonly Task[];
}

/** A token bucket of task launches, one for all services, as of an account and region. */
export interface LaunchBucket {
  readonly burst: number;
  readonly perSecond: number;
}

export interface World {
  /** Milliseconds since the world began. */
  readonly now: number;
  readonly services: readonly WorldService[];
  /** Median time from a task's launch to its running, in milliseconds. */
  readonly startUpMs: number;
  /** Spread of that time: σ of its logarithm. */
  readonly startUpSigma: number;
  readonly seed: number;
  readonly launches: LaunchBucket;
  /** When the bucket will be full again if nothing is launched before. */
  readonly fullAt: number;
  /** When the next task is launched or runs, if nobody changes anything before. */
  readonly nextAt: number;
  readonly created: number;
  readonly launched: number;
}

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

/** The nth number in (0, 1) of a 32-bit generator (mulberry32), which only counts from its seed: any of them can be had at once. */
const random = (seed: number, nth: number): number => {
  const state = (seed + Math.imul(nth + 1, 0x6d2b79f5)) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
  return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
};

/** What the nth launch takes: lognormal around the median, by Box and Muller. */
const startUpOf = ({ seed, startUpMs, startUpSigma }: World, nth: number): number => {
  const distance = Math.sqrt(-2 * Math.log(random(seed, 2 * nth)));
  const normal = distance * Math.cos(2 * Math.PI * random(seed, 2 * nth + 1));
  return startUpMs * Math.exp(startUpSigma * normal);
};

const isThe = (each: WorldService, cluster: string, service: string): boolean =>
  each.cluster === cluster && each.service === service;

export const findService = (world: World, cluster: string, service: string): WorldService | undefined =>
  world.services.find((each) => isThe(each, cluster, service));

const isWaiting = ({ launchedAt }: Task): boolean => launchedAt === Number.POSITIVE_INFINITY;

/** When there is a token for the next launch, as the generic cell rate algorithm reckons: the bucket is then one launch short of empty. */
const tokenAt = ({ launches: { burst, perSecond }, fullAt }: World): number =>
  fullAt - ((burst - 1) * 1000) / perSecond;

/** Launches what waits, first come first served, as far as there are tokens until `now`. */
const withLaunches = (world: World, now: number): World => {
  const waiting = world.services.flatMap(({ tasks }) => tasks.filter(isWaiting));
  if (waiting.length === 0) return world;
  if (world.services.length > 1) waiting.sort((a, b) => (a.id < b.id ? -1 : 1));
  const launchedById = new Map<string, Task>();
  let { fullAt, launched } = world;
  for (const task of waiting) {
    const launchedAt = Math.max(world.now, tokenAt({ ...world, fullAt }));
    if (launchedAt > now) break;
    launchedById.set(task.id, { ...task, launchedAt, startsAt: launchedAt + startUpOf(world, launched) });
    fullAt = Math.max(fullAt, launchedAt) + 1000 / world.launches.perSecond;
    launched += 1;
  }
  const services = world.services.map((service) => ({
    ...service,
    tasks: service.tasks.map((task) => launchedById.get(task.id) ?? task),
  }));
  return { ...world, services, fullAt, launched };
};

const started = (task: Task, now: number): Task =>
  task.status === 'PENDING' && task.startsAt <= now ? { ...task, status: 'RUNNING' } : task;

const nextOf = (world: World): number => {
  let next = Number.POSITIVE_INFINITY;
  for (const { tasks } of world.services) {
    for (const task of tasks) {
      if (isWaiting(task)) next = Math.min(next, tokenAt(world));
      else if (task.status === 'PENDING') next = Math.min(next, task.startsAt);
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
    services: services.map((each) => ({ ...each, tasks: each.tasks.map((task) => started(task, now)) })),
  };
  return { ...moved, nextAt: nextOf(moved) };
};

/** ECS stops what has not started before what runs, and the youngest first. */
const kept = (tasks: readonly Task[], count: number): readonly Task[] => {
  const running = tasks.filter(({ status }) => status === 'RUNNING').sort((a, b) => a.startsAt - b.startsAt);
  const pending = tasks.filter(({ status }) => status === 'PENDING');
  return [...running, ...pending].slice(0, count);
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
