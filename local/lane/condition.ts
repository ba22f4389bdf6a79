/**
 * What the object of a lane tells about it: who acts there, whether its loop ticks, and what it saw and did last.
 *
 * Gotcha: the object is written when a count changes and at every hand-over, never at every tick. So what is told here is up to one
 * execution old (a minute by default), and an execution that has died is not noticed before its lease has run out.
 */
import type { ServiceMemory } from '../../lambdas/contract/records.ts';
import type { LastTick } from '../../lambdas/store/last-tick.ts';
import type { Lease } from '../../lambdas/store/lease-object.ts';
import { isLanePaused } from '../../lambdas/store/pauses.ts';
import { servicesIn } from './meant.ts';
import { isOver, type Pause, pausesOf } from './pauses.ts';

/** `asleep`: nothing to do, and looked at once a minute. */
export type State = 'ticking' | 'asleep' | 'paused' | 'not ticking';

export interface ServiceCondition {
  readonly service: string;
  /** The lane's configuration has it; what is known of it otherwise is what is left from before. */
  readonly configured: boolean;
  /** What the last tick of the execution before this one saw and decided. */
  readonly last?: LastTick['services'][string];
  /** Where that was, and the last change, whichever is later. */
  readonly tasks?: number;
  readonly lastOut?: ServiceMemory['lastOut'];
  readonly lastIn?: ServiceMemory['lastIn'];
  /** ISO 8601: since when a source or its counts could not be seen. */
  readonly unknownSince?: string;
  /** ISO 8601: at its maximum since then, while something waits. */
  readonly atMaxSince?: string;
  /** ISO 8601: revived since then, without readings of its own. */
  readonly revivedAt?: string;
}

export interface Condition {
  readonly lane: string;
  readonly state: State;
  /** By S3's clock, like every time here. */
  readonly now: Date;
  readonly term: number;
  readonly owner: string;
  readonly acquiredAt?: string;
  readonly expiresAt: string;
  /** An execution holds the lane: its lease has not run out. */
  readonly held: boolean;
  /** ISO 8601: since when it has slept, but for looks that found nothing. */
  readonly asleepSince?: string;
  /** ISO 8601: the last tick of which the object knows. */
  readonly lastTick?: string;
  readonly pauses: readonly Pause[];
  /** When the pause of the whole lane ended by itself, where nobody has taken the lane since. */
  readonly pauseOver?: string;
  readonly services: readonly ServiceCondition[];
  /** Subjects of scale-outs of which nobody has been told for certain. */
  readonly untold: readonly string[];
}

const latest = (...times: readonly (string | undefined)[]): string | undefined =>
  times.filter((at) => at !== undefined).sort((one, other) => Date.parse(other) - Date.parse(one))[0];

/** As a tick is known by in the history. */
const wholeSeconds = (at: string): number => Math.round(Date.parse(at) / 1000);

const conditionOfService = (lease: Lease, service: string): ServiceCondition => {
  const { last, memory, atMax } = lease;
  const look = last?.services[service];
  const { lastOut, lastIn, unknownSince, revivedAt, desired } = memory[service] ?? {};
  // What was changed by that tick or later is in the memory only, which was saved with the change.
  const changed = latest(lastOut?.at, lastIn?.at);
  const isNewer =
    changed !== undefined && (last === undefined || wholeSeconds(changed) >= wholeSeconds(last.at));
  const tasks = isNewer ? desired : (look?.desired ?? desired);
  return {
    service,
    configured: lease.services?.includes(service) ?? true,
    ...(look === undefined ? {} : { last: look }),
    ...(tasks === undefined ? {} : { tasks }),
    ...(lastOut === undefined ? {} : { lastOut }),
    ...(lastIn === undefined ? {} : { lastIn }),
    ...(unknownSince === undefined ? {} : { unknownSince }),
    ...(revivedAt === undefined ? {} : { revivedAt }),
    ...(atMax?.[service] === undefined ? {} : { atMaxSince: atMax[service] }),
  };
};

/** @param now S3's Date */
export const conditionOf = (lane: string, lease: Lease, now: Date): Condition => {
  const { term, owner, acquiredAt, expiresAt, paused, pausedUntil, last, memory, notices, asleep } = lease;
  const held = !isOver(expiresAt, now);
  const pauses = pausesOf(lease, now);
  const isPaused = isLanePaused(lease, now);
  const services = [...new Set([...servicesIn(lease), ...Object.keys(memory)])].sort();
  const changes = Object.values(memory).flatMap(({ lastOut, lastIn }) => [lastOut?.at, lastIn?.at]);
  const lastTick = latest(last?.at, ...changes);
  return {
    lane,
    state: isPaused ? 'paused' : held ? 'ticking' : asleep ? 'asleep' : 'not ticking',
    now,
    term,
    owner,
    ...(acquiredAt === undefined ? {} : { acquiredAt }),
    expiresAt,
    held,
    ...(asleep && lease.asleepSince !== undefined ? { asleepSince: lease.asleepSince } : {}),
    ...(lastTick === undefined ? {} : { lastTick }),
    pauses,
    ...(paused && !isPaused && pausedUntil !== undefined ? { pauseOver: pausedUntil } : {}),
    services: services.map((service) => conditionOfService(lease, service)),
    untold: notices.map(({ subject }) => subject),
  };
};
