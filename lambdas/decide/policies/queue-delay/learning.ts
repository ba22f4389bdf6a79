/** From what is remembered and what is seen now to what is known now. */
import type { KnownCounts } from '../../../contract/records.ts';
import type { Kept } from '../policy.ts';
import { afterStride, type Flow } from './arrivals.ts';
import type { Load } from './load.ts';
import { afterLong, summed } from './long-run.ts';
import { type Begun, fromKept, noStride, nothingRemembered, type Remembered } from './memory.ts';
import { afterWork, priorSpeed, reckoned } from './speed.ts';
import { afterStarting } from './start-up.ts';

/** A loop that has not looked for so long has lost sight: its interval is a minute at most. */
const GAP_SECONDS = 90;
/**
 * Slopes are taken over at least this long, so that ticks of a second and of ten see the same load: over one second, a
 * counter that is off by one is off by one a second. A little under 5 s, for ticks that come early.
 */
const STRIDE_SECONDS = 4.5;
/** A target that leaves less than this after a start-up leaves no time to wait for the fast mean, which takes as long. */
const URGENT_SECONDS = 15;

/** Who has watched for less does not know what was asked for in the last minute, and takes nobody away. */
export const WATCHED_SECONDS = 60;

export interface Seen {
  readonly at: number;
  readonly load: Load;
  readonly counts: KnownCounts;
  /** Only a part could be read: nothing is learned from it. */
  readonly partly: boolean;
  /** Messages per task and second, where it is configured. */
  readonly givenSpeed: number | undefined;
  /** Seconds. */
  readonly target: number;
  /** In roots of the tasks that the load keeps busy. */
  readonly headroom: number;
  /** What of the target the plan spends. */
  readonly wait: number;
}

/** What is still true after a gap, or after the clock went back: how fast tasks are, and how long they take to start. */
const afterGap = (before: Remembered | undefined, { at, counts }: Seen): Remembered => {
  const fresh = nothingRemembered(at, counts.running);
  if (before === undefined) return fresh;
  const { speed, startUp } = before;
  return {
    ...fresh,
    speed: {
      ...speed,
      arrivals: 0,
      arrivalsVariance: priorSpeed.arrivalsVariance,
      covariance: 0,
      standing: 0,
    },
    startUp: { ...startUp, spent: 0, started: 0 },
  };
};

export const recalled = (kept: Kept | undefined, seen: Seen): Remembered => {
  const before = fromKept(kept);
  const gone = before === undefined ? Number.NaN : seen.at - before.at;
  return before !== undefined && gone >= 0 && gone <= GAP_SECONDS ? before : afterGap(before, seen);
};

const begin = ({ load, partly }: Seen): Begun => {
  if (partly) return noStride;
  const { size, busy = 0, full, arrivals, departures } = load;
  return {
    ...{ ago: 0, size, busy, full, busyNow: busy, worked: 0 },
    ...{ arrived: arrivals === undefined ? -1 : 0, departed: departures === undefined ? -1 : 0 },
  };
};

/** The stride with the seconds since the last tick. */
const continued = (stride: Begun, { busy = 0, arrivals, departures }: Load, seconds: number): Begun => ({
  ...stride,
  ago: stride.ago + seconds,
  busyNow: busy,
  worked: stride.worked + ((stride.busyNow + busy) / 2) * seconds,
  arrived: summed(stride.arrived, arrivals, seconds),
  departed: summed(stride.departed, departures, seconds),
});

/** A stride at its end, per second. */
interface Ended {
  readonly seconds: number;
  readonly slope: number;
  /** Mean number of busy tasks. */
  readonly busy: number;
  readonly arrivals: number | undefined;
  readonly departures: number | undefined;
}

const ended = ({ ago, size, worked, arrived, departed }: Begun, load: Load): Ended => ({
  seconds: ago,
  slope: (load.size - size) / ago,
  busy: worked / ago,
  arrivals: arrived < 0 ? load.arrivals : arrived / ago,
  departures: departed < 0 ? load.departures : departed / ago,
});

/** Where only what waits is counted, an empty queue does not tell how busy its tasks are. */
const flowOf = ({ arrivals, departures, slope, busy }: Ended, load: Load): Flow | undefined => {
  if (arrivals !== undefined) return { slope: arrivals, busy: 0 };
  if (departures !== undefined) return { slope: slope + departures, busy: 0 };
  return load.busy === undefined ? undefined : { slope, busy };
};

const afterStart = (before: Remembered, { at, counts }: Seen): Remembered['startUp'] =>
  counts.deploying
    ? { ...before.startUp, spent: 0, started: 0 }
    : afterStarting(before.startUp, {
        seconds: at - before.at,
        runningBefore: before.running,
        ...{ running: counts.running, desired: counts.desired },
      });

/** While a deployment runs, nobody knows which tasks it was that worked. */
const isTold = ({ givenSpeed, counts }: Seen): boolean => givenSpeed !== undefined || counts.deploying;

/** What strides have shown: how fast tasks are, and how much has arrived of late. */
const afterLook = (
  before: Remembered,
  seen: Seen,
  reckonedSpeed: number,
): Pick<Remembered, 'stride' | 'speed'> & { readonly fast: Flow } => {
  const { at, load, counts, partly } = seen;
  const { speed, arrivals } = before;
  const { fast } = arrivals;
  if (partly || before.stride.size < 0) return { stride: begin(seen), speed, fast };
  const stride = continued(before.stride, load, at - before.at);
  if (stride.ago < STRIDE_SECONDS) return { stride, speed, fast };

  const end = ended(stride, load);
  const flow = flowOf(end, load);
  const busyChange = (load.busy ?? 0) - stride.busy;
  const { size } = stride;
  const full = load.full && stride.full;
  return {
    stride: begin(seen),
    fast: afterStride(arrivals, {
      ...{ flow, seconds: end.seconds, size, busyChange, speed: reckonedSpeed },
      isUrgent: seen.target - before.startUp.delay < URGENT_SECONDS,
    }),
    speed:
      load.departures !== undefined || isTold(seen) || (load.busy === undefined && flow === undefined)
        ? speed
        : afterWork(speed, {
            ...{ ...end, size, busyChange, full },
            atMost: Math.max(before.running, counts.running),
          }),
  };
};

/** What is known with this reading. */
export const learned = (before: Remembered, seen: Seen): Remembered => {
  const { at, load, counts, givenSpeed, target } = seen;
  const reckonedSpeed = givenSpeed ?? reckoned(before.speed, target, load.departures !== undefined);
  const { stride, speed, fast } = afterLook(before, seen, reckonedSpeed);
  const { span, slow, turn, settled, work } = afterLong(before, seen, reckonedSpeed);
  return {
    ...{ at, running: counts.running, stride, span, settled, answers: before.answers },
    speed: work === undefined || isTold(seen) ? speed : afterWork(speed, work),
    arrivals: { fast, slow, turn },
    startUp: afterStart(before, seen),
    watched: Math.min(WATCHED_SECONDS, before.watched + at - before.at),
  };
};
