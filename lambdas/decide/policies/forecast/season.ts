/**
 * What was needed in the course of a season, in 40 parts: 36 minutes of a day, 4.2 hours of a week, 15 seconds of ten minutes.
 *
 * A part holds two small numbers: how many tasks were needed, and in which tenth of it that began where it is more than in
 * the part before. A rise is so known to 4 minutes of a day and to 25 of a week, in three digits a part. Without the tenths it
 * would be expected up to a whole part too early, which is an error like any other, so that the forecast is often switched off
 * before the load comes: four times as many late messages (`bench/forecast.ts`: 0.50 % in place of 0.12 %).
 */
import { bounded, MOST_TASKS } from './method.ts';

export const PARTS = 40;
const TENTHS = 10;

export interface Part {
  /** Tasks. */
  readonly need: number;
  /** The tenth of the part, from 0 on, in which a rise begins. */
  readonly onset: number;
}

/** undefined: not seen yet, which is never 0. */
export type Season = readonly (Part | undefined)[];

/** The seconds of a part. */
export const widthOf = (length: number): number => length / PARTS;

export const unseen: Season = Array.from({ length: PARTS }, () => undefined);

/** The part that the nth since the epoch falls on. */
export const partOf = (season: Season, nth: number): Part | undefined =>
  season[((nth % PARTS) + PARTS) % PARTS];

export const withPart = (season: Season, nth: number, part: Part): Season =>
  season.with(((nth % PARTS) + PARTS) % PARTS, part);

/** What a season says of a moment; `width`: the seconds of a part. */
export const neededAt = (season: Season, width: number, at: number): number | undefined => {
  const nth = Math.floor(at / width);
  const here = partOf(season, nth);
  const before = partOf(season, nth - 1);
  if (here === undefined) return undefined;
  const rises = before !== undefined && before.need < here.need;
  return rises && at - nth * width < (here.onset / TENTHS) * width ? before.need : here.need;
};

interface Range {
  readonly lowest: number;
  readonly highest: number;
}

/** The lowest and highest between two moments, both included. undefined: nothing of it was seen. */
export const rangeOf = (season: Season, width: number, from: number, until: number): Range | undefined => {
  const end = Math.min(until, from + width * PARTS);
  const step = width / TENTHS;
  const needs: number[] = [];
  for (let at = from; at < end; at += step) needs.push(neededAt(season, width, at) ?? Number.NaN);
  needs.push(neededAt(season, width, end) ?? Number.NaN);
  const seen = needs.filter((need) => !Number.isNaN(need));
  return seen.length === 0 ? undefined : { lowest: Math.min(...seen), highest: Math.max(...seen) };
};

/** The two digits of a need go from 1, which is none, to 99; 00 is a part that was not seen. */
const MOST_UNITS = 98;
const PARTS_PER_NUMBER = 5;
const SHIFT = 1000;

/** Up to 98 tasks exactly; above, in steps of 2, 4, 8, … tasks, which is within 1 % of the highest need. */
const unitFor = (season: Season): number => {
  const most = Math.max(0, ...season.map((part) => part?.need ?? 0));
  let unit = 1;
  while (most > MOST_UNITS * unit) unit *= 2;
  return unit;
};

const chunks = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / PARTS_PER_NUMBER) }, (_, nth) =>
    list.slice(nth * PARTS_PER_NUMBER, (nth + 1) * PARTS_PER_NUMBER),
  );

/** How many numbers a season is kept in: the unit, then five parts a number, three digits each. */
export const SEASON_NUMBERS = 1 + Math.ceil(PARTS / PARTS_PER_NUMBER);

export const seasonToKept = (season: Season): readonly number[] => {
  const unit = unitFor(season);
  const digits = season.map((part) =>
    part === undefined ? 0 : (1 + Math.round(part.need / unit)) * TENTHS + part.onset,
  );
  return [unit, ...chunks(digits).map((chunk) => chunk.reduce((packed, each) => packed * SHIFT + each, 0))];
};

/** Whatever the numbers are, a season comes of them. */
export const seasonFromKept = ([unit = 1, ...packed]: readonly number[]): Season =>
  chunks(unseen).flatMap((chunk, nth) =>
    chunk.map((_, place) => {
      const digits = Math.floor(Math.abs(packed[nth] ?? 0) / SHIFT ** (chunk.length - 1 - place)) % SHIFT;
      const units = Math.floor(digits / TENTHS);
      return units === 0
        ? undefined
        : { need: bounded((units - 1) * unit, MOST_TASKS), onset: digits % TENTHS };
    }),
  );
