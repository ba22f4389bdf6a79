/**
 * First fit: tasks go, in the order of their services, onto the first host with room. System C's rule: strictly more must be free than is
 * needed, of CPU and of memory. One task on an empty host may take all of it: otherwise a task as large as a host would ask for one more
 * at every tick.
 *
 * Gotcha: counted per host and not task by task, for a burst may miss thousands. ECS places with more in mind (zones, ports, network
 * interfaces); what finds no room for such a reason asks for no host.
 */
import type { Size } from '../../contract/capacity.ts';

/** Room on a host. */
export interface Place {
  cpu: number;
  memory: number;
  /** Nothing is on it. */
  empty: boolean;
}

/** So many tasks of one size. */
export interface Demand {
  /** Who wants them, for the reason. */
  readonly of: string;
  readonly size: Size;
  readonly count: number;
}

export const placeOf = (free: Size, registered: Size = free): Place => ({
  cpu: free.cpu,
  memory: free.memory,
  empty: free.cpu >= registered.cpu && free.memory >= registered.memory,
});

/** What needs none of a thing fits where none of it is left. */
const times = (free: number, need: number): number =>
  need === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil(free / need) - 1);

/** How many of this size go onto a place. */
export const fitting = (place: Place, { cpu, memory }: Size): number => {
  const count = Math.min(times(place.cpu, cpu), times(place.memory, memory));
  return count === 0 && place.empty && place.cpu >= cpu && place.memory >= memory ? 1 : count;
};

export const take = (place: Place, { cpu, memory }: Size, count = 1): void => {
  place.cpu -= cpu * count;
  place.memory -= memory * count;
  place.empty = false;
};

interface Packed {
  /** New hosts. */
  readonly added: number;
  /** What found no room, also not on those. */
  readonly left: readonly Demand[];
}

/**
 * Takes room from `places`.
 *
 * @param fresh what a new host offers; undefined: nobody knows
 * @param most new hosts
 */
export const pack = (
  places: readonly Place[],
  demands: readonly Demand[],
  fresh: Size | undefined,
  most: number,
): Packed => {
  const all = [...places];
  const left: Demand[] = [];
  for (const demand of demands) {
    const { size } = demand;
    let rest = demand.count;
    const fill = (place: Place): void => {
      const count = Math.min(rest, fitting(place, size));
      if (count > 0) take(place, size, count);
      rest -= count;
    };
    for (const place of all) if (rest > 0) fill(place);
    while (rest > 0 && all.length - places.length < most && fresh && fitting(placeOf(fresh), size) > 0) {
      const place = placeOf(fresh);
      all.push(place);
      fill(place);
    }
    if (rest > 0) left.push({ ...demand, count: rest });
  }
  return { added: all.length - places.length, left };
};
