/** From a task that is asked for to one that starts: each takes a token of the world's launch bucket. */
import { startUpOf } from './start-up.ts';
import type { Task, World } from './state.ts';

export const isWaiting = ({ launchedAt }: Task): boolean => launchedAt === Number.POSITIVE_INFINITY;

/** The nth task of a world, as it is asked for. */
export const waitingTask = (nth: number): Task => ({
  id: nth.toString(16).padStart(32, '0'),
  status: 'PENDING',
  launchedAt: Number.POSITIVE_INFINITY,
  startsAt: Number.POSITIVE_INFINITY,
});

/** When there is a token for the next launch, as the generic cell rate algorithm reckons: the bucket is then one launch short of empty. */
export const tokenAt = ({ launches: { burst, perSecond }, fullAt }: World): number =>
  fullAt - ((burst - 1) * 1000) / perSecond;

/** Launches what waits, first come first served, as far as there are tokens until `now`. */
export const withLaunches = (world: World, now: number): World => {
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
