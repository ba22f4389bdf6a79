/** Which cron lines and zones pass, and that croner, which has to read them at every tick, takes whatever passes. */
import { describe, expect, test } from '@jest/globals';
import { Cron } from 'croner';
import fc from 'fast-check';
import { cronProblem, isTimeZone } from '../../lambdas/contract/cron.ts';

describe('cron lines', () => {
  test.each([
    ...['* * * * *', '0 8 * * MON-FRI', '*/5 0-23/2 1,15 1-6,12 0', '59 23 31 12 7', '  0   8 * * sun  '],
    ...['0 0 29 2 *', '0 0 31 JAN-DEC/2 *', '00 08 * Feb,apr mon,WED,Sun', '0 0 * * FRI-SUN', '0 0 30 2 MON'],
  ])('"%s" passes', (line) => expect(cronProblem(line)).toBeUndefined());

  test.each(['', '* * * *', '* * * * * *', '@daily', '0 0 8 * * MON', 'now'])(
    '"%s" is not five fields',
    (line) => {
      expect(cronProblem(line)).toContain('five fields, minute hour day month weekday');
    },
  );

  test.each([
    ['60 * * * *', 'minute is * or of 0 to 59'],
    ['-1 * * * *', 'minute'],
    ['5/10 * * * *', 'minute'],
    ['*/0 * * * *', 'minute'],
    ['*/61 * * * *', 'minute'],
    ['1,,2 * * * *', 'minute'],
    ['1.5 * * * *', 'minute'],
    ['JAN * * * *', 'minute'],
    ['0 24 * * *', 'hour is * or of 0 to 23'],
    ['0 18-8 * * *', 'hour'],
    ['0 8am * * *', 'hour'],
    ['0 0 0 * *', 'day is * or of 1 to 31'],
    ['0 0 L * *', 'day'],
    ['0 0 ? * *', 'day'],
    ['0 0 15W * *', 'day'],
    ['0 0 * 13 *', 'month is * or of 1 to 12 or JAN to DEC'],
    ['0 0 * ANF *', 'month'],
    ['0 0 * JANUARY *', 'month'],
    ['0 0 * * 8', 'weekday is * or of 0 to 7 or SUN to SAT'],
    ['0 0 * * FRI-MON', 'weekday'],
    ['0 0 * * MON#2', 'weekday'],
    ['0 0 * * */8', 'weekday'],
    ['0 0 * * MO', 'weekday'],
    ['0 0 30 2 *', 'a day that one of its months has'],
    ['0 0 31 4,6,9,11 *', 'a day that one of its months has'],
    ['0 0 31 2-6/2 *', 'a day that one of its months has'],
  ])('"%s" is wrong in its %s', (line, problem) => expect(cronProblem(line)).toContain(problem));
});

test.each([
  [['UTC', 'Europe/Berlin', 'america/sao_paulo', 'Asia/Kathmandu'], true],
  [['', 'Berlin', 'Mars/Olympus', 'GMT+1', 'UTC '], false],
])('zones %j: %s', (zones, known) => {
  // A second time from what is remembered.
  for (const zone of [...zones, ...zones]) expect(isTimeZone(zone)).toBe(known);
});

const NAMES = ['X', 'X', 'X', 'JAN feb Mar DEC', 'SUN mon Fri SAT'].map((names) => names.split(' '));
const BOUNDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** One field: as cron has it, or anything that looks like it. */
const fieldOf = (nth: number, odd: boolean): fc.Arbitrary<string> => {
  const [least, most] = BOUNDS[nth] ?? [0, 0];
  const names = fc.constantFrom(...(NAMES[nth] ?? []));
  const number = odd ? fc.integer({ min: 0, max: most + 2 }) : fc.integer({ min: least, max: most });
  const oddities = fc.constantFrom('?', 'L', '', '007', '1W', '2#1', '-', 'x', 'MON', 'ANF', 'jan5');
  const value = fc.oneof(
    { weight: 5, arbitrary: number.map(String) },
    { weight: odd || nth > 2 ? 2 : 0, arbitrary: names },
    { weight: odd ? 1 : 0, arbitrary: oddities },
  );
  const ends = odd
    ? fc.tuple(value, value)
    : fc.tuple(number, number).map((both) => both.toSorted((a, b) => a - b));
  const range = ends.map((both) => both.join('-'));
  const step = fc.integer({ min: odd ? 0 : 1, max: odd ? 70 : Math.min(most, 7) });
  const stepped = fc.tuple(fc.oneof(fc.constant('*'), range), step).map((both) => both.join('/'));
  const part = fc.oneof(
    fc.constant('*'),
    value,
    value,
    range,
    stepped,
    odd ? value.map((one) => `${one}/2`) : range,
  );
  return fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(','));
};

/** A line in which the field `odd` is anything, and the others are as they should be; 5: none is odd. */
const lineOf = (odd: number): fc.Arbitrary<string> =>
  fc.tuple(...BOUNDS.map((_, nth) => fieldOf(nth, nth === odd))).map((fields) => fields.join(' '));

const NOON = new Date('2026-11-22T12:00:00Z');
const options = { paused: true, mode: '5-part', fixedTimeRule: 'no-wildcard' } as const;

test('whatever passes, croner takes, and its time comes', () => {
  let passed = 0;
  fc.assert(
    fc.property(fc.nat({ max: 5 }).chain(lineOf), fc.constantFrom('UTC', 'Asia/Tokyo'), (line, timezone) => {
      if (cronProblem(line) !== undefined) return;
      passed += 1;
      expect(new Cron(line, { timezone, ...options }).nextRun(NOON)).not.toBeNull();
    }),
    { numRuns: 5000 },
  );
  expect(passed).toBeGreaterThan(1000);
});

test('plain cron passes, but for days that never come', () => {
  fc.assert(
    fc.property(lineOf(5), (line) => {
      const comes = new Cron(line, { timezone: 'UTC', ...options }).nextRun(NOON) !== null;
      expect(cronProblem(line) === undefined).toBe(comes);
    }),
    { numRuns: 3000 },
  );
});
