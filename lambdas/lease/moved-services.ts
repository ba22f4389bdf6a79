/**
 * Services that came here from another lane of the same configuration, which was split anew: their cooldowns come along, and what an operator
 * has paused of them stays paused, were it the whole lane that they were in.
 *
 * Asked for once, at the first acquisition that knows nothing of a service. What cannot be read counts as "scaled in just now".
 */
import { messageOf } from '../contract/errors.ts';
import type { Memory, ServiceMemory } from '../contract/records.ts';
import type { LeaseStore } from '../store/lease-object.ts';
import { isLanePaused, pauseOf, together } from '../store/pauses.ts';
import { readSiblings, type Sibling } from '../store/siblings.ts';
import type { Inheritance } from './claim.ts';

const pausedIn = ({ lease }: Sibling, key: string, now: Date) => {
  const { pausedUntil: until } = lease;
  const whole = isLanePaused(lease, now)
    ? ({ what: 'all', ...(until === undefined ? {} : { until }) } as const)
    : undefined;
  return together(pauseOf(lease.pauses, key, now), whole);
};

export interface Moved extends Inheritance {
  /** One sentence for each service that was found elsewhere. */
  readonly found: readonly string[];
  readonly trouble: readonly string[];
}

const latestAction = (memory: ServiceMemory | undefined): number =>
  Math.max(
    0,
    ...[memory?.lastOut, memory?.lastIn].map((action) => (action === undefined ? 0 : Date.parse(action.at))),
  );

/** The lane that a service was in last: each that had it remembers it for a day, and goes on being written. */
const laneBefore = (siblings: readonly Sibling[], key: string): Sibling | undefined =>
  siblings
    .filter(({ lease }) => lease.memory[key] !== undefined)
    .sort((one, other) => latestAction(other.lease.memory[key]) - latestAction(one.lease.memory[key]))[0];

/**
 * @param own what this lane remembers: of a service that was here before, it may be older than what another lane does
 * @param keys `cluster/service` of those that this lane did not have so far
 * @param at ISO 8601, the tick's time
 * @param now what judges a lease
 */
export const movedServices = async (
  store: LeaseStore,
  lane: string,
  own: Memory,
  keys: readonly string[],
  at: string,
  now: Date,
): Promise<Moved> => {
  if (keys.length === 0) return { memory: {}, pauses: {}, found: [], trouble: [] };
  let siblings: readonly Sibling[];
  try {
    siblings = await readSiblings(store, lane);
  } catch (thrown) {
    const memory = Object.fromEntries(keys.map((key) => [key, { ...own[key], lastIn: { at, streak: 1 } }]));
    return { memory, pauses: {}, found: [], trouble: [messageOf(thrown)] };
  }
  const moved = keys.flatMap((key) => {
    const from = laneBefore(siblings, key);
    const isNewer = own[key] === undefined || latestAction(from?.lease.memory[key]) > latestAction(own[key]);
    return from === undefined || !isNewer ? [] : [{ key, from }];
  });
  return {
    memory: Object.fromEntries(
      moved.map(({ key, from }) => [key, { ...from.lease.memory[key], revivedAt: at }]),
    ),
    pauses: Object.fromEntries(
      moved.flatMap(({ key, from }) => {
        const paused = pausedIn(from, key, now);
        return paused === undefined ? [] : [[key, paused]];
      }),
    ),
    found: moved.map(({ key, from }) => `${key} comes with the memory that lane ${from.lane} has of it`),
    trouble: [],
  };
};
