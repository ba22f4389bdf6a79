/**
 * How long to wait for a source that has kept silent. A server that accepts and never answers would otherwise hold every tick
 * for the whole `timeLimit`, and with it the decisions of all other services of the lane.
 *
 * The first silence may be a lost packet, so the next reading has its whole time again. From the second on, a reading has only
 * what this source has ever needed, thrice over, and a quarter of its time at least: a server that is back answers well within
 * that. Each fourth reading has the whole time, for one that has become slower than ever.
 *
 * Kept in memory: a new function starts out patient.
 */

/** Of the time limit, at the least. */
const LEAST_SHARE = 1 / 4;
/** No server is given up sooner than this, however short its time limit is. */
const LEAST_MS = 300;
/** What a source has needed at most is exceeded now and then. */
const MARGIN = 3;
const WHOLE_EVERY = 4;
/** Far above the sources of a lane. */
const MOST_KEPT = 1000;

/** Of its time, what a failure takes that is silence: clients give up by themselves, some after half of what they have. */
const SHARE_OF_SILENCE = 0.4;

interface Experience {
  /** Readings in a row that ended with their time and without an answer. */
  readonly silent: number;
  /** The longest that an answer has taken, connecting included. */
  readonly slowestMs: number;
}

const NONE: Experience = { silent: 0, slowestMs: 0 };

export interface Patience {
  /** @returns milliseconds that the next reading may take, never more than `wholeMs`, its time limit */
  readonly msFor: (source: string, wholeMs: number) => number;
  readonly answered: (source: string, tookMs: number) => void;
  /** A reading without an answer. @returns whether that was silence, rather than a refusal, for one */
  readonly failed: (source: string, tookMs: number, ofMs: number) => boolean;
}

/** @returns an own memory of sources, each named by a string that is its own */
export const patience = (): Patience => {
  const known = new Map<string, Experience>();
  const of = (source: string): Experience => known.get(source) ?? NONE;
  const keep = (source: string, experience: Experience): void => {
    if (known.size >= MOST_KEPT && !known.has(source)) known.clear();
    known.set(source, experience);
  };
  return {
    msFor: (source, wholeMs) => {
      const { silent, slowestMs } = of(source);
      if (silent < 2 || silent % WHOLE_EVERY === 0) return wholeMs;
      return Math.min(wholeMs, Math.ceil(Math.max(LEAST_MS, wholeMs * LEAST_SHARE, slowestMs * MARGIN)));
    },
    answered: (source, tookMs) =>
      keep(source, { silent: 0, slowestMs: Math.max(of(source).slowestMs, tookMs) }),
    failed: (source, tookMs, ofMs) => {
      const { silent, slowestMs } = of(source);
      const isSilence = tookMs >= ofMs * SHARE_OF_SILENCE;
      keep(source, { silent: isSilence ? silent + 1 : 0, slowestMs });
      return isSilence;
    },
  };
};
