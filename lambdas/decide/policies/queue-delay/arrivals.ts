/**
 * How much work arrives, learned online: a fast mean that the deadline looks at, and a slow one for the long run.
 *
 * Where the source counts arrivals (or departures), they are averaged. Elsewhere what arrives is how the backlog grows
 * plus what the busy tasks finish: λ = slope + µ × busy. The means of slope and busy are kept apart and only put together
 * when they are used: whatever µ turns out to be, the load in tasks is then λ/µ = busy + slope/µ, and as long as nothing waits
 * that is the mean number of busy tasks, right without any idea of µ. So the estimator can't chase its own tail. Means of a
 * slope telescope: a counter that lies for a minute adds as much when it comes back as it took.
 *
 * The slow mean averages everything since the load last changed, up to its time constant. A change is two looks in a row
 * (at least 15 s) on the same side, further away than noise goes; the mean then starts anew from those. A plain mean of 90 s
 * takes six minutes to come to a whole number of tasks, this one 20 s.
 */
export interface Flow {
  /** Messages per second: the slope of the backlog, or the arrivals where they are known. */
  readonly slope: number;
  /** Busy tasks; 0 where the arrivals are known. */
  readonly busy: number;
}

export interface Mean extends Flow {
  /** Seconds that it averages. */
  readonly age: number;
}

export interface Arrivals {
  readonly fast: Flow;
  readonly slow: Mean;
  /** What has been seen since the load left the slow mean. */
  readonly turn: Mean;
}

const NOTHING: Mean = { slope: 0, busy: 0, age: 0 };
export const noArrivals: Arrivals = { fast: NOTHING, slow: NOTHING, turn: NOTHING };

/** Messages per second. */
export const perSecond = ({ slope, busy }: Flow, speed: number): number => Math.max(0, slope + speed * busy);

const CONFIRMED_SECONDS = 14;
/** In standard deviations of what one span sees. */
const NOTABLE = 2.5;
/** Beyond so many standard deviations of what a stride sees, a jump is no chance. */
const CHANCE = 3;
/** How long a load that can't be seen is believed to go on. */
const FADING_SECONDS = 600;

const blend = (mean: Flow, seen: Flow, gain: number): Flow => ({
  slope: mean.slope + gain * (seen.slope - mean.slope),
  busy: mean.busy + gain * (seen.busy - mean.busy),
});

const within = (mean: Mean, seen: Flow, seconds: number, longest: number): Mean => ({
  ...blend(mean, seen, seconds / (Math.min(mean.age, longest) + seconds)),
  age: Math.min(mean.age + seconds, longest),
});

const faded = <T extends Flow>(flow: T, seconds: number): T => {
  const rest = Math.exp(-seconds / FADING_SECONDS);
  return { ...flow, slope: flow.slope * rest, busy: flow.busy * rest };
};

/** What was seen between two looks. */
export interface Seen {
  /** undefined: nothing about the arrivals could be seen. */
  readonly flow: Flow | undefined;
  readonly seconds: number;
  /** Messages per task and second. */
  readonly speed: number;
  /** Messages in the system before, whose counters are never exact. */
  readonly size: number;
  /** By how much the number of busy tasks changed; when it did is not known. */
  readonly busyChange: number;
  /** There is no time to wait until a mean has followed. */
  readonly isUrgent?: boolean;
}

/**
 * The variance of one rate: of arrivals, of departures by tasks that are not in step, of the counters; and of busy tasks, which are seen
 * at both ends only, where messages are shorter than what lies between.
 */
const variance = (rate: number, { seconds, size, flow, speed }: Seen): number =>
  (rate + 1 / seconds) / seconds +
  (0.03 * size * 0.03 * size) / (seconds * seconds) +
  (flow?.busy === 0 ? 0 : (speed * rate * Math.min(1, speed * seconds)) / 2);

/** In which so many tasks started or stopped, a look counts for less: by the variance of what they did in it. */
const weight = (rate: number, seen: Seen): number => {
  const usual = variance(rate, seen);
  const { flow, speed, busyChange } = seen;
  return flow?.busy === 0 ? 1 : usual / (usual + (speed * busyChange) ** 2 / 12);
};

/**
 * The fast mean after a stride; that of a load which has changed a moment ago has not much to forget. Where it is urgent, what can't be
 * chance is believed at once: from 0.44 % to 0 late on `azure-code` at a start-up of 57 s and a target of 60 s, for a quarter more tasks there.
 */
export const afterStride = ({ fast, slow }: Arrivals, stride: Seen): Flow => {
  const { flow, speed, seconds } = stride;
  if (flow === undefined) return faded(fast, seconds);
  const quick = Math.max(15, 0.5 / speed);
  const counts = seconds * weight(perSecond(slow, speed), stride);
  const next = blend(fast, flow, counts / (Math.min(slow.age, quick) + counts));
  const chance = CHANCE * Math.sqrt(variance(perSecond(flow, speed), stride));
  // More went than tasks can do: a counter lied, or tasks are faster than anybody thought. Either way this many do not arrive.
  if (flow.slope + speed * flow.busy + chance < 0) return { slope: -speed * flow.busy, busy: flow.busy };
  const sure = flow.slope - chance;
  const isJump = stride.isUrgent === true && sure + speed * flow.busy > perSecond(next, speed);
  return isJump ? { slope: sure, busy: flow.busy } : next;
};

/** The slow mean after a span. */
export const afterSpan = ({ slow, turn }: Arrivals, span: Seen): Pick<Arrivals, 'slow' | 'turn'> => {
  const { flow, speed } = span;
  if (flow === undefined) return { slow: faded(slow, span.seconds), turn: NOTHING };
  const long = Math.max(90, 2 / speed);
  const usual = perSecond(slow, speed);
  const seconds = span.seconds * weight(usual, span);
  const off = flow.slope + speed * flow.busy - usual;
  if (slow.age === 0 || off * off <= NOTABLE * NOTABLE * variance(usual, span))
    return { slow: within(slow, flow, seconds, long), turn: NOTHING };
  const sameSide = turn.age === 0 || off * (perSecond(turn, speed) - usual) > 0;
  const turning = within(sameSide ? turn : NOTHING, flow, seconds, long);
  if (turning.age >= Math.max(CONFIRMED_SECONDS, 0.5 / speed)) return { slow: turning, turn: NOTHING };
  return { slow: within(slow, flow, seconds, long), turn: turning };
};
