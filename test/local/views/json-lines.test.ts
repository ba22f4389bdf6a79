import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { jsonLines } from '../../../local/views/json-lines.ts';
import { capacity, decision, hosts, loop, notice, testRunner, world } from './fixtures.ts';

test('every event is one line of JSON with its kind, in order', () => {
  const out = new PassThrough();
  const runner = testRunner();
  jsonLines(runner, out);
  const events = [
    loop('started', 'two\nlines'),
    world(),
    { kind: 'decision', ...decision() } as const,
    { kind: 'outcome', ...decision(), applied: true } as const,
    notice(),
    hosts(),
    { kind: 'capacity', ...capacity() } as const,
    { kind: 'capacity-outcome', ...capacity(), applied: true } as const,
  ];
  runner.emit(...events);
  const lines = String(out.read()).split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => JSON.parse(line))).toEqual(events);
  expect(lines.map((line) => JSON.parse(line).kind)).toEqual([
    'event',
    'world',
    'decision',
    'outcome',
    'notice',
    'hosts',
    'capacity',
    'capacity-outcome',
  ]);
});
