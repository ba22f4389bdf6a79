import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { meanWork } from '../../../local/simulation/trace.ts';
import { readTrace } from '../../../local/simulation/trace-csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'pulsescale-trace-'));
const path = join(folder, 'load.csv');
afterAll(() => rmSync(folder, { recursive: true }));

const read = (text: string, options: { readonly meanWork?: number; readonly variation?: number } = {}) => {
  writeFileSync(path, text);
  return readTrace(path, { seed: 1, ...options });
};

const perBin = (arrivals: Float64Array, width: number): readonly (readonly number[])[] =>
  [...Map.groupBy(arrivals, (at) => Math.floor(at / width))].map(([bin, found]) => [bin, found.length]);

describe('counts', () => {
  test('come in their bins, as wide as the first two rows are apart; bins left out are empty', () => {
    const trace = read('t,count\n300,2\n360,0\n420,3\n540,1\n', { meanWork: 2, variation: 0 });
    expect(trace.name).toBe('load.csv');
    expect(trace.seconds).toBe(300);
    expect(perBin(trace.arrivals, 60)).toEqual([
      [0, 2],
      [2, 3],
      [4, 1],
    ]);
    expect([...trace.work]).toEqual([2, 2, 2, 2, 2, 2]);
  });

  test('have work of the given mean, which varies by half unless told otherwise', () => {
    const { work } = read('t,count\n0,50000\n1,50000\n', { meanWork: 4 });
    const mean = work.reduce((sum, each) => sum + each, 0) / work.length;
    const variance = work.reduce((sum, each) => sum + (each - mean) ** 2, 0) / work.length;
    expect(mean).toBeCloseTo(4, 1);
    expect(Math.sqrt(variance) / mean).toBeCloseTo(0.5, 1);
  });

  test('are the same for the same seed, and others for another', () => {
    const text = 't,count\n0,20\n60,20\n';
    const one = read(text, { meanWork: 2 });
    expect(read(text, { meanWork: 2 })).toEqual(one);
    expect(readTrace(path, { seed: 2, meanWork: 2 })).not.toEqual(one);
  });

  test.each([
    ['with a zone', '2026-11-22T12:00:00Z,4\n2026-11-22T13:01:00+01:00,5'],
    ['without one, which is UTC', '2026-11-22T12:00,4\n2026-11-22 12:01:00.000,5'],
    [
      'quoted, after a byte order mark, with CRLF and an empty line',
      '"2026-11-22T12:00:00Z","4"\r\n\r\n2026-11-22T12:01Z, 5\r\n',
    ],
  ])('have timestamps %s', (_, rows) => {
    const mark = rows.startsWith('"') ? '\uFEFF' : '';
    const { arrivals, seconds } = read(`${mark}t,count\n${rows}`, { meanWork: 1 });
    expect(seconds).toBe(120);
    expect(perBin(arrivals, 60)).toEqual([
      [0, 4],
      [1, 5],
    ]);
  });
});

describe('messages', () => {
  test('come in any order, the earliest at 0, with the work of their own', () => {
    const trace = read('arrival,seconds\n100.5,3\n100.25,12\n102,0.5\n');
    expect([...trace.arrivals]).toEqual([0, 0.25, 1.75]);
    expect([...trace.work]).toEqual([12, 3, 0.5]);
    expect(trace.seconds).toBe(2);
    expect(meanWork(trace)).toBeCloseTo(15.5 / 3, 12);
  });

  test('have timestamps to the millisecond', () => {
    const trace = read('arrival,seconds\n2026-11-22T12:00:00.250Z,1\n2026-11-22T12:00:03.750Z,2\n');
    expect([...trace.arrivals]).toEqual([0, 3.5]);
    expect(trace.seconds).toBe(4);
  });
});

describe('what is wrong is told with its line', () => {
  const TIME = 'seconds (12.5) or a timestamp (2026-11-22T12:00:00Z)';
  const HEADER = 'the header "t,count" (per bin) or "arrival,seconds" (per message)';
  test.each([
    ['nothing', '', `, line 1: found nothing, expected ${HEADER}`],
    ['another header', 'time;requests\n1;2', `, line 1: found "time;requests", expected ${HEADER}`],
    ['no header', '0,5\n60,6', `, line 1: found "0,5", expected ${HEADER}`],
    ['one field', 't,count\n0,5\n60', ', line 3: found "60", expected two fields, t and count'],
    ['three fields', 't,count\n0,5,6', ', line 2: found "0,5,6", expected two fields, t and count'],
    ['no time', 't,count\nnoon,5', `, line 2: found "noon", expected ${TIME}`],
    ['an empty time', 't,count\n,5', `, line 2: found nothing, expected ${TIME}`],
    ['no such day', 't,count\n2026-13-01T00:00Z,5', `, line 2: found "2026-13-01T00:00Z", expected ${TIME}`],
    [
      'seconds among timestamps',
      't,count\n2026-11-22,5\n60,5',
      ', line 3: found "60", expected a timestamp (2026-11-22T12:00:00Z), as above',
    ],
    [
      'timestamps among seconds',
      'arrival,seconds\n0,5\n2026-11-22,5',
      ', line 3: found "2026-11-22", expected seconds (12.5), as above',
    ],
    [
      'time that stands',
      't,count\n0,5\n0,5',
      ', line 3: found "0", expected a later time than in the row above',
    ],
    [
      'time that goes back',
      't,count\n60,5\n0,5',
      ', line 3: found "0", expected a later time than in the row above',
    ],
    [
      'time that goes back later',
      't,count\n0,5\n60,5\n\n60,5',
      ', line 5: found "60", expected a later time than in the row above',
    ],
    [
      'bins of two widths',
      't,count\n0,5\n60,5\n90,5',
      ', line 4: found "90", expected a multiple of 60 s after the first, as the second row is',
    ],
    [
      'bins too narrow',
      't,count\n0,5\n0.1,5',
      ', line 3: found "0.1", expected a bin of at least 1 s, or "arrival,seconds" for each message',
    ],
    [
      'half a message',
      't,count\n0,5\n60,2.5',
      ', line 3: found "2.5", expected a whole number of messages, 0 or more',
    ],
    [
      'fewer than none',
      't,count\n0,-5',
      ', line 2: found "-5", expected a whole number of messages, 0 or more',
    ],
    ['no count', 't,count\n0,NA', ', line 2: found "NA", expected a whole number of messages, 0 or more'],
    ['one bin', 't,count\n0,5', ': a bin is as wide as two rows are apart, so it needs two rows'],
    ['no work', 'arrival,seconds\n0,0', ', line 2: found "0", expected seconds of work, above 0'],
    [
      'endless work',
      'arrival,seconds\n0,Infinity',
      ', line 2: found "Infinity", expected seconds of work, above 0',
    ],
    ['no message', 'arrival,seconds\n', ': there is no message below the header'],
    [
      'milliseconds',
      't,count\n1700000000000,5\n1700000060000,5\n1700003000000,5',
      ', line 4: found "34.7 days from the beginning", expected at most 31 days; times without a date are seconds',
    ],
    [
      'months',
      'arrival,seconds\n2026-01-01,5\n2026-03-01,5',
      ', line 3: found "59.0 days from the beginning", expected at most 31 days; times without a date are seconds',
    ],
    [
      'too many messages',
      't,count\n0,1\n60,5000000',
      ': more than 5000000 messages; cut out a part, or divide all counts',
    ],
  ])('%s', (_, text, said) => {
    expect(() => read(text, { meanWork: 1 })).toThrow(new Error(`${path}${said}`));
  });

  test('a long line is shortened', () => {
    expect(() => read('x'.repeat(1000))).toThrow(`found "${'x'.repeat(57)}...", expected`);
  });

  test.each([undefined, 0, Number.NaN])('counts with work of %d', (mean) => {
    const given = mean === undefined ? {} : { meanWork: mean };
    const said = 'counts do not tell how long a message takes, so its mean seconds must be given';
    expect(() => read('t,count\n0,5\n60,5', given)).toThrow(new Error(`${path}: ${said}`));
  });

  test('no file, a folder, and a huge one', () => {
    const readAt = (where: string) => () => readTrace(where, { seed: 1, meanWork: 1 });
    expect(readAt(`${path}.not`)).toThrow(new Error(`${path}.not: there is no such file`));
    expect(readAt(folder)).toThrow(new Error(`${folder}: this is not a file`));
    const huge = join(folder, 'huge.csv');
    writeFileSync(huge, '');
    truncateSync(huge, 200 * 1024 * 1024);
    const said = '200 MiB is too much, at most 64 MiB; cut out a part, or count per second';
    expect(readAt(huge)).toThrow(new Error(`${huge}: ${said}`));
  });
});
