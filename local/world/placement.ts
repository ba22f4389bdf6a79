/**
 * Services on the hosts of their cluster, as ECS keeps them: a task has a host from the moment it is asked for, and what finds no room is
 * no task yet; it is tried again whenever anything happens.
 *
 * A host that is drained takes no task and loses those it has: what has not started there stops at once, what runs stops when a
 * replacement runs elsewhere (minimumHealthyPercent 100), and a protected task stays.
 */
import type { Size } from '../../lambdas/contract/capacity.ts';
import { waitingTask } from './launches.ts';
import { kept } from './scale-in.ts';
import type { Task, World, WorldHost, WorldService } from './state.ts';

/** What is on a host. */
export interface HostLoad {
  readonly running: number;
  readonly pending: number;
  readonly used: Size;
}

export const EMPTY_LOAD: HostLoad = { running: 0, pending: 0, used: { cpu: 0, memory: 0 } };

/** By a host's id; every host that is there has a load. */
export const loadsOf = (world: World): ReadonlyMap<string, HostLoad> => {
  const loads = new Map((world.capacity?.hosts ?? []).map(({ id }) => [id, EMPTY_LOAD]));
  for (const { tasks, needs = EMPTY_LOAD.used } of world.services) {
    for (const { host = '', status } of tasks) {
      const { running, pending, used } = loads.get(host) ?? EMPTY_LOAD;
      if (!loads.has(host)) continue;
      loads.set(host, {
        running: running + (status === 'RUNNING' ? 1 : 0),
        pending: pending + (status === 'PENDING' ? 1 : 0),
        used: { cpu: used.cpu + needs.cpu, memory: used.memory + needs.memory },
      });
    }
  }
  return loads;
};

const clusterName = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

const isRunning = ({ status }: Task): boolean => status === 'RUNNING';

interface Divided {
  readonly staying: readonly Task[];
  /** On a host that is drained, until their replacements run. */
  readonly leaving: readonly Task[];
}

const divided = ({ tasks, desired }: WorldService, draining: ReadonlySet<string>): Divided => {
  const leaves = ({ host = '', protectedUntil }: Task): boolean =>
    draining.has(host) && protectedUntil === undefined;
  const rest = tasks.filter((task) => !leaves(task));
  const staying = rest.length > desired ? kept(rest, desired) : rest;
  const missing = Math.max(0, desired - staying.filter(isRunning).length);
  return { staying, leaving: kept(tasks.filter(leaves).filter(isRunning), missing) };
};

type Room = Pick<WorldHost, 'id' | 'cluster'> & { cpu: number; memory: number };

const roomsOf = (world: World): readonly Room[] => {
  const loads = loadsOf(world);
  return (world.capacity?.hosts ?? []).flatMap(({ id, cluster, status, cpu, memory }) => {
    const { used } = loads.get(id) ?? EMPTY_LOAD;
    return status === 'ACTIVE' ? [{ id, cluster, cpu: cpu - used.cpu, memory: memory - used.memory }] : [];
  });
};

/** The host with the most free memory of those that have room; a task that fits exactly fits. */
const roomiest = (rooms: readonly Room[], cluster: string, needs: Size): Room | undefined => {
  let best: Room | undefined;
  for (const room of rooms) {
    const fits = room.cpu >= needs.cpu && room.memory >= needs.memory;
    if (!fits || clusterName(room.cluster) !== clusterName(cluster)) continue;
    if (best === undefined || room.memory > best.memory) best = room;
  }
  return best;
};

/** With every service on hosts as near to its desired count as the hosts allow. */
export const placed = (world: World): World => {
  const draining = new Set(
    (world.capacity?.hosts ?? []).flatMap(({ id, status }) => (status === 'DRAINING' ? [id] : [])),
  );
  const staying = new Map<WorldService, number>();
  const trimmed = world.services.map((service) => {
    if (service.needs === undefined) return service;
    const parts = divided(service, draining);
    const left = { ...service, tasks: [...parts.staying, ...parts.leaving] };
    staying.set(left, parts.staying.length);
    return left;
  });
  const rooms = roomsOf({ ...world, services: trimmed });
  let { created } = world;
  const services = trimmed.map((service) => {
    const { needs, desired, tasks, cluster } = service;
    if (needs === undefined) return service;
    const asked: Task[] = [];
    for (let missing = desired - (staying.get(service) ?? 0); missing > 0; missing -= 1) {
      const room = roomiest(rooms, cluster, needs);
      if (room === undefined) break;
      room.cpu -= needs.cpu;
      room.memory -= needs.memory;
      created += 1;
      asked.push({ ...waitingTask(created), host: room.id });
    }
    return asked.length === 0 ? service : { ...service, tasks: [...tasks, ...asked] };
  });
  return { ...world, services, created };
};
