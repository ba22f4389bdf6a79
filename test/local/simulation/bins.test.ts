import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { spread, thin } from '../../../local/simulation/bins.ts';
import { randomOf } from '../../../local/simulation/random.ts';

const counts = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 50 });
const sum = (numbers: ArrayLike<number>): number => Array.from(numbers).reduce((all, each) => all + each, 0);

const binned = (arrivals: Float64Array, width: number, bins: number): readonly number[] => {
  const found = Array.from({ length: bins }, () => 0);
  for (const at of arrivals) found[Math.floor(at / width)] = (found[Math.floor(at / width)] ?? 0) + 1;
  return found;
};

describe('spread', () => {
  test('keeps the count of each bin, in order, whatever its width', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(1, 60, 300), fc.nat(), (bins, width, seed) => {
        const arrivals = spread(bins, width, randomOf('arrivals', seed));
        expect(binned(arrivals, width, bins.length)).toEqual(bins);
        expect([...arrivals]).toEqual([...arrivals].sort((one, other) => one - other));
      }),
    );
  });

  test('is uniform: each tenth of a minute gets a tenth', () => {
    const arrivals = spread([100_000], 60, randomOf('arrivals', 1));
    // A tenth is off by √(100,000 × 0.1 × 0.9) = 95.
    for (const tenth of binned(arrivals, 6, 10)) expect(Math.abs(tenth - 10_000)).toBeLessThan(400);
  });
});

describe('thin', () => {
  test('keeps all, none, or so many copies of each where that is whole', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: 5 }), fc.nat(), (bins, copies, seed) => {
        expect([...thin(bins, copies, randomOf('thinning', seed))]).toEqual(
          bins.map((each) => copies * each),
        );
      }),
    );
  });

  test('never leaves more of a bin than its copies, nor fewer than the whole part of them', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0, max: 3, noNaN: true }), fc.nat(), (bins, copies, seed) => {
        const kept = thin(bins, copies, randomOf('thinning', seed));
        bins.forEach((count, bin) => {
          expect(kept[bin]).toBeGreaterThanOrEqual(Math.floor(copies) * count);
          expect(kept[bin]).toBeLessThanOrEqual((Math.floor(copies) + 1) * count);
        });
      }),
    );
  });

  test.each([0.01, 0.5, 0.9, 2.25])(
    'leaves %d of each in the mean, with the variance of chance',
    (copies) => {
      const bins = Array.from({ length: 10_000 }, () => 100);
      const kept = thin(bins, copies, randomOf('thinning', 1));
      const chance = copies % 1;
      const variance = 100 * chance * (1 - chance);
      // The mean of 10,000 bins is off by a hundredth of a bin's deviation, their variance by 1.4 %.
      expect(Math.abs(sum(kept) / 10_000 - 100 * copies)).toBeLessThan(0.04 * Math.sqrt(variance));
      const found = sum(Array.from(kept, (each) => (each - 100 * copies) ** 2)) / 10_000;
      expect(Math.abs(found / variance - 1)).toBeLessThan(0.06);
    },
  );

  test('goes through 75,000,000 by drawing only for what is left', () => {
    let draws = 0;
    const random = randomOf('thinning', 1);
    const counting = (): number => {
      draws += 1;
      return random();
    };
    const kept = thin(
      Array.from({ length: 1440 }, () => 52_083),
      0.0001,
      counting,
    );
    expect(draws).toBe(sum(kept) + 1);
  });
});
