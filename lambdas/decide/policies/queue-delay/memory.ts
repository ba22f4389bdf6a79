/** What queueDelay remembers as a flat list of short numbers: at most 170 characters of JSON. */
import { toDigits } from '../../rounding.ts';
import type { Kept } from '../policy.ts';
import { type Arrivals, noArrivals } from './arrivals.ts';
import { priorSpeed, type Speed } from './speed.ts';
import { priorStartUp, type StartUp } from './start-up.ts';

export interface Remembered {
  /** Epoch seconds of the last tick. */
  readonly at: number;
  /** Tasks that ran then. */
  readonly running: number;
  /** The beginning of the present stride: so many seconds before `at`, and what was seen then. */
  readonly stride: {
    readonly ago: number;
    readonly size: number;
    readonly busy: number;
    readonly full: boolean;
  };
  readonly arrivals: Arrivals;
  readonly speed: Speed;
  readonly startUp: StartUp;
  /** The answers of late, as `highestOf` keeps them. */
  readonly answers: Kept | undefined;
}

/** How many numbers there are besides the answers. */
const LENGTH = 23;

export const toKept = ({ at, running, stride, arrivals, speed, startUp, answers = [] }: Remembered): Kept => {
  const { fast, slow, turn } = arrivals;
  const { ago, size, busy, full } = stride;
  return [
    at,
    running,
    ...[ago, toDigits(size, 9), toDigits(busy, 6), full ? 1 : 0].map((value) => toDigits(value, 9)),
    ...[fast.slope, fast.busy].map((value) => toDigits(value, 4)),
    ...[slow.slope, slow.busy].map((value) => toDigits(value, 5)),
    Math.round(slow.age),
    ...[turn.slope, turn.busy, turn.age].map((value) => toDigits(value, 3)),
    ...[speed.arrivals, speed.perTask].map((value) => toDigits(value, 4)),
    ...[speed.arrivalsVariance, speed.covariance, speed.perTaskVariance].map((value) => toDigits(value, 2)),
    Math.round(speed.worked),
    ...[startUp.delay, startUp.spent, startUp.started].map((value) => toDigits(value, 4)),
    // The time of the newest answer is that of the tick.
    ...answers.slice(1),
  ];
};

const isSound = (kept: Kept): boolean => {
  const [, running = -1, ago = -1] = kept;
  const [perTask = 0, , , , worked = -1, delay = 0, spent = -1, started = -1] = kept.slice(15, LENGTH);
  const amounts = [running, ago, worked, spent, started, kept[10] ?? -1, kept[13] ?? -1];
  return (
    kept.length >= LENGTH &&
    kept.every((value) => Number.isFinite(value) && Math.abs(value) <= 1e13) &&
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
    stride: { ago: n(2), size: n(3), busy: n(4), full: n(5) === 1 },
    arrivals: {
      fast: { slope: n(6), busy: n(7) },
      slow: { slope: n(8), busy: n(9), age: n(10) },
      turn: { slope: n(11), busy: n(12), age: n(13) },
    },
    speed: {
      arrivals: n(14),
      perTask: n(15),
      arrivalsVariance: Math.max(0, n(16)),
      covariance: n(17),
      perTaskVariance: Math.max(0, n(18)),
      worked: n(19),
    },
    startUp: { delay: n(20), spent: n(21), started: n(22) },
    answers: kept.length > LENGTH ? [Math.round(n(0)), ...kept.slice(LENGTH)] : undefined,
  };
};

export const nothingRemembered = (at: number, running: number): Remembered => ({
  at,
  running,
  stride: { ago: 0, size: -1, busy: 0, full: false },
  arrivals: noArrivals,
  speed: priorSpeed,
  startUp: priorStartUp,
  answers: undefined,
});
