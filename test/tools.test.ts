/**
 * When windows of time are open. Every instant was worked out by hand from the rules of the zone: Berlin is UTC+1, and UTC+2
 * from 29 March 2026, 02:00, to 25 October 2026, 03:00; the others say theirs.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Tools } from '../lambdas/contract/tools.ts';
import { toolsFor } from '../lambdas/tools.ts';

let isOpen: Tools['isOpen'];

beforeAll(async () => {
  ({ isOpen } = await toolsFor([{ schedule: [] }]));
});

const openAt = (start: string, end: string, timezone: string, at: string): boolean =>
  isOpen({ start, end, timezone, min: 1 }, Date.parse(at) / 1000);

const justBefore = (instant: string): string => new Date(Date.parse(instant) - 1).toISOString();

/** What it is, its start, end and zone; from when to when it is open. */
const rows = `
a day | 0 8 * * * | 0 18 * * * | UTC | 2026-11-22T08:00:00Z | 2026-11-22T18:00:00Z
a day in winter | 0 8 * * * | 0 18 * * * | Europe/Berlin | 2026-11-22T07:00:00Z | 2026-11-22T17:00:00Z
a day in summer | 0 8 * * * | 0 18 * * * | Europe/Berlin | 2026-07-01T06:00:00Z | 2026-07-01T16:00:00Z
over midnight | 0 22 * * * | 0 6 * * * | UTC | 2026-12-31T22:00:00Z | 2027-01-01T06:00:00Z
Friday night | 0 22 * * FRI | 0 6 * * SAT | UTC | 2026-11-27T22:00:00Z | 2026-11-28T06:00:00Z
the last working day | 0 8 * * MON-FRI | 0 18 * * MON-FRI | UTC | 2026-11-27T08:00:00Z | 2026-11-27T18:00:00Z
the first working day | 0 8 * * mon-fri | 0 18 * * 1-5 | UTC | 2026-11-30T08:00:00Z | 2026-11-30T18:00:00Z
a weekend | 0 20 * * FRI | 0 6 * * MON | UTC | 2026-11-20T20:00:00Z | 2026-11-23T06:00:00Z
Sunday as 7, Monday after 0 | 0 0 * * 7 | 0 0 * * MON | UTC | 2026-11-22T00:00:00Z | 2026-11-23T00:00:00Z
a range up to Sunday | 0 0 * * FRI-SUN | 0 12 * * FRI-SUN | UTC | 2026-11-22T00:00:00Z | 2026-11-22T12:00:00Z
the end of a year | 0 0 24 DEC * | 0 0 2 JAN * | UTC | 2026-12-24T00:00:00Z | 2027-01-02T00:00:00Z
a leap day | 0 0 29 2 * | 0 0 1 3 * | UTC | 2028-02-29T00:00:00Z | 2028-03-01T00:00:00Z
the 13th or a Friday | 0 8 13 * FRI | 0 9 * * * | UTC | 2026-10-13T08:00:00Z | 2026-10-13T09:00:00Z
# UTC+5:45 all the year; UTC+10:30 and UTC+13:45 in their summer.
45 minutes aside | 0 9 * * * | 0 17 * * * | Asia/Kathmandu | 2026-11-22T03:15:00Z | 2026-11-22T11:15:00Z
half an hour aside | 0 9 * * * | 0 17 * * * | Australia/Adelaide | 2026-11-21T22:30:00Z | 2026-11-22T06:30:00Z
farthest east | 0 9 * * * | 0 17 * * * | Pacific/Chatham | 2026-11-21T19:15:00Z | 2026-11-22T03:15:00Z
# 29 March, Berlin: the clock goes from 02:00 to 03:00 at 01:00Z.
the day before the gap | 30 2 * * * | 0 6 * * * | Europe/Berlin | 2026-03-28T01:30:00Z | 2026-03-28T05:00:00Z
a start in the gap: at its end | 30 2 * * * | 0 6 * * * | Europe/Berlin | 2026-03-29T01:00:00Z | 2026-03-29T04:00:00Z
an end in the gap: at its end | 0 1 * * * | 30 2 * * * | Europe/Berlin | 2026-03-29T00:00:00Z | 2026-03-29T01:00:00Z
a list with one time in the gap | 30 2,14 * * * | 0 5,15 * * * | Europe/Berlin | 2026-03-29T01:00:00Z | 2026-03-29T03:00:00Z
every hour, before the gap | 15 * * * * | 45 * * * * | Europe/Berlin | 2026-03-29T00:15:00Z | 2026-03-29T00:45:00Z
every hour, after the gap | 15 * * * * | 45 * * * * | Europe/Berlin | 2026-03-29T01:15:00Z | 2026-03-29T01:45:00Z
around the gap | 0 0 * * * | 0 6 * * * | Europe/Berlin | 2026-03-28T23:00:00Z | 2026-03-29T04:00:00Z
open but for the gap | 50 2 * * * | 10 2 * * * | Europe/Berlin | 2026-03-28T01:50:00Z | 2026-03-30T00:10:00Z
# 24 April, Cairo: from 00:00, UTC+2, to 01:00, UTC+3. A gap at midnight stays in its day.
a start in a gap at midnight | 0 0 * * * | 0 6 * * * | Africa/Cairo | 2026-04-23T22:00:00Z | 2026-04-24T03:00:00Z
on one weekday | 30 0 * * FRI | 0 6 * * FRI | Africa/Cairo | 2026-04-23T22:00:00Z | 2026-04-24T03:00:00Z
# 25 October, Berlin: the clock goes from 03:00 back to 02:00 at 01:00Z, so 02:30 is at 00:30Z and at 01:30Z.
a start that comes twice: the first | 30 2 * * * | 0 6 * * * | Europe/Berlin | 2026-10-25T00:30:00Z | 2026-10-25T05:00:00Z
an end that comes twice: the first | 0 1 * * * | 30 2 * * * | Europe/Berlin | 2026-10-24T23:00:00Z | 2026-10-25T00:30:00Z
both come twice | 15 2 * * * | 45 2 * * * | Europe/Berlin | 2026-10-25T00:15:00Z | 2026-10-25T00:45:00Z
every hour, the first 2 | 15 * * * * | 45 * * * * | Europe/Berlin | 2026-10-25T00:15:00Z | 2026-10-25T00:45:00Z
every hour, the second 2 | 15 * * * * | 45 * * * * | Europe/Berlin | 2026-10-25T01:15:00Z | 2026-10-25T01:45:00Z
# Sydney: from 02:00, UTC+10, to 03:00, UTC+11, on 4 October; back from 03:00 to 02:00 on 5 April.
the gap of the south | 30 2 * * * | 0 6 * * * | Australia/Sydney | 2026-10-03T16:00:00Z | 2026-10-03T19:00:00Z
the second hour of the south | 30 2 * * * | 0 6 * * * | Australia/Sydney | 2026-04-04T15:30:00Z | 2026-04-04T20:00:00Z
# Lord Howe: half an hour only, from 02:00, UTC+10:30, to 02:30, UTC+11; back on 5 April from 02:00 to 01:30.
a gap of half an hour | 15 2 * * * | 0 4 * * * | Australia/Lord_Howe | 2026-10-03T15:30:00Z | 2026-10-03T17:00:00Z
half an hour twice | 45 1 * * * | 0 4 * * * | Australia/Lord_Howe | 2026-04-04T14:45:00Z | 2026-04-04T17:30:00Z
`;

describe('a window is open from the second of its start to the second of its end', () => {
  const told = rows.split('\n').filter((row) => /^[^#]/.test(row));
  test.each(told.map((row) => row.split(' | ')))('%s: %s to %s %s', (...row) => {
    const [, start = '', end = '', zone = '', opens = '', closes = ''] = row;
    expect(openAt(start, end, zone, justBefore(opens))).toBe(false);
    expect(openAt(start, end, zone, opens)).toBe(true);
    expect(openAt(start, end, zone, justBefore(closes))).toBe(true);
    expect(openAt(start, end, zone, closes)).toBe(false);
    // What is remembered of it must not depend on the order of the questions.
    expect(openAt(start, end, zone, opens)).toBe(true);
  });
});

describe('lines that interleave oddly: the last of the openings and closings decides', () => {
  test.each<readonly [string, string, string, string, boolean]>([
    ['between two openings', '0 8,10 * * *', '0 18 * * *', '2026-11-22T09:00:00Z', true],
    ['after the last of them', '0 8,10 * * *', '0 18 * * *', '2026-11-22T12:00:00Z', true],
    ['after the closing', '0 8,10 * * *', '0 18 * * *', '2026-11-22T18:00:00Z', false],
    ['opened every day, closed on one', '0 0 * * MON-FRI', '0 0 * * SAT', '2026-11-24T12:00:00Z', true],
    ['once that one has come', '0 0 * * MON-FRI', '0 0 * * SAT', '2026-11-28T00:00:00Z', false],
    ['closed twice', '0 8 * * *', '0 12,18 * * *', '2026-11-22T15:00:00Z', false],
    [
      'opened and closed in one instant, back to back',
      '0 0 * * MON',
      '0 0 * * *',
      '2026-11-23T00:00:00Z',
      true,
    ],
    ['all of that day', '0 0 * * MON', '0 0 * * *', '2026-11-23T23:59:59Z', true],
    ['and no longer', '0 0 * * MON', '0 0 * * *', '2026-11-24T00:00:00Z', false],
    ['start = end in other words: never closed', '0 8 * * *', '00 08 * * *', '2026-11-22T03:00:00Z', true],
    ['every minute and every hour', '* * * * *', '0 * * * *', '2026-11-22T03:00:30Z', true],
    [
      'a day that has yet to come for the first time in a while',
      '0 0 29 2 *',
      '0 0 1 3 *',
      '2027-06-01T00:00:00Z',
      false,
    ],
  ])('%s: %s to %s', (_, start, end, at, open) => {
    expect(openAt(start, end, 'UTC', at)).toBe(open);
  });

  test.each<readonly [string, string, string, string, boolean]>([
    ['lies in the gap altogether', '10 2 * * *', '50 2 * * *', '2026-03-29T01:00:00Z', false],
    ['and stays closed', '10 2 * * *', '50 2 * * *', '2026-03-29T12:00:00Z', false],
    ['until the next day', '10 2 * * *', '50 2 * * *', '2026-03-30T00:10:00Z', true],
    ['starts in it and ends with it', '30 2 * * *', '0 3 * * *', '2026-03-29T01:00:00Z', false],
    ['ends in it and starts with it', '0 3 * * *', '30 2 * * *', '2026-03-29T01:00:00Z', true],
    [
      'is closed by the minute, which the gap has none of',
      '10 2 * * *',
      '*/50 2 * * *',
      '2026-03-29T01:00:00Z',
      true,
    ],
  ])('one that %s: %s to %s', (_, start, end, at, open) => {
    expect(openAt(start, end, 'Europe/Berlin', at)).toBe(open);
  });
});

const RUNS = { numRuns: 2000 };
const minuteOfDay = fc.nat({ max: 1439 });
const daily = (minute: number, day = '*'): string => `${minute % 60} ${Math.floor(minute / 60)} * * ${day}`;
/** Within the minutes from `start` to `end`, over midnight where `end` is smaller. */
const within = (now: number, start: number, end: number): boolean =>
  (now - start + 1440) % 1440 < (end - start + 1440) % 1440;

test('daily windows are open in their minutes of the day, whatever was asked before', () => {
  // Few windows and many instants in any order: most answers are remembered ones.
  const windows = fc.sample(fc.tuple(minuteOfDay, minuteOfDay), { numRuns: 20, seed: 8 });
  const second = fc.integer({ min: 1_790_000_000, max: 1_790_000_000 + 3 * 86_400 });
  fc.assert(
    fc.property(fc.nat({ max: 19 }), second, (nth, at) => {
      const [start, end] = windows[nth] ?? [0, 1];
      fc.pre(start !== end);
      const window = { start: daily(start), end: daily(end), timezone: 'UTC', max: 1 };
      expect(isOpen(window, at)).toBe(within(Math.floor((at % 86_400) / 60), start, end));
    }),
    RUNS,
  );
});

test('in any zone they are open in their minutes of the clock on the wall, but for days on which it is changed', () => {
  const zones = [
    'America/New_York',
    'America/St_Johns',
    'Asia/Tehran',
    'Pacific/Apia',
    'Africa/Casablanca',
  ] as const;
  const clocks = new Map(
    zones.map((timeZone) => {
      const options = { timeZone, hourCycle: 'h23', hour: 'numeric', minute: 'numeric' } as const;
      return [timeZone, new Intl.DateTimeFormat('en', options)];
    }),
  );
  const onTheWall = (zone: (typeof zones)[number], at: number): number => {
    const [hour, minute] = (clocks.get(zone)?.format(at * 1000) ?? '').split(':').map(Number);
    return (hour ?? 0) * 60 + (minute ?? 0);
  };
  const instant = fc.integer({ min: 1_700_000_000, max: 1_900_000_000 });
  fc.assert(
    fc.property(fc.constantFrom(...zones), minuteOfDay, minuteOfDay, instant, (zone, start, end, at) => {
      const now = onTheWall(zone, at);
      fc.pre(start !== end && [-2, -1, 1, 2].every((days) => onTheWall(zone, at + days * 86_400) === now));
      const window = { start: daily(start), end: daily(end), timezone: zone, min: 1 };
      expect(isOpen(window, at)).toBe(within(now, start, end));
    }),
    RUNS,
  );
});

test('what is remembered around a change of clocks is what would be worked out anew', () => {
  const changes = [
    ['Europe/Berlin', '2026-03-29T01:00:00Z'],
    ['Europe/Berlin', '2026-10-25T01:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
    ['Africa/Cairo', '2026-04-23T22:00:00Z'],
  ] as const;
  const minute = fc.constantFrom('0', '15', '30', '*', '*/20', '10,50', '5-25');
  const hour = fc.constantFrom('0', '1', '2', '3', '1,2', '0-3', '*', '*/2');
  const line = fc.tuple(minute, hour).map((fields) => `${fields.join(' ')} * * *`);
  const hours = fc.double({ min: -5, max: 5, noNaN: true });
  let asked = 0;
  fc.assert(
    fc.property(fc.constantFrom(...changes), line, line, hours, ([timezone, change], start, end, aside) => {
      const at = Math.round(Date.parse(change) / 1000 + aside * 3600);
      // Spaces mean nothing to cron; here they make a window of which nothing is remembered yet.
      asked += 1;
      const anew = { start: start + ' '.repeat(asked), end, timezone, min: 1 };
      expect(isOpen({ start, end, timezone, min: 1 }, at)).toBe(isOpen(anew, at));
    }),
    RUNS,
  );
});

test.each([
  ['no cron line', 'now and then', 'UTC'],
  ['six fields', '0 0 8 * * *', 'UTC'],
  ['no time zone', '0 8 * * *', 'Atlantis/Poseidonis'],
])('%s is an error', (_, start, timezone) => {
  expect(() => openAt(start, '0 18 * * *', timezone, '2026-11-22T12:00:00Z')).toThrow();
});
