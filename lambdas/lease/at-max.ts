/**
 * Since when services have been at their maximum while something waits: the one state in which the loop sees the load and can do
 * nothing about it. Made from the ticks that a predecessor hands over, and kept in the lane's object from execution to execution: 30 bytes
 * for each service that is there, nothing for the others.
 *
 * Gotchas: a lane that may not scale in stays at its highest count for ever, so an empty queue ends the state too. Whose `min` is its
 * `max` has nowhere else to be. A tick in which the count was *unknown*, or a source and no other showed work, says nothing: it neither begins the state nor ends it.
 */
import type { Service } from '../contract/config.ts';
import { type History, numberAt, type ServiceTicks } from '../contract/history.ts';

/** By `cluster/service`: ISO 8601. */
export type AtMaxSince = Readonly<Record<string, string>>;

type Columns = ServiceTicks['readings'][number];

/** Whether this source showed work at the nth tick; a source that is no queue always does. undefined: it was unknown. */
const isWaiting = (columns: Columns, nth: number): boolean | undefined => {
  const visible = numberAt(columns['visible'], nth);
  if (visible !== null) return visible > 0;
  return Object.values(columns).some((column) => numberAt(column, nth) !== null) ? true : undefined;
};

/** undefined: the nth tick does not tell. */
const isStuck = ({ readings, counts, to }: ServiceTicks, nth: number, max: number): boolean | undefined => {
  const [desired, decided] = [numberAt(counts['desired'], nth), numberAt(to, nth)];
  if (desired === null || decided === null) return undefined;
  if (Math.min(desired, decided) < max) return false;
  const told = readings.map((columns) => isWaiting(columns, nth));
  if (told.includes(true)) return true;
  return told.length === 0 || told.includes(undefined) ? undefined : false;
};

const sinceAfter = (
  before: string | undefined,
  ticks: ServiceTicks,
  at: readonly number[],
  max: number,
): string | undefined => {
  let since = before;
  for (const [nth, seconds] of at.entries()) {
    const stuck = isStuck(ticks, nth, max);
    if (stuck === false) since = undefined;
    if (stuck === true) since ??= new Date(seconds * 1000).toISOString();
  }
  return since;
};

/**
 * @param services by `cluster/service`, the configured ones: of others nothing is kept
 * @param history of the predecessor; undefined: it handed over none, and nothing has changed
 */
export const atMaxAfter = (
  before: AtMaxSince | undefined,
  services: ReadonlyMap<string, Pick<Service, 'tasks'>>,
  history: History | undefined,
): AtMaxSince => {
  const since: Record<string, string> = {};
  for (const [key, { tasks }] of services) {
    if (tasks.min === tasks.max) continue;
    const ticks = history?.services[key];
    const now =
      ticks === undefined ? before?.[key] : sinceAfter(before?.[key], ticks, history?.at ?? [], tasks.max);
    if (now !== undefined) since[key] = now;
  }
  return since;
};
