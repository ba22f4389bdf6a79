/**
 * Every row of the fault table is survived, and `docs/failures.md` quotes what is logged then. The rows are played some at a time before the
 * first test, and each has a test of its own.
 */
import { beforeAll, expect, test } from '@jest/globals';
import { lines } from './page.ts';
import { rows } from './rows/registry.ts';
import { AT_ONCE, type Played, playAll } from './table.ts';

const played = new Map<string, Played>();

/** On two cores that nobody else uses it takes less than two minutes. */
const LIMIT_MS = 900_000;

beforeAll(() => playAll(rows, AT_ONCE, (each) => played.set(each.fault, each)), LIMIT_MS);

test('no two faults have the same name, and there are enough', () => {
  expect(new Set(rows.map(({ fault }) => fault)).size).toBe(rows.length);
  expect(rows.length).toBeGreaterThanOrEqual(75);
});

test.each(rows.map(({ fault }) => fault))('%s', (fault) => {
  expect(played.get(fault)?.violations).toEqual([]);
});

test.each(lines.filter(({ quoted }) => quoted.length > 0))('$what: $quoted', ({ quoted, faults }) => {
  const logged = new Set(faults.flatMap((fault) => [...(played.get(fault)?.logged ?? [])]));
  expect(quoted.filter((message) => !logged.has(message))).toEqual([]);
});
