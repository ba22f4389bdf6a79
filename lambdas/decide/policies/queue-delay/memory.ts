/** What queueDelay remembers as a flat list of short numbers: 143 characters of JSON in the median, 200 at most. */
import { toDigits } from '../../rounding.ts';
import type { Kept } from '../policy.ts';
import { type Arrivals, noArrivals } from './arrivals.ts';
import { priorSpeed, type Speed } from './speed.ts';
import { priorStartUp, type StartUp } from './start-up.ts';

/** A stride that has begun: what was seen then, and what has been counted since. */
export interface Begun {
  /** Seconds before the last tick. */
  readonly ago: number;
  /** Messages in the system; negative: not known. */
  readonly size: number;
  readonly busy: number;
  readonly full: boolean;
  /** Busy tasks at the last tick. */
  readonly busyNow: number;
  /** Task-seconds that were worked. */
  readonly worked: number;
  /** Messages that came and went, where the source counts them; negative: it does not. */
  readonly arrived: number;
  readonly departed: number;
}

/** What the long run looks at has begun: what was seen then, and what has been counted since. */
export interface Span {
  /** Seconds before the last tick. */
  readonly ago: number;
  /** Messages; negative: not known. */
  readonly waiting: number;
  readonly busy: number;
  readonly full: boolean;
  /** Messages that came and went, where the source counts them; negative: it does not. */
  readonly arrived: number;
  readonly departed: number;
}

export interface Remembered {
  /** Epoch seconds of the last tick. */
  readonly at: number;
  /** Tasks that ran then. */
  readonly running: number;
  readonly stride: Begun;
  readonly span: Span;
  readonly arrivals: Arrivals;
  readonly speed: Speed;
  readonly startUp: StartUp;
  /** For how many seconds it has watched without a break, a minute at most. */
  readonly watched: number;
  /** What the long run asked for. */
  readonly settled: number;
  /** The answers of late, as `highestOf` keeps them. */
  readonly answers: Kept | undefined;
}

/** How many numbers there are besides the answers. */
const LENGTH = 36;

export const toKept = ({
  at,
  running,
  stride,
  span,
  arrivals,
  speed,
  startUp,
  watched,
  settled,
  answers = [],
}: Remembered): Kept => {
  const { fast, slow, turn } = arrivals;
  const { ago, size, busy, full, busyNow, worked, arrived, departed } = stride;
  return [
    at,
    running,
    toDigits(ago, 9),
    toDigits(size, 9),
    toDigits(busy, 6),
    full ? 1 : 0,
    toDigits(busyNow, 6),
    toDigits(worked, 4),
    toDigits(arrived, 5),
    toDigits(departed, 5),
    toDigits(fast.slope, 4),
    toDigits(fast.busy, 4),
    toDigits(slow.slope, 5),
    toDigits(slow.busy, 5),
    Math.round(slow.age),
    toDigits(turn.slope, 3),
    toDigits(turn.busy, 3),
    toDigits(turn.age, 3),
    toDigits(speed.arrivals, 4),
    toDigits(speed.perTask, 4),
    // λ and µ are all but one while a queue stands: with fewer digits these were no covariance any more.
    toDigits(speed.arrivalsVariance, 4),
    toDigits(speed.covariance, 4),
    toDigits(speed.perTaskVariance, 4),
    Math.round(speed.worked),
    toDigits(startUp.delay, 4),
    toDigits(startUp.spent, 4),
    toDigits(startUp.started, 4),
    Math.round(speed.standing),
    toDigits(watched, 3),
    settled,
    toDigits(span.ago, 9),
    toDigits(span.waiting, 9),
    toDigits(span.busy, 6),
    toDigits(span.arrived, 5),
    toDigits(span.departed, 5),
    span.full ? 1 : 0,
    // The time of the newest answer is that of the tick.
    ...answers.slice(1),
  ];
};

const isSound = (kept: Kept): boolean => {
  const n = (index: number): number => kept[index] ?? Number.NaN;
  const amounts = [
    n(1),
    n(2),
    n(4),
    n(6),
    n(7),
    n(14),
    n(17),
    n(23),
    n(25),
    n(26),
    n(27),
    n(28),
    n(29),
    n(30),
    n(32),
  ];
  const [perTask, delay] = [n(19), n(24)];
  return (
    kept.length >= LENGTH &&
    kept.every((value) => Math.abs(value) <= 1e13) &&
    amounts.every((value) => value >= 0) &&
    perTask >= 1e-4 &&
    perTask <= 1e4 &&
    delay >= 1 &&
    delay <= 600
  );
};

/** @returns undefined: there is none, or it is not ours */
export const fromKept = (kept: Kept | undefined): Remembered | undefined => {
  if (kept === undefined || !isSound(kept)) return undefined;
  const n = (index: number): number => kept[index] ?? 0;
  return {
    at: n(0),
    running: n(1),
    stride: {
      ...{ ago: n(2), size: n(3), busy: n(4), full: n(5) === 1, busyNow: n(6) },
      ...{ worked: n(7), arrived: n(8), departed: n(9) },
    },
    span: { ago: n(30), waiting: n(31), busy: n(32), arrived: n(33), departed: n(34), full: n(35) === 1 },
    arrivals: {
      fast: { slope: n(10), busy: n(11) },
      slow: { slope: n(12), busy: n(13), age: n(14) },
      turn: { slope: n(15), busy: n(16), age: n(17) },
    },
    speed: {
      arrivals: n(18),
      perTask: n(19),
      arrivalsVariance: Math.max(0, n(20)),
      covariance: n(21),
      perTaskVariance: Math.max(0, n(22)),
      worked: n(23),
      standing: n(27),
    },
    startUp: { delay: n(24), spent: n(25), started: n(26) },
    watched: n(28),
    settled: n(29),
    answers: kept.length > LENGTH ? [Math.round(n(0)), ...kept.slice(LENGTH)] : undefined,
  };
};

export const noStride: Begun = {
  ...{ ago: 0, size: -1, busy: 0, full: false, busyNow: 0 },
  ...{ worked: 0, arrived: -1, departed: -1 },
};

export const noSpan: Span = { ago: 0, waiting: -1, busy: 0, full: false, arrived: -1, departed: -1 };

export const nothingRemembered = (at: number, running: number): Remembered => ({
  at,
  running,
  stride: noStride,
  span: noSpan,
  arrivals: noArrivals,
  speed: priorSpeed,
  startUp: priorStartUp,
  watched: 0,
  settled: 0,
  answers: undefined,
});
