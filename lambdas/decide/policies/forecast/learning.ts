/** What the seasonal forecast learns from tick to tick, and remembers in 180 to 240 characters of JSON. */

import { highestOf } from '../../window.ts';
import type { Kept } from '../policy.ts';
import { type Accuracy, compared, notCompared } from './accuracy.ts';
import { bounded, digits, GAP_SECONDS, MOST_TASKS } from './method.ts';
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
  /** For how many seconds it has looked without a gap, the lag at most. */
  readonly sight: number;
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

const MOST_LAG = 900;

/**
 * What is needed only counts where it lasts so long. When a load jumps, the others ask for many times what it takes until the
 * backlog of the start-up is worked off, which is two to three start-ups later; learned, that would be asked for again every
 * season. Without the lag 0.20 % are late in place of 0.12 %, for 3 % more task-seconds, and at 120 s twice as many for 5 % more.
 */
const lagOf = (length: number, horizon: number): number =>
  Math.round(Math.min(3 * horizon, length / 10, MOST_LAG));
/** How many of the lowest needs are kept apart. */
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
const afterGap = ({ season, soFar }: Course, since: number, resumed: number, width: number): Course => {
  const nth = Math.floor(since / width);
  if (resumed >= since && Math.floor(resumed / width) === nth) return { season, soFar };
  const isOver = resumed > since && isHalfSeen(soFar, width);
  const parts = isOver ? withPart(season, nth, partFrom(soFar, partOf(season, nth))) : season;
  return { season: parts, soFar: nothingSoFar };
};

export const learned = (before: Learned | undefined, { length, at, horizon, ...seen }: Seen): Learned => {
  const need = Math.min(seen.need, MOST_TASKS);
  const lag = lagOf(length, horizon);
  const { highest, kept: needs } = highestOf({
    ...{ kept: before?.needs, at, seconds: lag, value: 0 - need, unknown: 0 - need, most: MOST_NEEDS },
  });
  const first = { length, last: at, tick: 0, sight: 0, needs, usual: need };
  if (before === undefined) return { ...first, accuracy: notCompared, soFar: nothingSoFar, season: unseen };
  const width = widthOf(length);
  const passed = at - before.last;
  const accuracy = passed >= 0 && passed <= freshFor(length) ? before.accuracy : notCompared;
  const span = { need: 0 - highest, since: before.last - Math.min(lag, before.sight), until: at - lag };
  if (passed < 0 || passed > GAP_SECONDS)
    return { ...first, accuracy, ...afterGap(before, span.since, at, width) };
  const forecast = span.until < span.since ? undefined : neededAt(before.season, width, span.until);
  const comparison = { need: span.need, lasted: passed, window: windowOf(length) };
  const weight = 1 - Math.exp(-passed / Math.min(horizon, USUAL_SECONDS));
  return {
    ...first,
    tick: passed,
    sight: Math.min(lag, before.sight + passed),
    usual: before.usual + weight * (need - before.usual),
    accuracy: forecast === undefined ? accuracy : compared(accuracy, { forecast, ...comparison }),
    ...afterSpan(before, span, width),
  };
};

/** How many numbers there are before the season's, and after it at most. */
const LENGTH = 11;
const REST = 2 * MOST_NEEDS - 1;

export const toKept = ({ length, last, sight, accuracy, usual, needs, soFar, season }: Learned): Kept => [
  length,
  last,
  sight,
  digits(accuracy.off, 5),
  Math.round(accuracy.seconds),
  digits(usual, 4),
  digits(soFar.seconds, 5),
  digits(soFar.mean, 6),
  digits(soFar.deviation, 6),
  soFar.highest,
  soFar.onset,
  ...seasonToKept(season),
  // The time of the newest is that of the tick.
  ...needs.slice(1).map((each) => digits(Math.abs(each), 4)),
];

/** @returns undefined: there is none, it is not ours, or it is that of another season */
export const fromKept = (kept: Kept | undefined, length: number): Learned | undefined => {
  const rest = kept?.slice(LENGTH + SEASON_NUMBERS) ?? [];
  if (kept?.[0] !== length || rest.length === 0 || rest.length > REST) return undefined;
  const within = (nth: number, most: number): number => bounded(kept[nth] ?? 0, most);
  const last = Math.round(kept[1] ?? 0);
  return {
    length,
    last,
    tick: 0,
    sight: within(2, MOST_LAG),
    accuracy: { off: within(3, 1), seconds: within(4, windowOf(length)) },
    usual: within(5, MOST_TASKS),
    needs: [
      last,
      ...rest.map((each, nth) => (nth % 2 === 0 ? 0 - bounded(each, MOST_TASKS) : bounded(each, MOST_LAG))),
    ],
    soFar: {
      seconds: within(6, widthOf(length)),
      mean: within(7, MOST_TASKS),
      deviation: within(8, MOST_TASKS),
      highest: within(9, MOST_TASKS),
      onset: Math.round(within(10, 10)),
    },
    season: seasonFromKept(kept.slice(LENGTH, LENGTH + SEASON_NUMBERS)),
  };
};
