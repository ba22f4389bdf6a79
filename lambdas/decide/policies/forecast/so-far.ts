/**
 * The part of the season that is going on: mean and spread of the need in it so far, and when a rise began.
 *
 * What a part needed is its mean and one standard deviation, and no more than the most. Of a plateau with noise that is a little
 * above it; of a load that comes for half of the part it is what the load needs. The mean alone is too low for what doesn't last
 * the whole part (at 60 s to start twice as many messages are late), the most too high for everything else.
 */
import { type Part, partOf, type Season } from './season.ts';

export interface SoFar {
  readonly seconds: number;
  readonly mean: number;
  readonly deviation: number;
  readonly highest: number;
  /** The tenth in which the need rose; {@link NO_ONSET}: it has not. */
  readonly onset: number;
}

export const NO_ONSET = 10;
export const nothingSoFar: SoFar = { seconds: 0, mean: 0, deviation: 0, highest: 0, onset: NO_ONSET };

/** Half of the way from the part before to what this one needed the last time; unseen, or no higher: a fifth, and a task. */
const riseFrom = (season: Season, nth: number): number => {
  const before = partOf(season, nth - 1)?.need;
  if (before === undefined) return Number.POSITIVE_INFINITY;
  const here = partOf(season, nth)?.need ?? 0;
  return here > before ? (before + here) / 2 : 1 + 1.2 * before;
};

/** So many tasks were needed between two moments of the nth part. */
interface Stretch {
  readonly season: Season;
  readonly nth: number;
  readonly need: number;
  readonly from: number;
  readonly until: number;
}

export const withNeed = (before: SoFar, stretch: Stretch, width: number): SoFar => {
  const { season, nth, need, from, until } = stretch;
  const { seconds, mean, deviation, highest, onset } = before;
  const lasted = until - from;
  const total = seconds + lasted;
  if (lasted <= 0) return before;
  const next = mean + ((need - mean) * lasted) / total;
  // Welford's way: a difference of two large sums would lose what is looked for.
  const squares = deviation * deviation * seconds + (need - mean) * (need - next) * lasted;
  const rises = onset === NO_ONSET && need >= riseFrom(season, nth);
  const tenth = Math.max(0, Math.min(NO_ONSET - 1, Math.floor(((from - nth * width) / width) * 10)));
  return {
    seconds: total,
    mean: next,
    deviation: Math.sqrt(Math.max(0, squares) / total),
    highest: Math.max(highest, need),
    onset: rises ? tenth : onset,
  };
};

/** Half of what it was a season ago and half of what it was now, so that one odd day is not taken for the rule. */
export const partFrom = ({ mean, deviation, highest, onset }: SoFar, before: Part | undefined): Part => {
  const need = Math.min(highest, mean + deviation);
  const start = onset % NO_ONSET;
  if (before === undefined) return { need: Math.round(need), onset: start };
  const half = (before.need + need) / 2;
  return { need: need > before.need ? Math.ceil(half) : Math.floor(half), onset: start };
};

/** A part of which not half was seen says nothing. */
export const isHalfSeen = ({ seconds }: SoFar, width: number): boolean => seconds >= width / 2;
