/**
 * What is remembered of the configured services, wherever that is: in this lane, in the one that a service was in before, by the
 * system that scaled it before. Of services that are not configured (any more) only what is younger than a day.
 */
import type { Config } from '../contract/config.ts';
import type { Memory, ServiceMemory } from '../contract/records.ts';
import { logger } from '../log.ts';
import type { Lease, LeaseStore } from '../store/lease-object.ts';
import type { Inheritance } from './claim.ts';
import { movedServices } from './moved-services.ts';
import { withPreviousState } from './previous-state.ts';

const log = logger('lease');

/** No cooldown is longer. */
const FORGOTTEN_AFTER_MS = 24 * 3600 * 1000;

const isRecent = ({ lastOut, lastIn }: ServiceMemory, at: string): boolean =>
  [lastOut, lastIn].some(
    (action) => action !== undefined && Date.parse(at) - Date.parse(action.at) < FORGOTTEN_AFTER_MS,
  );

const ofInterest = (memory: Memory, services: readonly string[], at: string): Memory =>
  Object.fromEntries(
    Object.entries(memory).filter(([key, each]) => services.includes(key) || isRecent(each, at)),
  );

export interface Remembering {
  readonly store: LeaseStore;
  readonly lane: string;
  /** ISO 8601: the tick's time. */
  readonly at: string;
  /** By `cluster/service`. */
  readonly services: readonly string[];
  readonly previousState: Config['loop']['previousState'];
}

/** @param own what this lane has @param held the lane's object; undefined: there is none */
export const remembered = async (
  { store, lane, at, services, previousState }: Remembering,
  own: Inheritance,
  now: Date,
  held: Lease | undefined,
): Promise<Inheritance> => {
  const isNew = (key: string): boolean =>
    own.memory[key] === undefined || held?.services?.includes(key) === false;
  const moved = await movedServices(store, lane, own.memory, services.filter(isNew), at, now);
  const here = { ...ofInterest(own.memory, services, at), ...moved.memory };
  const known = await withPreviousState(store, previousState, services, here, at);
  for (const what of moved.found) log.info('moved from another lane', { lane, what });
  for (const why of moved.trouble) log.warn('other lanes unreadable', { lane, why });
  for (const why of known.trouble) log.warn('previous state unreadable', { lane, why });
  return { memory: known.memory, pauses: { ...own.pauses, ...moved.pauses } };
};
