/** Wilcoxon's test against published tables, R's own example, and the count of all signs. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { signedRank } from '../../../bench/scaling/signed-rank.ts';

/** Differences 1 … n of which those are negative that give the sum of negative ranks. */
const withNegative = (n: number, sum: number): number[] => {
  let left = sum;
  const signed: number[] = [];
  for (let rank = n; rank > 0; rank -= 1) {
    const negative = rank <= left;
    if (negative) left -= rank;
    signed.push(negative ? -rank : rank);
  }
  return signed;
};

test('The critical values at 5 %, two-sided (oeis.org/A226330, from n = 6 on)', () => {
  const critical = [
    ...[0, 2, 3, 5, 8, 10, 13, 17, 21, 25, 29, 34, 40, 46, 52, 58, 65, 73, 81, 89, 98, 107, 116, 126],
    ...[137, 147, 159, 170, 182, 195, 208, 221, 235, 249, 264, 279, 294, 310, 327, 343, 361, 378, 396],
    ...[415, 434, 453, 473, 494, 514, 536, 557, 579, 602, 625, 648, 672, 697],
  ];
  for (const [index, value] of critical.entries()) {
    const n = 6 + index;
    expect(signedRank(withNegative(n, value))).toMatchObject({ n, negative: value });
    expect(signedRank(withNegative(n, value)).p).toBeLessThanOrEqual(0.05);
    expect(signedRank(withNegative(n, value + 1)).p).toBeGreaterThan(0.05);
  }
});

test('Five pairs of one sign are not enough, and nobody knows of no pairs', () => {
  expect(signedRank([1, 2, 3, 4, 5]).p).toBe(2 / 32);
  expect(signedRank([0, 0])).toEqual({ n: 0, positive: 0, negative: 0, p: 1 });
});

// Hollander and Wolfe (1973), p. 29; what ?wilcox.test of R prints, one-sided: 0.01953, and 0.01908 by the normal distribution.
test('The depression scale of nine patients', () => {
  const x = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
  const y = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
  const differences = x.map((each, nth) => each - (y[nth] ?? 0));
  expect(signedRank(differences)).toMatchObject({ n: 9, positive: 40, negative: 5 });
  expect(signedRank(differences).p / 2).toBeCloseTo(0.01953, 5);
  expect(signedRank(differences, 0).p / 2).toBeCloseTo(0.01908, 5);
});

test('Equal differences share their ranks, and all signs are counted', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 }), (differences) => {
      const nonzero = differences.filter((each) => each !== 0).map(Math.abs);
      const rankOf = (size: number): number =>
        nonzero.filter((each) => each < size).length +
        (nonzero.filter((each) => each === size).length + 1) / 2;
      const { positive, negative, p } = signedRank(differences);
      let extreme = 0;
      for (let signs = 0; signs < 2 ** nonzero.length; signs += 1) {
        const sum = nonzero.reduce((all, size, nth) => all + ((signs >> nth) & 1 ? rankOf(size) : 0), 0);
        if (sum <= Math.min(positive, negative)) extreme += 1;
      }
      expect(p).toBeCloseTo(Math.min(1, (2 * extreme) / 2 ** nonzero.length), 12);
    }),
  );
});

test('With many pairs, ties among them, the normal distribution comes near', () => {
  const differences = Array.from({ length: 200 }, (_, nth) => ((nth * 37) % 23) - 10);
  const [exact, near] = [signedRank(differences).p, signedRank(differences, 0).p];
  expect(exact).toBeCloseTo(0.053, 3);
  expect(Math.abs(near / exact - 1)).toBeLessThan(0.005);
});
