/**
 * The only simulation there is: ECS services and their tasks as plain state that {@link advance} moves on. The embedded
 * ECS endpoint is a thin skin on it. The same seed and the same calls give the same world.
 */

export interface Task {
  readonly id: string;
  readonly status: 'PENDING' | 'RUNNING';
  /** Milliseconds of world time. */
  readonly startsAt: number;
}

export interface WorldService {
  readonly cluster: string;
  readonly service: string;
  readonly desired: number;
  /** Oldest first. */
  readonly tasks: readonly Task[];
}

export interface World {
  /** Milliseconds since the world began. */
  readonly now: number;
  readonly services: readonly WorldService[];
  /** Median time from asking for a task to its running, in milliseconds. */
  readonly startUpMs: number;
  /** Spread of that time: σ of its logarithm. */
  readonly startUpSigma: number;
  readonly random: number;
  readonly created: number;
}

export interface WorldOptions {
  readonly seed: number;
  readonly startUpMs: number;
  readonly startUpSigma: number;
  readonly services: readonly {
    readonly cluster: string;
    readonly service: string;
    readonly desired: number;
  }[];
}

/** One step of a 32-bit generator (mulberry32): the next state and a number in (0, 1). */
const draw = (state: number): readonly [next: number, value: number] => {
  const next = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(next ^ (next >>> 15), 1 | next);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
  return [next, (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32];
};

/** A lognormal time around the median, by Box and Muller. */
const drawStartUp = (world: World): readonly [random: number, ms: number] => {
  const [middle, first] = draw(world.random);
  const [random, second] = draw(middle);
  const normal = Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second);
  return [random, world.startUpMs * Math.exp(world.startUpSigma * normal)];
};

const withService = (world: World, changed: WorldService): World => ({
  ...world,
  services: world.services.map((each) => (isThe(each, changed.cluster, changed.service) ? changed : each)),
});

const isThe = (each: WorldService, cluster: string, service: string): boolean =>
  each.cluster === cluster && each.service === service;

export const findService = (world: World, cluster: string, service: string): WorldService | undefined =>
  world.services.find((each) => isThe(each, cluster, service));

const withNewTask = (world: World, found: WorldService): World => {
  const [random, startUp] = drawStartUp(world);
  const created = world.created + 1;
  const task: Task = {
    id: created.toString(16).padStart(32, '0'),
    status: 'PENDING',
    startsAt: world.now + startUp,
  };
  return withService({ ...world, random, created }, { ...found, tasks: [...found.tasks, task] });
};

/** ECS stops what has not started before what runs, and the youngest first. */
const kept = (tasks: readonly Task[], count: number): readonly Task[] => {
  const ranked = [...tasks].sort(
    (a, b) => Number(b.status === 'RUNNING') - Number(a.status === 'RUNNING') || a.startsAt - b.startsAt,
  );
  return ranked.slice(0, count);
};

/** Sets a service's desired count: asks for the tasks that are missing, stops those that are too many. */
export const setDesired = (world: World, cluster: string, service: string, desired: number): World => {
  const found = findService(world, cluster, service);
  if (found === undefined) return world;
  let next = withService(world, { ...found, desired, tasks: kept(found.tasks, desired) });
  for (let missing = desired - found.tasks.length; missing > 0; missing -= 1) {
    const current = findService(next, cluster, service);
    if (current !== undefined) next = withNewTask(next, current);
  }
  return next;
};

/** The world some milliseconds later. */
export const advance = (world: World, ms: number): World => {
  const now = world.now + ms;
  const services = world.services.map((service) => ({
    ...service,
    tasks: service.tasks.map((task) =>
      task.status === 'PENDING' && task.startsAt <= now ? { ...task, status: 'RUNNING' as const } : task,
    ),
  }));
  return { ...world, now, services };
};

/** A world whose services run as many tasks as they should, from the start. */
export const createWorld = ({ seed, startUpMs, startUpSigma, services }: WorldOptions): World => {
  const empty: World = {
    now: 0,
    services: services.map(({ cluster, service }) => ({ cluster, service, desired: 0, tasks: [] })),
    startUpMs,
    startUpSigma,
    random: seed,
    created: 0,
  };
  const asked = services.reduce(
    (world, { cluster, service, desired }) => setDesired(world, cluster, service, desired),
    {
      ...empty,
      startUpMs: 0,
    },
  );
  return { ...advance(asked, 0), startUpMs };
};
