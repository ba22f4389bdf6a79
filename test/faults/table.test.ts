/** Every row of the fault table is survived. They are played some at a time, so one test plays them all and each has a test of its own. */
import { beforeAll, expect, test } from '@jest/globals';
import { rows } from './rows/registry.ts';
import { type Played, playAll } from './table.ts';

const played = new Map<string, Played>();

beforeAll(() => playAll(rows, 6, (each) => played.set(each.fault, each)), 600_000);

test('no two faults have the same name, and there are enough', () => {
  expect(new Set(rows.map(({ fault }) => fault)).size).toBe(rows.length);
  expect(rows.length).toBeGreaterThanOrEqual(75);
});

test.each(rows.map(({ fault }) => fault))('%s', (fault) => {
  expect(played.get(fault)?.violations).toEqual([]);
});
