import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parabolaAtEnd } from '../../../../../bench/scaling/peers/literature/parabola.ts';

test.each([
  ['one point', [4], 4],
  ['three points', [4, 9, 1], 1],
  // By the normal equations in exact fractions: 131/35 and 37/24.
  ['five points', [1, 2, 0, 5, 3], 131 / 35],
  ['eight points', [10, 8, 9, 3, 4, 4, 1, 2], 37 / 24],
])('%s', (_, values, at) => {
  expect(parabolaAtEnd(values)).toBeCloseTo(at, 9);
});

test('goes through every parabola', () => {
  const coefficient = fc.integer({ min: -50, max: 50 });
  fc.assert(
    fc.property(coefficient, coefficient, coefficient, fc.integer({ min: 4, max: 144 }), (a, b, c, count) => {
      const values = Array.from({ length: count }, (_, x) => a + b * x + c * x * x);
      const last = values.at(-1) ?? 0;
      expect(Math.abs(parabolaAtEnd(values) - last)).toBeLessThanOrEqual(
        1e-9 * Math.max(1, Math.abs(last), ...values.map(Math.abs)),
      );
    }),
  );
});
