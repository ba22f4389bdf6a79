import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toDigits } from '../../lambdas/decide/rounding.ts';

test.each([
  [0, 3, 0],
  [-0, 3, 0],
  [123.456, 4, 123.5],
  [-123.456, 4, -123.5],
  [0.000123456, 2, 0.00012],
  [987_654_321, 3, 988_000_000],
  [1e300, 2, 1e300],
  [5e-324, 2, 5e-324],
  [0.1 + 0.2, 9, 0.3],
])('%d to %d digits is %d', (value, most, rounded) => {
  expect(toDigits(value, most)).toBe(rounded);
});

test('no number is further off than half a unit of its last digit, and none is longer than its digits', () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, min: -1e300, max: 1e300 }),
      fc.integer({ min: 1, max: 9 }),
      (value, most) => {
        const rounded = toDigits(value, most);
        const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - most + 1);
        if (value !== 0)
          expect(Math.abs(rounded - value)).toBeLessThanOrEqual(unit * 0.500_001 + Number.MIN_VALUE);
        expect(rounded.toExponential().replace(/e.*|[-.]/g, '').length).toBeLessThanOrEqual(most);
        expect(toDigits(rounded, most)).toBe(rounded);
      },
    ),
    { numRuns: 5000 },
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  '%d stays what it is',
  (value) => {
    expect(toDigits(value, 4)).toBe(value);
  },
);
