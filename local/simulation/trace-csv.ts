/**
 * A load of one's own, from a CSV file with a header:
 *
 *     t,count                          arrival,seconds
 *     2026-11-22T12:00:00Z,40          0.25,1.9
 *     2026-11-22T12:01:00Z,55          0.31,12
 *
 * On the left messages per bin, as CloudWatch exports them: bins are as wide as the first two rows are apart, and one that is left
 * out has none. When in its bin a message came is chance, and how long it takes, so that is told besides. On the right each message with
 * the seconds of work it took, in any order. Times are seconds, or ISO timestamps (UTC unless they say otherwise); the earliest is 0.
 */
import { basename } from 'node:path';
import { spread } from './bins.ts';
import { type CsvFile, openCsv, type Row, wrong } from './csv-rows.ts';
import { lognormal, randomOf, sigmaOf } from './random.ts';
import type { Trace } from './trace.ts';

export interface TraceOptions {
  readonly seed: number;
  /** Mean seconds of work, where the file has counts. */
  readonly meanWork?: number;
  /** Of the work, its standard deviation ÷ its mean; lognormal. Default 0.5; 0: all alike. */
  readonly variation?: number;
}

/** 58 a second for a whole day. */
const MOST_MESSAGES = 5_000_000;
const MOST_DAYS = 31;
const DAY = 86_400;

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const TIMESTAMP = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/i;
const ZONE = /(Z|[+-]\d\d:?\d\d)$/i;

/** Seconds; without a zone UTC, not where the machine happens to stand. */
const timeOf = (text: string): number => {
  if (NUMBER.test(text)) return Number(text);
  if (!TIMESTAMP.test(text)) return Number.NaN;
  const [date = '', time] = text.split(/[T ]/i);
  if (time === undefined) return Date.parse(date) / 1000;
  return Date.parse(`${date}T${time}${ZONE.test(time) ? '' : 'Z'}`) / 1000;
};

const SECONDS = 'seconds (12.5)';
const TIMESTAMPS = 'a timestamp (2026-11-22T12:00:00Z)';

/** Times of a file are either all seconds or all timestamps: what the first one is. */
const clockOf = (path: string): ((row: Row) => number) => {
  let expected: string | undefined;
  return ({ line, first }) => {
    const time = timeOf(first);
    const found = NUMBER.test(first) ? SECONDS : TIMESTAMPS;
    if (Number.isNaN(time)) throw wrong(path, line, first, expected ?? `${SECONDS} or ${TIMESTAMPS}`);
    expected ??= found;
    if (found !== expected) throw wrong(path, line, first, `${expected}, as above`);
    return time;
  };
};

const checkLength = (path: string, line: number, seconds: number): void => {
  if (seconds > MOST_DAYS * DAY) {
    const days = `${(seconds / DAY).toFixed(1)} days from the beginning`;
    throw wrong(path, line, days, `at most ${MOST_DAYS} days; times without a date are seconds`);
  }
};

const LATER = 'a later time than in the row above';

const widthOf = (path: string, { line, first }: Row, width: number): number => {
  if (width <= 0) throw wrong(path, line, first, LATER);
  if (width < 1)
    throw wrong(path, line, first, 'a bin of at least 1 s, or "arrival,seconds" for each message');
  return width;
};

const tooMany = (path: string): Error =>
  new Error(`${path}: more than ${MOST_MESSAGES} messages; cut out a part, or divide all counts`);

const fromCounts = ({ path, rows }: CsvFile, { seed, meanWork, variation = 0.5 }: TraceOptions): Trace => {
  if (meanWork === undefined || !(meanWork > 0))
    throw new Error(
      `${path}: counts do not tell how long a message takes, so its mean seconds must be given`,
    );
  const timeAt = clockOf(path);
  const counts: number[] = [];
  let beginning = Number.NaN;
  let width = Number.NaN;
  let total = 0;
  for (const row of rows()) {
    const time = timeAt(row);
    if (counts.length === 0) beginning = time;
    if (counts.length === 1) width = widthOf(path, row, time - beginning);
    checkLength(path, row.line, time - beginning);
    const bin = counts.length === 0 ? 0 : (time - beginning) / width;
    const nth = Math.round(bin);
    if (nth < counts.length) throw wrong(path, row.line, row.first, LATER);
    // Decimal fractions of a second are not exact: a thousandth of a bin is let pass.
    if (Math.abs(bin - nth) > 0.001)
      throw wrong(
        path,
        row.line,
        row.first,
        `a multiple of ${width} s after the first, as the second row is`,
      );
    const count = NUMBER.test(row.second) ? Number(row.second) : Number.NaN;
    if (!(Number.isSafeInteger(count) && count >= 0))
      throw wrong(path, row.line, row.second, 'a whole number of messages, 0 or more');
    total += count;
    if (total > MOST_MESSAGES) throw tooMany(path);
    while (counts.length < nth) counts.push(0);
    counts.push(count);
  }
  if (counts.length < 2)
    throw new Error(`${path}: a bin is as wide as two rows are apart, so it needs two rows`);
  const arrivals = spread(counts, width, randomOf('arrivals', seed));
  const [random, sigma] = [randomOf('work', seed), sigmaOf(variation)];
  const work = arrivals.map(() => lognormal(random, meanWork, sigma));
  return { name: basename(path), arrivals, work, seconds: Math.ceil(counts.length * width) };
};

const fromMessages = ({ path, rows }: CsvFile): Trace => {
  const timeAt = clockOf(path);
  const messages: (readonly [arrival: number, seconds: number, line: number])[] = [];
  for (const row of rows()) {
    const seconds = NUMBER.test(row.second) ? Number(row.second) : Number.NaN;
    if (!(seconds > 0)) throw wrong(path, row.line, row.second, 'seconds of work, above 0');
    messages.push([timeAt(row), seconds, row.line]);
    if (messages.length > MOST_MESSAGES) throw tooMany(path);
  }
  if (messages.length === 0) throw new Error(`${path}: there is no message below the header`);
  messages.sort(([one], [other]) => one - other);
  const beginning = messages[0]?.[0] ?? 0;
  const [last, , line] = messages.at(-1) ?? [0, 0, 0];
  checkLength(path, line, last - beginning);
  return {
    name: basename(path),
    arrivals: Float64Array.from(messages, ([arrival]) => arrival - beginning),
    work: Float64Array.from(messages, ([, seconds]) => seconds),
    seconds: Math.floor(last - beginning) + 1,
  };
};

/** Errors name the file, the line, what is there and what is expected. */
export const readTrace = (path: string, options: TraceOptions): Trace => {
  const file = openCsv(path);
  if (file.header === 't,count') return fromCounts(file, options);
  if (file.header === 'arrival,seconds') return fromMessages(file);
  throw wrong(path, 1, file.header, 'the header "t,count" (per bin) or "arrival,seconds" (per message)');
};
