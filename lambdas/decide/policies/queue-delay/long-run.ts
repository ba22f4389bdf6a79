/**
 * The tasks that a load needs in the long run: ρ = λ/µ that it keeps busy, and spare ones, the fewer of
 * - headroom × √ρ: by so much the load varies, and where a wait costs nothing is waiting for;
 * - 3 / µW, a third of a task at least: with so many more than ρ one message in twenty of those that wait at all waits longer than W (Erlang C:
 *   P(wait > W) = C e^(−(nµ − λ)W), bench.md §4). A target that is long beside the messages is a budget for chance, where their length is told.
 *
 * It is looked at every ten seconds, whatever the tick, and at nothing between: so ticks of a second and of ten know the same of a
 * steady load, to the digit, and settle at the same count. While nothing waits ρ is the mean number of busy tasks, whatever µ may be.
 */
import { type Arrivals, afterSpan, type Flow, type Mean, noArrivals, perSecond } from './arrivals.ts';
import type { Load } from './load.ts';
import { noSpan, type Remembered, type Span } from './memory.ts';
import { isGuess, type Work } from './speed.ts';

/** A little under 10 s, for ticks that come early. */
const SPAN_SECONDS = 9.5;
/** In tasks: an estimate that is above a whole number by less means that number. */
const NOISE = 0.05;

/** The slow mean averages 90 s or more once it is grown; its age is a sum of spans that may come early. */
const YOUNG_SECONDS = 89;
/** ln 20. */
const LATE_FACTOR = 3;
/** In tasks: by so much the mean of a minute and a half may be off. */
const LEAST_SPARE = 0.35;

export const wholeTasks = (tasks: number): number => Math.ceil(tasks - NOISE);

interface Looked {
  readonly at: number;
  readonly load: Load;
  readonly counts: { readonly running: number };
  readonly partly: boolean;
  readonly givenSpeed: number | undefined;
  /** In √ρ. */
  readonly headroom: number;
  /** Seconds. */
  readonly wait: number;
}

const begin = ({ waiting, busy = 0, full, arrivals, departures }: Load): Span => ({
  ...{ ago: 0, waiting, busy, full },
  ...{ arrived: arrivals === undefined ? -1 : 0, departed: departures === undefined ? -1 : 0 },
});

/** The sum with what came at this rate; negative as soon as the rate is missing. */
export const summed = (sum: number, rate: number | undefined, seconds: number): number =>
  sum < 0 || rate === undefined ? -1 : sum + rate * seconds;

const continued = (span: Span, { arrivals, departures }: Load, seconds: number): Span => ({
  ...span,
  ago: span.ago + seconds,
  arrived: summed(span.arrived, arrivals, seconds),
  departed: summed(span.departed, departures, seconds),
});

/** What the span saw of the backlog, per second. */
const slopeOf = ({ ago, waiting, busy }: Span, { size }: Load): number => (size - waiting - busy) / ago;

/**
 * Arrivals as they are counted; or, where nobody counts them or nobody knows how many tasks they are, as what waits grows by and busy
 * tasks finish. What tasks take into their hands is then left out: while nothing waits it is noise. Where only what waits is counted,
 * an empty queue does not tell how busy its tasks are.
 */
const flowOf = (span: Span, load: Load, guessed: boolean): Flow | undefined => {
  const { ago, waiting, busy, arrived, departed } = span;
  if (guessed && load.busy !== undefined)
    return { slope: (load.waiting - waiting) / ago, busy: (busy + load.busy) / 2 };
  if (arrived >= 0) return { slope: arrived / ago, busy: 0 };
  return departed < 0 ? undefined : { slope: slopeOf(span, load) + departed / ago, busy: 0 };
};

/** What a first look tells: how many tasks are busy. */
const atFirst = ({ arrivals, departures, busy }: Load): Arrivals => {
  const [slope, tasks] = arrivals === undefined ? [0, busy ?? 0] : [arrivals, 0];
  const blind = arrivals === undefined && (departures !== undefined || busy === undefined);
  // Of nothing there is no mean: what comes next is all that is known then.
  return blind || slope + tasks === 0 ? noArrivals : { ...noArrivals, slow: { slope, busy: tasks, age: 1 } };
};

/**
 * A load in tasks is known to about one: what the long run asked for stays until clearly fewer would do. Without it the count of a steady
 * load of 20 tasks moves 46 times an hour, with it 14 times, for 1 % more task-seconds (of chance arrivals; of even ones, never). And
 * what the estimate itself is off by is no reason for another task.
 */
const settledAt = (before: number, tasks: number, unsure: number): number => {
  const whole = wholeTasks(tasks);
  if (before === 0 || whole === before) return whole;
  if (whole > before) return tasks <= before + NOISE + unsure ? before : whole;
  if (before < 3) return tasks > before - 1 - unsure ? before : whole;
  return before - whole <= Math.max(1, 0.05 * before) ? before : whole;
};

/** Where µ is learned it is off by some per cent: as much as a large load varies. */
const spare = (load: number, { headroom, wait, givenSpeed }: Looked): number => {
  const usual = (headroom - 0.03) * Math.sqrt(load);
  return givenSpeed === undefined
    ? usual
    : Math.min(usual, Math.max(LEAST_SPARE, LATE_FACTOR / (givenSpeed * wait)));
};

const LEARNED = 0.04;
/**
 * By how many tasks the estimate may be off, of an even load: by two or three messages in the time that it averages, and by what µ is,
 * where that is learned from departures. A young mean is off by more, but nothing has settled by then.
 */
const unsureOf = (load: number, { age }: Mean, looked: Looked, speed: number): number => {
  if (age < YOUNG_SECONDS) return 0;
  const isLearned = looked.givenSpeed === undefined && looked.load.departures !== undefined;
  return Math.min(1, 3.2 / (speed * age) + (isLearned ? LEARNED * load : 0));
};

const withCount = (
  before: Remembered,
  { slow, turn }: Pick<Arrivals, 'slow' | 'turn'>,
  looked: Looked,
  speed: number,
): Pick<Arrivals, 'slow' | 'turn'> & Pick<Remembered, 'settled'> => {
  const load = perSecond(slow, speed) / speed;
  const settled = settledAt(before.settled, load + spare(load, looked), unsureOf(load, slow, looked, speed));
  return { slow, turn, settled };
};

/** What tasks have finished, where that is counted: µ too is then the same at any tick. */
const workOf = (span: Span, { running }: Remembered, { load, counts }: Looked): Work => {
  const { ago, waiting, busy, full, arrived, departed } = span;
  const after = load.busy ?? 0;
  return {
    ...{ seconds: ago, slope: slopeOf(span, load), size: waiting + busy, full: full && load.full },
    ...{ busy: (busy + after) / 2, busyChange: after - busy, atMost: Math.max(running, counts.running) },
    arrivals: arrived < 0 ? load.arrivals : arrived / ago,
    departures: departed < 0 ? load.departures : departed / ago,
  };
};

/** Nobody counts what comes or goes, or how many tasks that keeps busy could only be guessed. */
const isGuesswork = ({ speed }: Remembered, { load, givenSpeed }: Looked): boolean =>
  (load.arrivals === undefined && load.departures === undefined) ||
  (givenSpeed === undefined && isGuess(speed));

/** @param speed what is reckoned with, messages per task and second */
export const afterLong = (
  before: Remembered,
  looked: Looked,
  speed: number,
): Pick<Remembered, 'span' | 'settled'> & Pick<Arrivals, 'slow' | 'turn'> & { readonly work?: Work } => {
  const { load, partly, at } = looked;
  const { arrivals, settled } = before;
  const { slow, turn } = arrivals;
  if (partly) return { span: noSpan, slow, turn, settled };
  if (before.span.waiting < 0) {
    const span = begin(load);
    if (slow.age > 0) return { span, slow, turn, settled };
    return { span, ...withCount(before, atFirst(load), looked, speed) };
  }
  const span = continued(before.span, load, at - before.at);
  if (span.ago < SPAN_SECONDS) return { span, slow, turn, settled };
  const after = afterSpan(arrivals, {
    flow: flowOf(span, load, isGuesswork(before, looked)),
    ...{ seconds: span.ago, size: span.waiting + span.busy, speed },
    busyChange: (load.busy ?? 0) - span.busy,
  });
  const work = load.departures === undefined ? {} : { work: workOf(span, before, looked) };
  return { span: begin(load), ...withCount(before, after, looked, speed), ...work };
};
