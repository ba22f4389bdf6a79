/**
 * Which hosts are drained: the emptiest, if everything on it, and the buffer, fit on one other host. ECS may spread its tasks over
 * several; then there is more room than was counted on, and the next tick asks for no new host.
 *
 * Gotchas: an empty host is drained too before it is terminated, for a task may be placed on it meanwhile. Above max the emptiest goes
 * although its tasks may find no room: ECS keeps to minimumHealthyPercent, where a lower desired capacity would let the group kill
 * whichever host it likes, protected tasks and all.
 */
import type { Host, Size } from '../../contract/capacity.ts';
import { fitting, type Place, placeOf, take } from './packing.ts';

/** Of more hosts a tenth may drain at once. */
const AT_ONCE = 10;

export const mayLeave = ({ tasks, scaleInProtected, protectedTask }: Host): boolean =>
  scaleInProtected !== true && (tasks === 0 || protectedTask === false);

const reservedOn = ({ registered }: Host, free: Size): Size => ({
  cpu: registered.cpu - free.cpu,
  memory: registered.memory - free.memory,
});

interface Room {
  readonly host: Host;
  readonly place: Place;
}

const loadOf = ({ host, place }: Room): Size => reservedOn(host, place);

interface Leaving {
  readonly active: readonly Host[];
  readonly draining: readonly Host[];
  /** Room on hosts that stay whatever happens. */
  readonly others: readonly Place[];
  /** CPU and memory that stay free for one more task. */
  readonly buffer: Size;
  /** So many may go before min is reached, and so many must to get down to max. */
  readonly may: number;
  readonly must: number;
}

/** Takes the room on the one host that can take all of this load, if there is one, and the buffer besides. */
const isMoved = (load: Size, places: readonly Place[], buffer: Size): boolean => {
  const need = { cpu: load.cpu + buffer.cpu, memory: load.memory + buffer.memory };
  if (need.cpu === 0 && need.memory === 0) return true;
  const taker = places.find((place) => fitting(place, need) > 0);
  if (taker !== undefined && load.cpu + load.memory > 0) take(taker, load);
  return taker !== undefined;
};

/** The one with the least reserved memory, and the one with the least reserved CPU. */
const emptiest = (rooms: readonly Room[]): readonly Room[] => {
  const able = rooms.filter(({ host }) => mayLeave(host));
  const least = (by: keyof Size, then: keyof Size): Room | undefined =>
    [...able].sort((a, b) => loadOf(a)[by] - loadOf(b)[by] || loadOf(a)[then] - loadOf(b)[then])[0];
  return [least('memory', 'cpu'), least('cpu', 'memory')].flatMap((room) => room ?? []);
};

export const toDrain = ({ active, draining, others, buffer, may, must }: Leaving): readonly Host[] => {
  const count = active.length + draining.length + others.length;
  const most = Math.min(may, Math.max(1, Math.floor(count / AT_ONCE)) - draining.length);
  const all = active.map((host): Room => ({ host, place: placeOf(host.free, host.registered) }));
  const placesOf = (rooms: readonly Room[]) => [...rooms.map(({ place }) => place), ...others];
  // What is still on its way from a host that drains takes room first.
  const settled = draining.every((host) =>
    isMoved(reservedOn(host, host.free), placesOf(all), { cpu: 0, memory: 0 }),
  );
  const leaving: Host[] = [];
  let staying: readonly Room[] = all;
  while (leaving.length < most) {
    const isForced = leaving.length < must;
    const next = emptiest(staying).find((room) => {
      const rest = staying.filter((other) => other !== room);
      return isForced || (settled && isMoved(loadOf(room), placesOf(rest), buffer));
    });
    if (next === undefined) break;
    staying = staying.filter((room) => room !== next);
    leaving.push(next.host);
  }
  return leaving;
};
