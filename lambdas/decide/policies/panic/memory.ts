/**
 * What the policy keeps, in one list: [at, stable window, panic window, seconds seen, usual seconds between two values, seconds since the
 * load was last too much (-1: no panic), highest answer in panic, …averages of both windows, …answers of the delay].
 *
 * At most 170 characters of JSON with the name, whatever the windows: nine and seven averages in tasks, at most 9999 (ECS runs no more than
 * 5000 of a service), in at most four characters. Both windows are in it, a weighted average as a negative one, so that what
 * was kept for others isn't taken for theirs.
 */
import { roundedUp } from '../../rounding.ts';
import { isLost } from '../../window.ts';
import type { Kept } from '../policy.ts';
import { type Seen, sizeOf, type Window } from './averages.ts';
import type { Panic } from './scale.ts';

export interface Windows {
  readonly stable: Window;
  readonly panic: Window;
}

export interface Memory {
  readonly seen: Seen;
  /** Seconds between the last two values; 0: there was but one. */
  readonly spacing: number;
  readonly stable: readonly number[];
  readonly panic: readonly number[];
  readonly state: Panic;
}

const MOST_TASKS = 9999;

const signOf = ({ seconds, width }: Window): number => (width === undefined ? -seconds : seconds);

/** A tenth, a hundredth, …: what leaves four characters. */
const scaleOf = (tasks: number): number => (tasks < 10 ? 100 : tasks < 100 ? 10 : 1);

/** The newest one changes at every tick by less than four characters may show, so it has two decimals more. */
const kept = (means: readonly number[]): readonly number[] =>
  means.map((mean, age) => {
    const scale = scaleOf(mean) * (age === 0 ? 100 : 1);
    return Math.round(mean * scale) / scale;
  });

/** A load in tasks, so that it can be kept as it is: rounded up, which never passes a whole number. */
export const inTasks = (load: number): number => {
  const scale = scaleOf(load);
  return Math.min(MOST_TASKS, roundedUp(load * scale) / scale);
};

export const toKept = ({ stable, panic }: Windows, memory: Memory): Kept => {
  const { seen, spacing, state } = memory;
  return [
    ...[seen.at, signOf(stable), panic.seconds, seen.seconds, spacing],
    ...[state.since === undefined ? -1 : seen.at - state.since, state.most],
    ...kept(memory.stable),
    ...kept(memory.panic),
    ...(state.answers?.slice(1) ?? []),
  ];
};

/** @returns undefined: there is nothing that could be trusted */
export const fromKept = (given: Kept | undefined, windows: Windows, now: number): Memory | undefined => {
  if (given === undefined || given.length < 9) return undefined;
  const [at = 0, stable, panic, seconds = 0, spacing = 0, age = 0, most = 0, ...rest] = given;
  if (isLost(at, now) || stable !== signOf(windows.stable) || panic !== windows.panic.seconds)
    return undefined;
  const isSound =
    [at, seconds, spacing, age, most].every(Number.isInteger) &&
    [spacing, age + 1, most, ...rest].every((each) => each >= 0 && each <= MOST_TASKS);
  if (!isSound || seconds < 1 || seconds > windows.stable.seconds) return undefined;
  const seen = { at, seconds };
  const [first, second] = [sizeOf(windows.stable, seen), sizeOf(windows.panic, seen)];
  if (rest.length < first + second) return undefined;
  const answers = rest.slice(first + second);
  return {
    seen,
    spacing,
    stable: rest.slice(0, first),
    panic: rest.slice(first, first + second),
    state: {
      since: age < 0 ? undefined : at - age,
      most,
      answers: answers.length > 0 ? [at, ...answers] : undefined,
    },
  };
};
