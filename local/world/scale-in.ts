/** Which tasks of a service stay when there are too many. */
import type { Task, WorldService } from './state.ts';

/**
 * ECS stops what has not started before what runs, the youngest first, and never a protected task: with more of those
 * than `count` there stay more than `count`.
 */
export const kept = (tasks: readonly Task[], count: number): readonly Task[] => {
  const running = tasks.filter(({ status }) => status === 'RUNNING').sort((a, b) => a.startsAt - b.startsAt);
  const pending = tasks.filter(({ status }) => status === 'PENDING');
  let others = count - tasks.filter(({ protectedUntil }) => protectedUntil !== undefined).length;
  return [...running, ...pending].filter(({ protectedUntil }) => {
    if (protectedUntil !== undefined) return true;
    others -= 1;
    return others >= 0;
  });
};

const unprotected = ({ protectedUntil, ...task }: Task): Task => task;

/**
 * A service whose protections that end by `now` have ended; whoever was above desired only because of one is stopped. On
 * hosts more than that decides who is (see `placement.ts`).
 */
export const withoutExpired = (service: WorldService, now: number): WorldService => {
  const { tasks, desired, needs } = service;
  if (!tasks.some(({ protectedUntil = now + 1 }) => protectedUntil <= now)) return service;
  const left = tasks.map((task) => ((task.protectedUntil ?? now + 1) <= now ? unprotected(task) : task));
  return { ...service, tasks: needs === undefined && left.length > desired ? kept(left, desired) : left };
};

/** A service one of whose tasks is protected until then. */
export const withProtection = (service: WorldService, id: string, protectedUntil: number): WorldService => ({
  ...service,
  tasks: service.tasks.map((task) => (task.id === id ? { ...task, protectedUntil } : task)),
});
