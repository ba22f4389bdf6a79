/**
 * What one reading and the counts say of the load, in the terms of the rule: messages and busy tasks.
 *
 * Gotchas: in flight is not the same as busy. A consumer that fetches ahead, works on several messages at once or died with
 * some in its hands has more in flight than tasks; new tasks could not take those anyway, so no more of them count than tasks
 * run. A source without an in-flight counter (a lag, a plain list) tells how busy its tasks are only while something waits.
 */
import type { KnownCounts, KnownReading } from '../../../contract/records.ts';

export interface Load {
  /** Waiting for a task. */
  readonly waiting: number;
  /** Waiting, and in the hands of the tasks that run. */
  readonly size: number;
  /** Tasks that work now; undefined: can't be told. */
  readonly busy: number | undefined;
  /** Something waits and every running task works: departures now show how fast tasks are. */
  readonly full: boolean;
  /** Tasks that run and will go on running. */
  readonly running: number;
  /** Tasks that were asked for and do not run yet. */
  readonly starting: number;
  readonly arrivals: number | undefined;
  readonly departures: number | undefined;
}

/** Beyond it a count of messages is no count; keeps sums and products finite. */
const MOST_MESSAGES = 1e12;

/** Approximate counters are off by some messages: nearly as many in flight as tasks is all of them busy. */
const NEARLY = 0.8;

const amount = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.max(0, Math.min(value, MOST_MESSAGES));

/** @returns undefined: the source reports neither messages nor a value */
export const loadOf = (
  { visible, inFlight, value, arrivalsPerSecond, departuresPerSecond }: KnownReading,
  { desired, running, deploying }: KnownCounts,
): Load | undefined => {
  const reported = amount(visible ?? value);
  if (reported === undefined) return undefined;
  // While a deployment runs, the old and the new tasks are counted together.
  const working = deploying ? Math.min(running, desired) : running;
  const [arrivals, departures] = [amount(arrivalsPerSecond), amount(departuresPerSecond)];
  // Who counts what comes and goes and not what is in flight counts a lag, and what tasks have in their hands is still in it.
  const isLag = inFlight === undefined && (arrivals !== undefined || departures !== undefined);
  const held = isLag ? Math.min(reported, working) : amount(inFlight);
  const waiting = isLag ? Math.max(0, reported - working) : reported;
  const full = waiting >= 1 && working > 0 && (held === undefined || held >= NEARLY * working);
  const busy = held === undefined ? (full ? working : undefined) : Math.min(held, working);
  const lasting = Math.min(working, desired);
  return {
    waiting,
    size: waiting + (held === undefined ? 0 : Math.min(held, working)),
    busy,
    full,
    running: lasting,
    starting: desired - lasting,
    arrivals,
    departures,
  };
};
