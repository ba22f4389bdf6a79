/** What the seasonal forecast learns from tick to tick, and remembers in at most 230 characters of JSON. */

import { highestOf } from '../../window.ts';
import type { Kept } from '../policy.ts';
import { type Accuracy, compared, notCompared } from './accuracy.ts';
import { digits, GAP_SECONDS, MOST_TASKS } from './method.ts';
import {
  neededAt,
  partOf,
  SEASON_NUMBERS,
  type Season,
  seasonFromKept,
  seasonToKept,
  unseen,
  widthOf,
  withPart,
} from './season.ts';
import { isHalfSeen, nothingSoFar, partFrom, type SoFar, withNeed } from './so-far.ts';

export interface Learned {
  /** Seconds of a season. */
  readonly length: number;
  /** Epoch seconds of the last tick that saw anything. */
  readonly last: number;
  /** Seconds from the tick before it; 0: there is none. */
  readonly tick: number;
  readonly accuracy: Accuracy;
  /** What was needed of late, on average: a moment's dip is no reason to let go of what a rise asked for. */
  readonly usual: number;
  /** The lowest needs of late, as `highestOf` keeps them, negated. */
  readonly needs: Kept;
  readonly soFar: SoFar;
  readonly season: Season;
}

/** Over how long the error is averaged: a part of the season, a minute at least. All wrong, it is 30 % after a third of it. */
const windowOf = (length: number): number => Math.max(60, widthOf(length));
/** How long forecasts must have been compared before they are believed. */
export const enoughFor = (length: number): number => windowOf(length) / 2;
/** How long what was known is good enough for a floor while nobody can see. */
export const freshFor = (length: number): number => Math.max(GAP_SECONDS, windowOf(length));

/** The most seconds that `usual` averages. */
const USUAL_SECONDS = 120;

/**
 * What is needed only counts where it lasts so long. When a load jumps, the others ask for many times what it takes, until
 * the backlog of the start-up is worked off: 2788 tasks for two minutes, 1000 for three, and 106 from then on.
 */
const lagOf = (length: number, horizon: number): number =>
  Math.round(Math.min(3 * horizon, length / 10, 900));
const MOST_NEEDS = 4;

interface Seen {
  readonly length: number;
  readonly at: number;
  readonly need: number;
  readonly horizon: number;
}

/** So much was needed from one moment until another, in epoch seconds. */
interface Span {
  readonly need: number;
  readonly since: number;
  readonly until: number;
}

type Course = Pick<Learned, 'season' | 'soFar'>;

/** Every part of the season that the span touches learns it. */
const afterSpan = ({ season, soFar }: Course, { need, since, until }: Span, width: number): Course => {
  let [parts, part] = [season, soFar];
  for (let nth = Math.floor(since / width); nth * width < until; nth += 1) {
    const end = (nth + 1) * width;
    const inside = { from: Math.max(since, nth * width), until: Math.min(until, end) };
    part = withNeed(part, { season: parts, nth, need, ...inside }, width);
    if (end > until) break;
    if (isHalfSeen(part, width)) parts = withPart(parts, nth, partFrom(part, partOf(parts, nth)));
    part = nothingSoFar;
  }
  return { season: parts, soFar: part };
};

/** Nobody looked in between. A part that was seen for long enough counts, and one that still goes on does so. */
const afterGap = ({ season, soFar }: Course, { since, until }: Span, width: number): Course => {
  const nth = Math.floor(since / width);
  if (until >= since && Math.floor(until / width) === nth) return { season, soFar };
  const isOver = until > since && isHalfSeen(soFar, width);
  const parts = isOver ? withPart(season, nth, partFrom(soFar, partOf(season, nth))) : season;
  return { season: parts, soFar: nothingSoFar };
};

export const learned = (before: Learned | undefined, { length, at, horizon, ...seen }: Seen): Learned => {
  const need = Math.min(seen.need, MOST_TASKS);
  const lag = lagOf(length, horizon);
  const { highest, kept: needs } = highestOf({
    ...{ kept: before?.needs, at, seconds: lag, value: 0 - need, unknown: 0 - need, most: MOST_NEEDS },
  });
  const first = { length, last: at, tick: 0, needs, usual: need };
  if (before === undefined) return { ...first, accuracy: notCompared, soFar: nothingSoFar, season: unseen };
  const width = widthOf(length);
  const span = { need: 0 - highest, since: before.last - lag, until: at - lag };
  const passed = at - before.last;
  const accuracy = passed >= 0 && passed <= freshFor(length) ? before.accuracy : notCompared;
  if (passed < 0 || passed > GAP_SECONDS) return { ...first, accuracy, ...afterGap(before, span, width) };
  const forecast = neededAt(before.season, width, span.until);
  const comparison = { need: span.need, lasted: passed, window: windowOf(length) };
  const weight = 1 - Math.exp(-passed / Math.min(horizon, USUAL_SECONDS));
  return {
    ...first,
    tick: passed,
    usual: before.usual + weight * (need - before.usual),
    accuracy: forecast === undefined ? accuracy : compared(accuracy, { forecast, ...comparison }),
    ...afterSpan(before, span, width),
  };
};

/** How many numbers there are before the season's, and after it at most. */
const LENGTH = 9;
const REST = 2 * MOST_NEEDS - 1;

export const toKept = ({ length, last, accuracy, usual, needs, soFar, season }: Learned): Kept => [
  length,
  last,
  digits(accuracy.off, 5),
  Math.round(accuracy.seconds),
  digits(usual, 4),
  digits(soFar.seconds, 5),
  digits(soFar.mean, 6),
  digits(soFar.deviation, 6),
  soFar.onset,
  ...seasonToKept(season),
  // The time of the newest is that of the tick.
  ...needs.slice(1).map((each) => digits(each, 4)),
];

/** @returns undefined: there is none, it is not ours, or it is that of another season */
export const fromKept = (kept: Kept | undefined, length: number): Learned | undefined => {
  const rest = kept?.slice(LENGTH + SEASON_NUMBERS) ?? [];
  if (kept?.[0] !== length || rest.length === 0 || rest.length > REST) return undefined;
  const within = (nth: number, most: number): number => Math.max(0, Math.min(most, kept[nth] ?? 0));
  return {
    length,
    last: Math.round(kept[1] ?? 0),
    tick: 0,
    accuracy: { off: within(2, 1), seconds: within(3, windowOf(length)) },
    usual: within(4, MOST_TASKS),
    needs: [Math.round(kept[1] ?? 0), ...rest],
    soFar: {
      seconds: within(5, widthOf(length)),
      mean: within(6, MOST_TASKS),
      deviation: within(7, MOST_TASKS),
      onset: Math.round(within(8, 10)),
    },
    season: seasonFromKept(kept.slice(LENGTH, LENGTH + SEASON_NUMBERS)),
  };
};
