/**
 * Requests to Wikipedia, per hour for years: the daily and weekly wave of the series that autoscaling papers use. An hour is too coarse for
 * a scaler that looks every few seconds, so it becomes a minute: a day of 24 minutes, four weeks in 11.2 hours. The wave is
 * real, its steepness is 60 times what it was, and what is faster than an (original) hour is chance. For whoever knows seasons.
 */
import { rowsOf } from './file.ts';
import { BUSY, type Part, type TraceKind } from './kind.ts';
import { fromBins } from './load-rule.ts';

const FILE = 'wikipedia_hourly_2008_2013.csv';
const HOURS = 4 * 7 * 24;
const MINUTE = 60;

/** Four weeks from a Monday, in which no hour is missing. */
const FROM: Readonly<Record<Part, string>> = { training: '2012-05-07T00:00', test: '2012-06-04T00:00' };

export const wikipedia: TraceKind = {
  name: 'wikipedia',
  about:
    'Wikipedia in 2012, a day in 24 minutes; counts per (original) hour real, all faster by chance, thinned to 10/s',
  file: FILE,
  split: 'training four weeks from 2012-05-07, test four weeks from 2012-06-04',
  load: (part, seed, busy = BUSY) => {
    const rows = rowsOf(FILE);
    if (rows === undefined) return undefined;
    const first = rows.findIndex(([hour]) => hour === FROM[part]);
    const counts = rows.slice(first, first + HOURS).map(([, count]) => Number(count));
    return fromBins({ name: 'wikipedia', part, seed, counts, width: MINUTE }, busy);
  },
};
