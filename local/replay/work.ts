/** How long a task works on a message, from what a log tells. */

/** Between one look and the next. */
export interface Span {
  /** Epoch seconds. */
  readonly from: number;
  readonly seconds: number;
  /** Somebody waited at both ends: every task was busy. */
  readonly isFull: boolean;
  /** By how many messages the backlog grew. */
  readonly grown: number;
  readonly busySeconds: number;
  /** Messages, where the source counts them. */
  readonly arrived: number | undefined;
  readonly departed: number | undefined;
  /** Messages that busy tasks have finished, where one takes so many seconds of work. */
  readonly finished: (work: number) => number;
}

/** Busy tasks ÷ departures, where arrivals or departures are counted. */
export const fromCounts = (spans: readonly Span[]): number | undefined => {
  let [busy, departed] = [0, 0];
  for (const span of spans) {
    const left = span.departed ?? (span.arrived === undefined ? undefined : span.arrived - span.grown);
    if (left === undefined) continue;
    busy += span.busySeconds;
    departed += left;
  }
  return departed > 0 && busy > 0 ? busy / departed : undefined;
};

interface Learned {
  readonly work: number;
  /** Estimate ÷ its standard error, about: the correlation times the root of the number of bends. */
  readonly certainty: number;
}

const bendsOf = (spans: readonly Span[]): Learned => {
  let [product, square, bent, many] = [0, 0, 0, 0];
  spans.slice(1).forEach((span, nth) => {
    const before = spans[nth];
    if (before === undefined || !span.isFull || !before.isFull) return;
    const bend = span.grown / span.seconds - before.grown / before.seconds;
    const more = span.busySeconds / span.seconds - before.busySeconds / before.seconds;
    product -= bend * more;
    square += more * more;
    bent += bend * bend;
    many += 1;
  });
  const certainty = (product / Math.sqrt(square * bent)) * Math.sqrt(many);
  return { work: square / product, certainty: Number.isNaN(certainty) ? 0 : certainty };
};

/** Of 63 runs of the bench's loads (2 h, ticks of 5 s, three policies) 24 were above it, 21 of them within 10 % and the others within 41 %. */
const CERTAIN = 4;

/**
 * The seconds of work with which arrivals jump the least: as tasks come and go while everybody is busy, the backlog bends. Least squares
 * over neighbouring spans of Δ(arrivals) = Δ(growth) + Δ(busy) ÷ work, each per second.
 *
 * A new task finishes nothing until its first message ends, so it is told only of messages that are shorter than a span; of longer ones
 * estimates were off by up to ten times. undefined: it can't be told.
 */
export const fromBends = (spans: readonly Span[]): number | undefined => {
  const { work, certainty } = bendsOf(spans);
  return certainty >= CERTAIN && work <= (spans[0]?.seconds ?? 0) ? work : undefined;
};

const FALL_SECONDS = 10;

/** What it can be at most: busy seconds for each message by which the backlog fell, where it fell fastest. Something may have arrived meanwhile. */
export const mostByFalls = (spans: readonly Span[]): number | undefined => {
  let least: number | undefined;
  let [seconds, fallen, busy] = [0, 0, 0];
  for (const span of spans) {
    if (!span.isFull || span.grown >= 0) [seconds, fallen, busy] = [0, 0, 0];
    else {
      [seconds, fallen, busy] = [seconds + span.seconds, fallen - span.grown, busy + span.busySeconds];
      if (seconds >= FALL_SECONDS && busy > 0)
        least = Math.min(least ?? Number.POSITIVE_INFINITY, busy / fallen);
    }
  }
  return least;
};
