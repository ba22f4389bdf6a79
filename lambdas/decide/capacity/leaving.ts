/**
 * Which hosts go: the emptiest is drained if everything on it, and the buffer, fit on one other host. ECS may spread its tasks over several;
 * then there is more room than was counted on, and the next tick asks for no new host.
 *
 * Gotchas: an empty host is drained too before it is terminated, for a task may be placed on it meanwhile. Above max the emptiest goes
 * although its tasks may find no room: ECS keeps to minimumHealthyPercent, where a lower desired capacity would let the group kill
 * whichever host it likes, protected tasks and all.
 */
import type { Host, Size } from '../../contract/capacity.ts';
import { fitting, type Place, placeOf, take } from './packing.ts';

const reserved = ({ registered, free }: Host): Size => ({
  cpu: registered.cpu - free.cpu,
  memory: registered.memory - free.memory,
});

/** Of more hosts a tenth may drain at once. */
const AT_ONCE = 10;

export const mayLeave = ({ tasks, scaleInProtected, protectedTask }: Host): boolean =>
  scaleInProtected !== true && (tasks === 0 || protectedTask === false);

interface Room {
  readonly host: Host;
  readonly place: Place;
}

interface Leaving {
  readonly active: readonly Host[];
  readonly draining: readonly Host[];
  /** CPU and memory that stay free for one more task. */
  readonly buffer: Size;
  /** So many may go before min is reached, and so many must to get down to max. */
  readonly may: number;
  readonly must: number;
}

/** Takes the room on the one host that can take everything from this one, if there is one. */
const moved = (host: Host, others: readonly Room[], buffer: Size): boolean => {
  const load = reserved(host);
  const need = { cpu: load.cpu + buffer.cpu, memory: load.memory + buffer.memory };
  if (host.tasks === 0 && need.cpu === 0 && need.memory === 0) return true;
  const taker = others.find(({ place }) => fitting(place, need) > 0);
  if (taker !== undefined && host.tasks > 0) take(taker.place, load);
  return taker !== undefined;
};

const emptiest = (rooms: readonly Room[]): readonly Room[] => {
  const able = rooms.filter(({ host }) => mayLeave(host));
  const least = (by: keyof Size, then: keyof Size): Room | undefined =>
    [...able].sort(
      ({ host: a }, { host: b }) =>
        reserved(a)[by] - reserved(b)[by] || reserved(a)[then] - reserved(b)[then],
    )[0];
  return [least('memory', 'cpu'), least('cpu', 'memory')].flatMap((room) => room ?? []);
};

export const toDrain = ({ active, draining, buffer, may, must }: Leaving): readonly Host[] => {
  const atOnce = Math.max(1, Math.floor((active.length + draining.length) / AT_ONCE)) - draining.length;
  let rooms: readonly Room[] = active.map((host) => ({ host, place: placeOf(host.free, host.registered) }));
  // What is still on its way from a host that drains takes room first.
  const settled = draining.every((host) => host.tasks === 0 || moved(host, rooms, { cpu: 0, memory: 0 }));
  const leaving: Host[] = [];
  while (leaving.length < Math.min(atOnce, may)) {
    const forced = leaving.length < must;
    const next = emptiest(rooms).find(
      (room) =>
        forced ||
        (settled &&
          moved(
            room.host,
            rooms.filter((other) => other !== room),
            buffer,
          )),
    );
    if (next === undefined) break;
    rooms = rooms.filter((room) => room !== next);
    leaving.push(next.host);
  }
  return leaving;
};
