/** The sentence for an answer of queueDelay: what it saw, what it learned, and which of its bounds decided. */
import type { PolicyOf } from '../../../contract/policies.ts';
import type { Load } from './load.ts';

export interface Told {
  readonly policy: PolicyOf<'queueDelay'>;
  /** Seconds. */
  readonly release: number;
  readonly load: Load;
  /** Messages per second. */
  readonly rate: number;
  readonly speed: number;
  /** Nothing has told it yet. */
  readonly isGuess: boolean;
  /** Seconds. */
  readonly delay: number;
  /** What each bound asked for, what they came to, and the highest of late. */
  readonly deadline: number;
  readonly steady: number;
  readonly asked: number;
  readonly highest: number;
  /** Tasks that are not taken from their messages. */
  readonly held: number;
}

const short = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));

const learned = (given: unknown): string => (given === undefined ? ' (learned)' : '');

const bound = ({ release, deadline, steady, asked, highest, held }: Told): string => {
  if (held > highest) return `${highest} would do, ${held} work on a message`;
  if (highest > asked) return `${asked} would do, ${highest} were asked for in the last ${release} s`;
  if (deadline > steady) return `${deadline} for the deadline`;
  return steady === 0 ? 'nothing to do' : `${steady} in the long run`;
};

export const sentence = (told: Told): string => {
  const { policy, load, rate, speed, delay, isGuess } = told;
  const { target, secondsPerMessage, startDelay } = policy;
  const late =
    delay >= target && load.waiting > 0
      ? `; tasks start too late to hold the target from fewer than the load needs: raise tasks.min`
      : '';
  return [
    `${Math.round(load.waiting)} waiting`,
    `${short(rate)}/s arriving`,
    `${short(speed)}/s per task${isGuess ? ' (a guess)' : learned(secondsPerMessage)}`,
    `target ${short(target)} s`,
    `start-up ${short(delay)} s${learned(startDelay)}: ${bound(told)}${late}`,
  ].join(', ');
};
