/** From what is remembered and what is seen now to what is known now. */
import type { KnownCounts } from '../../../contract/records.ts';
import type { Kept } from '../policy.ts';
import { type Arrivals, afterStride, type Flow, noArrivals } from './arrivals.ts';
import type { Load } from './load.ts';
import { fromKept, nothingRemembered, type Remembered } from './memory.ts';
import { afterWork, priorSpeed, reckoned } from './speed.ts';
import { afterStarting } from './start-up.ts';

/** A loop that has not looked for so long has lost sight: its interval is a minute at most. */
const GAP_SECONDS = 90;
/**
 * Slopes are taken over at least this long, so that ticks of a second and of ten see the same load: over one second, a
 * counter that is off by one is off by one a second. A little under 5 s, for ticks that come early.
 */
const STRIDE_SECONDS = 4.5;

export interface Seen {
  readonly at: number;
  readonly load: Load;
  readonly counts: KnownCounts;
  /** Only a part could be read: nothing is learned from it. */
  readonly partly: boolean;
  /** Messages per task and second, where it is configured. */
  readonly givenSpeed: number | undefined;
}

/** What is still true after a gap, or after the clock went back: how fast tasks are, and how long they take to start. */
const afterGap = (before: Remembered | undefined, { at, counts }: Seen): Remembered => {
  const fresh = nothingRemembered(at, counts.running);
  if (before === undefined) return fresh;
  const { speed, startUp } = before;
  return {
    ...fresh,
    speed: { ...speed, arrivals: 0, arrivalsVariance: priorSpeed.arrivalsVariance, covariance: 0 },
    startUp: { ...startUp, spent: 0, started: 0 },
  };
};

export const recalled = (kept: Kept | undefined, seen: Seen): Remembered => {
  const before = fromKept(kept);
  const gone = before === undefined ? Number.NaN : seen.at - before.at;
  return before !== undefined && gone >= 0 && gone <= GAP_SECONDS ? before : afterGap(before, seen);
};

const strideOf = ({ load, partly }: Seen): Remembered['stride'] =>
  partly
    ? { ago: 0, size: -1, busy: 0, full: false }
    : { ago: 0, size: load.size, busy: load.busy ?? 0, full: load.full };

/** What a first look tells: how many tasks are busy. */
const atFirst = ({ arrivals, departures, busy }: Load): Arrivals => {
  if (arrivals !== undefined) return { ...noArrivals, slow: { slope: arrivals, busy: 0, age: 1 } };
  if (departures !== undefined || busy === undefined) return noArrivals;
  return { ...noArrivals, slow: { slope: 0, busy, age: 1 } };
};

const flowOf = (
  { arrivals, departures, busy, full, waiting }: Load,
  before: Remembered['stride'],
  slope: number,
): Flow | undefined => {
  if (arrivals !== undefined) return { slope: arrivals, busy: 0 };
  if (departures !== undefined) return { slope: slope + departures, busy: 0 };
  // Where only what waits is counted, an empty queue does not tell how busy its tasks are.
  if (busy === undefined) return undefined;
  if (waiting > 0 || before.full || full || before.busy >= 0)
    return { slope, busy: (before.busy + busy) / 2 };
  return undefined;
};

/** What is known with this reading. */
export const learned = (before: Remembered, seen: Seen): Remembered => {
  const { at, load, counts, partly, givenSpeed } = seen;
  const passed = at - before.at;
  const next: Remembered = {
    ...before,
    at,
    running: counts.running,
    startUp: counts.deploying
      ? { ...before.startUp, spent: 0, started: 0 }
      : afterStarting(before.startUp, {
          seconds: passed,
          runningBefore: before.running,
          running: counts.running,
          desired: counts.desired,
        }),
  };
  const { stride } = before;
  if (stride.size < 0) {
    if (partly) return next;
    const arrivals = before.arrivals.slow.age > 0 ? before.arrivals : atFirst(load);
    return { ...next, stride: strideOf(seen), arrivals };
  }
  const seconds = stride.ago + passed;
  if (seconds < STRIDE_SECONDS) return { ...next, stride: { ...stride, ago: seconds } };
  if (partly) return { ...next, stride: strideOf(seen) };

  const slope = (load.size - stride.size) / seconds;
  const flow = flowOf(load, stride, slope);
  const perTask = givenSpeed ?? reckoned(before.speed);
  const arrivals = afterStride(before.arrivals, {
    ...{ seen: flow, seconds, speed: perTask, size: stride.size },
    busyChange: (load.busy ?? 0) - stride.busy,
  });
  const busy = load.busy ?? 0;
  const speed =
    givenSpeed !== undefined || counts.deploying || (load.busy === undefined && flow === undefined)
      ? before.speed
      : afterWork(before.speed, {
          ...{ seconds, slope, size: stride.size, full: load.full && stride.full },
          ...{ busy: (stride.busy + busy) / 2, busyChange: busy - stride.busy },
          ...{ arrivals: load.arrivals, departures: load.departures },
          atMost: stride.full ? (stride.busy + counts.running) / 2 : undefined,
        });
  return { ...next, stride: strideOf(seen), arrivals, speed };
};
