import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lognormal, poisson, randomFrom, randomOf, sigmaOf } from '../../../local/simulation/random.ts';

const drawn = (count: number, draw: () => number): readonly number[] => Array.from({ length: count }, draw);
const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
const deviation = (numbers: readonly number[]): number => {
  const middle = mean(numbers);
  return Math.sqrt(mean(numbers.map((each) => (each - middle) ** 2)));
};

test('mulberry32 draws what its author gives for the seed 1, shifted by half a step out of 0', () => {
  const random = randomFrom(1);
  const expected = [0.6270739405881613, 0.002735721180215478, 0.5274470399599522];
  for (const each of expected) expect(random()).toBeCloseTo(each, 9);
});

test('the same stream and seed give the same numbers, others do not', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer(), (stream, seed) => {
      const numbers = drawn(8, randomOf(stream, seed));
      expect(drawn(8, randomOf(stream, seed))).toEqual(numbers);
      expect(drawn(8, randomOf(stream, seed + 1))).not.toEqual(numbers);
      expect(drawn(8, randomOf(`${stream}.`, seed))).not.toEqual(numbers);
      for (const each of numbers) expect(each > 0 && each < 1).toBe(true);
    }),
  );
});

test('streams of neighbouring seeds have nothing to do with each other', () => {
  const [one, other] = [1, 2].map((seed) => drawn(20_000, randomOf('work', seed))) as [number[], number[]];
  const covariance = mean(one.map((each, nth) => (each - 0.5) * ((other[nth] ?? 0) - 0.5)));
  // A correlation of independent ones is off by 1/√20,000 = 0.007.
  expect(Math.abs(covariance * 12)).toBeLessThan(0.03);
});

describe('draws have the moments they should', () => {
  test.each([0.1, 0.5, 1])('lognormal with a coefficient of variation of %d', (variation) => {
    const random = randomOf('lognormal', 1);
    const numbers = drawn(200_000, () => lognormal(random, 7, sigmaOf(variation)));
    expect(mean(numbers) / 7).toBeCloseTo(1, 1.7);
    expect(deviation(numbers) / mean(numbers) / variation).toBeCloseTo(1, 1.2);
  });

  test('lognormal without spread is the mean', () => {
    expect(lognormal(randomFrom(1), 7, sigmaOf(0))).toBe(7);
  });

  test.each([0, 0.2, 10])('Poisson with a mean of %d', (rate) => {
    const random = randomOf('poisson', 1);
    const numbers = drawn(100_000, () => poisson(random, rate));
    // Four standard errors: of the mean √(λ/n), of the variance √((λ + 2λ²)/n).
    const [ofMean, ofVariance] = [rate, rate + 2 * rate * rate].map((each) => 4 * Math.sqrt(each / 100_000));
    expect(Math.abs(mean(numbers) - rate)).toBeLessThanOrEqual(ofMean ?? 0);
    expect(Math.abs(deviation(numbers) ** 2 - rate)).toBeLessThanOrEqual(ofVariance ?? 0);
  });
});
