/**
 * The part of the season that is going on: mean and spread of the need in it so far, and when a rise began.
 *
 * What a part needed is its mean and one standard deviation. For a plateau with noise that is a little above it, for a load
 * that comes for half of the part it is what the load needs, and a minute's peak of a backlog that is worked off counts for
 * a third. The mean alone is too low for what doesn't last the whole part, and the highest too high for everything else.
 */
import { type Part, partOf, type Season } from './season.ts';

export interface SoFar {
  readonly seconds: number;
  readonly mean: number;
  readonly deviation: number;
  /** The tenth in which the need rose; {@link NO_ONSET}: it has not. */
  readonly onset: number;
}

export const NO_ONSET = 10;
export const nothingSoFar: SoFar = { seconds: 0, mean: 0, deviation: 0, onset: NO_ONSET };

/** Half of the way from the part before to what this one needed the last time; unseen, or no higher: a fifth, and a task. */
const riseFrom = (season: Season, nth: number): number => {
  const before = partOf(season, nth - 1)?.need;
  if (before === undefined) return Number.POSITIVE_INFINITY;
  const here = partOf(season, nth)?.need ?? 0;
  return here > before ? (before + here) / 2 : 1 + 1.2 * before;
};

/** So many tasks were needed between two moments of the nth part. */
export const withNeed = (
  { seconds, mean, deviation, onset }: SoFar,
  {
    season,
    nth,
    need,
    from,
    until,
  }: Readonly<Record<'nth' | 'need' | 'from' | 'until', number>> & {
    readonly season: Season;
  },
  width: number,
): SoFar => {
  const lasted = until - from;
  const total = seconds + lasted;
  if (lasted <= 0) return { seconds, mean, deviation, onset };
  const next = mean + ((need - mean) * lasted) / total;
  // Welford's way: a difference of two large sums would lose what is looked for.
  const squares = deviation * deviation * seconds + (need - mean) * (need - next) * lasted;
  const rises = onset === NO_ONSET && need >= riseFrom(season, nth);
  const tenth = Math.max(0, Math.min(NO_ONSET - 1, Math.floor(((from - nth * width) / width) * 10)));
  return {
    seconds: total,
    mean: next,
    deviation: Math.sqrt(Math.max(0, squares) / total),
    onset: rises ? tenth : onset,
  };
};

/** Half of what it was a season ago and half of what it was now, so that one odd day is not taken for the rule. */
export const partFrom = ({ mean, deviation, onset }: SoFar, before: Part | undefined): Part => {
  const need = mean + deviation;
  const start = onset % NO_ONSET;
  if (before === undefined) return { need: Math.round(need), onset: start };
  const half = (before.need + need) / 2;
  return { need: need > before.need ? Math.ceil(half) : Math.floor(half), onset: start };
};

/** A part of which not half was seen says nothing. */
export const isHalfSeen = ({ seconds }: SoFar, width: number): boolean => seconds >= width / 2;
