/** Reading a log of decisions, in whatever wrapping it comes, and saying what could not be read. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { readLog } from '../../../local/replay/log.ts';
import { changeLines, KEY, linesOf, story, tickLines } from './logs.ts';

const folder = mkdtempSync(join(tmpdir(), 'pulsescale-log-'));
const read = (text: string | Buffer, name = 'loop.log') => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return readLog(file);
};
const failure = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    return (thrown as Error).message;
  }
  throw new Error('nothing was thrown');
};

const told = story();
const decisions = told.ticks.map(({ decision }) => decision);
const bare = linesOf(decisions);
const expected = read(bare).services;

test('each decision is a tick, with what its reading tells', () => {
  const ticks = expected.get(KEY);
  const [first] = told.ticks;
  expect([...expected.keys()]).toEqual([KEY]);
  expect(ticks).toHaveLength(told.ticks.length);
  expect(ticks?.[0]).toMatchObject({
    visible: first?.visible,
    desired: 8,
    to: first?.decision.to,
  });
  expect(ticks?.[0]?.running).toBeUndefined();
  expect((ticks?.[1]?.at ?? 0) - (ticks?.[0]?.at ?? 0)).toBe(5);
});

const logged = decisions.map((decision) => ({
  level: 'INFO',
  message: 'decision',
  service: 'decide',
  decision,
}));
const csv = (value: object): string =>
  `2026-11-22 12:00:00.000,"${JSON.stringify(value).replaceAll('"', '""')}"`;

test.each<readonly [string, string | Buffer]>([
  ['--json of the local runner', linesOf(decisions.map((decision) => ({ kind: 'decision', ...decision })))],
  ['lines of the deployed loop', linesOf(logged)],
  ['lines with CRLF', bare.replaceAll('\n', '\r\n')],
  [
    'aws logs tail',
    logged
      .map((line) =>
        `2026-11-22T12:00:00+00:00 2026/11/22/[$LATEST]0a1b {0} ${JSON.stringify(line)}`.replace(' {0}', ''),
      )
      .join('\n'),
  ],
  [
    'an export to S3',
    gzipSync(logged.map((line) => `2026-11-22T12:00:00.000Z ${JSON.stringify(line)}`).join('\n')),
  ],
  [
    'aws logs filter-log-events',
    JSON.stringify(
      { events: logged.map((line) => ({ timestamp: 1, message: `${JSON.stringify(line)}\n` })) },
      null,
      4,
    ),
  ],
  ['Logs Insights as JSON', JSON.stringify(logged.map((line) => ({ '@timestamp': 'x', '@message': line })))],
  [
    'aws logs get-query-results',
    JSON.stringify({ results: logged.map((line) => [{ field: '@message', value: JSON.stringify(line) }]) }),
  ],
  ['Logs Insights as CSV', ['@timestamp,@message', ...logged.map(csv)].join('\n')],
])('%s tells the same', (_, text) => {
  expect(read(text).services).toEqual(expected);
});

test('the ticks of executions tell every tick, with what ran; changes add nothing to them', () => {
  const { services, said } = read(linesOf([...changeLines(decisions), ...tickLines(told)]));
  const ticks = services.get(KEY) ?? [];
  expect(ticks.map(({ at, visible, desired, to }) => ({ at, visible, desired, to }))).toEqual(
    (expected.get(KEY) ?? []).map(({ at, visible, desired, to }) => ({ at, visible, desired, to })),
  );
  expect(ticks.map(({ running }) => running)).toEqual(told.ticks.map(({ running }) => running));
  expect(said[0]).toContain(`${told.ticks.length} ticks in 30 lines`);
});

describe('columns of ticks', () => {
  const line = (services: object) =>
    linesOf([{ kind: 'ticks', lane: 'l', term: 1, at: [100, 105, 110], services }]);
  const one = (service: object) => read(line({ 'a/b': service })).services.get('a/b');

  test('a number stands for every tick, null for not known; sources are summed', () => {
    const readings = [{ visible: [1, 2, 3], inFlight: 4 }, { visible: 10 }, { value: 7 }];
    const ticks = one({ readings, counts: { desired: 2, running: [1, null, 2] }, to: 2 });
    expect(ticks).toMatchObject([
      { at: 100, visible: 11, inFlight: 4, desired: 2, running: 1, to: 2 },
      { at: 105, visible: 12, running: undefined },
      { at: 110, visible: 13, running: 2 },
    ]);
  });
  test('with one of several sources unknown the sum is unknown', () => {
    const readings = [{ visible: [1, 2, 3] }, { visible: [10, null, 10] }];
    const ticks = one({ readings, counts: {}, to: 2 });
    expect(ticks?.map(({ visible }) => visible)).toEqual([11, undefined, 13]);
  });
  test('a service that was not looked at has no tick', () => {
    expect(one({ readings: [{ visible: 1 }], counts: {}, to: [2, null, 2] })?.map(({ at }) => at)).toEqual([
      100, 110,
    ]);
  });
});

test('an unknown reading is a tick at which nothing is known of the queue', () => {
  const reading = { known: false, why: 'the queue did not answer', error: 'TimeoutError' };
  const { services } = read(linesOf([{ ...decisions[0], reading }, ...decisions.slice(1)]));
  expect(services.get(KEY)?.[0]).toMatchObject({ desired: 8 });
  expect(services.get(KEY)?.[0]?.visible).toBeUndefined();
});

test('what the local runner prints besides is used or left, and said', () => {
  const at = '2026-11-22T12:00:00.000Z';
  const names = { cluster: 'shop', service: 'orders-worker' };
  const world = {
    kind: 'world',
    t: 12.1,
    ...names,
    backlog: 4,
    inFlight: 2,
    desired: 3,
    running: 1,
    pending: 2,
  };
  const lines = [
    { kind: 'event', at, t: 0, event: 'started', message: 'lane demo' },
    { kind: 'outcome', ...decisions[0], applied: true },
    { ...world, t: 1.1, backlog: null },
    world,
  ];
  const { services, said } = read(linesOf(lines));
  expect(services.get(KEY)).toEqual([
    expect.objectContaining({ at: Date.parse(at) / 1000 + 1, visible: undefined, inFlight: 2 }),
    expect.objectContaining({
      at: Date.parse(at) / 1000 + 12,
      visible: 4,
      inFlight: 2,
      desired: 3,
      running: 1,
    }),
  ]);
  expect(said).toEqual(['4 lines: 2 looks at the local world, 2 of other kinds']);
});

test('what can not be read is counted, and its first line is told', () => {
  const [first = '', second = '', ...rest] = bare.split('\n');
  const { services, said } = read([first, 'START RequestId: 1', '', second.slice(0, 90), ...rest].join('\n'));
  expect(services.get(KEY)).toHaveLength(told.ticks.length - 1);
  expect(said.join('\n')).toMatch(
    /1 line skipped that is not whole JSON, the first is line 4: "\{\\"cluster/,
  );
  expect(said.join('\n')).toMatch(
    /1 line skipped that is no JSON, the first is line 2: "START RequestId: 1"/,
  );
});

describe('a file of which nothing is of use is named, with its line and what to do', () => {
  test.each([
    ['', /loop\.log: the file is empty; give the log of the decide and lease functions/],
    ['t,count\n0,1\n', /loop\.log:1: no line is JSON in 2 lines, which begin with "t,count"; give the log/],
    [
      '\n\n{"a":1}\n',
      /loop\.log:3: no line is a decision or the ticks of one in 1 line, .*"a\\":1.*; give the log/,
    ],
  ])('%j', (text, message) => {
    expect(failure(() => read(text))).toMatch(message);
  });
  test('that is not there', () => {
    expect(failure(() => readLog(join(folder, 'nowhere.log')))).toMatch(
      /nowhere\.log: there is no such file/,
    );
    expect(failure(() => readLog(folder))).toMatch(/this is a directory/);
  });
});
