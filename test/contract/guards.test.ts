/** What is refused of the guards' options when a configuration is loaded: the key, the place and what to do. */
import { expect, test } from '@jest/globals';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { problemsOf } from './problems-of.ts';
import { service, source } from './sources.ts';

const problemsWith = (options: Readonly<Record<string, unknown>>) =>
  problemsOf(() => parseConfig({ services: [{ ...service, ...options }] }, source)).map((problem) =>
    problem.replace('services[0].', ''),
  );

const day = { start: '0 8 * * *', end: '0 18 * * *', min: 10 };

test.each<readonly [what: string, window: unknown, problem: string]>([
  ['no window', 'MON-FRI', 'schedule[0]: expected an object, got "MON-FRI"'],
  [
    'an hour that no day has',
    { ...day, start: '0 24 * * *' },
    'schedule[0].start: expected cron whose hour is * or of 0 to 23, in lists (1,3), ranges (1-5) and steps (*/2 or 1-5/2), got "0 24 * * *"',
  ],
  [
    'seconds',
    { ...day, end: '0 0 18 * * *' },
    'schedule[0].end: expected cron with five fields, minute hour day month weekday, like "0 8 * * MON-FRI", got "0 0 18 * * *"',
  ],
  [
    'a day that never comes',
    { ...day, end: '0 0 31 6 *' },
    'schedule[0].end: expected cron with a day that one of its months has, got "0 0 31 6 *"',
  ],
  [
    'a city for a zone',
    { ...day, timezone: 'Berlin' },
    'schedule[0].timezone: expected an IANA time zone like "Europe/Berlin" or "UTC", got "Berlin"',
  ],
  ['neither min nor max', { ...day, min: undefined }, 'schedule[0]: give a window min, max or both'],
  ['a min above its max', { ...day, max: 9 }, 'schedule[0].min: min 10 must not be above max 9'],
  [
    'an end that is its start',
    { ...day, end: ' 0 8 * *  *' },
    'schedule[0].end: the window would close when it opens; write another time, or use tasks for what always holds, got " 0 8 * *  *"',
  ],
  ['a count below 0', { ...day, min: -1 }, 'schedule[0].min: expected a number of at least 0, got -1'],
  [
    'a misspelt key',
    { ...day, timeZone: 'UTC' },
    'schedule[0].timeZone: unknown key "timeZone", the nearest known one is "timezone"; allowed here: start, end, timezone, min, max',
  ],
])('a schedule with %s', (_, window, problem) => {
  expect(problemsWith({ schedule: [window] })).toEqual([problem]);
});

test('every problem of a window at once', () => {
  const window = { start: 'now', end: '0 18 * *', timezone: 'here' };
  expect(problemsWith({ schedule: [window] }).map((problem) => problem.split(':')[0])).toEqual([
    'schedule[0].start',
    'schedule[0].end',
    'schedule[0].timezone',
    'schedule[0]',
  ]);
});

test('no windows, or too many', () => {
  expect(problemsWith({ schedule: [] })).toEqual(['schedule: expected at least 1 item, got an empty list']);
  expect(problemsWith({ schedule: Array(21).fill(day) })).toEqual([
    'schedule: expected at most 20 items, got a list of 21',
  ]);
});

test('a window has UTC where it names no zone', () => {
  const { services } = parseConfig({ services: [{ ...service, schedule: [day] }] }, source);
  expect(services[0]?.schedule).toEqual([{ ...day, timezone: 'UTC' }]);
});

test.each([['yes'], [true], [{ at: -1 }], [{ at: 1.5 }], [{ at: 3, in: true }]])(
  'pause: %j is refused',
  (pause) => {
    const problems = problemsWith({ pause });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^pause/);
  },
);
