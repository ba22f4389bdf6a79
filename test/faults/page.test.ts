/** `docs/failures.md` says what the fault table shows, and nothing that it doesn't. What its lines quote is compared in `table.test.ts`. */
import { describe, expect, test } from '@jest/globals';
import { lines, notUnderstood } from './page.ts';
import { rows } from './rows/registry.ts';
import { wellAgain } from './rows/row.ts';

const named = lines.flatMap(({ faults }) => faults);

test('every line has its five cells, and says when it is well again in one of three ways', () => {
  expect(notUnderstood).toEqual([]);
});

test('every row of the fault table stands under one line', () => {
  expect(rows.map(({ fault }) => fault).filter((fault) => !named.includes(fault))).toEqual([]);
  expect(named.filter((fault, nth) => named.indexOf(fault) !== nth)).toEqual([]);
});

describe.each(lines)('$what', ({ faults, wellAgain: when }) => {
  test('names rows that exist', () => {
    const known = new Set(rows.map(({ fault }) => fault));
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.filter((fault) => !known.has(fault))).toEqual([]);
  });

  test('says who brings the lane back', () => {
    const own = rows.filter(({ fault }) => faults.includes(fault));
    expect(own.map((row) => [row.fault, wellAgain(row).said])).toEqual(own.map(({ fault }) => [fault, when]));
  });
});
