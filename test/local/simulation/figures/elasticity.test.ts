/** θ, τ and υ by hand, and what holds for any supply and demand. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { elasticityOf } from '../../../../local/simulation/figures/elasticity.ts';

const of = (...counts: readonly number[]): Uint16Array => Uint16Array.from(counts);

test('Five seconds by hand', () => {
  const { thetaU, thetaO, tauU, tauO, upsilon, excess } = elasticityOf(of(1, 1, 3, 3, 2), of(2, 2, 2, 1, 2));
  // One of two is missing twice; one of three and two of three are too many.
  expect(thetaU).toBeCloseTo((100 * (1 / 2 + 1 / 2)) / 5, 10);
  expect(thetaO).toBeCloseTo((100 * (1 / 3 + 2 / 3)) / 5, 10);
  expect([tauU, tauO]).toEqual([40, 40]);
  // Supply: as it was, up, as it was, down. Demand: as it was, as it was, down, up. Three of four differ.
  expect(upsilon).toBe(75);
  expect(excess).toBeCloseTo(3 / 9, 10);
});

test('Both move the same way, by other amounts: stable', () => {
  expect(elasticityOf(of(1, 5, 4), of(2, 3, 1)).upsilon).toBe(0);
});

test('Nothing demanded and everything supplied, and the other way round', () => {
  expect(elasticityOf(of(3, 3), of(0, 0))).toEqual({
    ...{ thetaU: 0, thetaO: 100, tauU: 0, tauO: 100, upsilon: 0, excess: 6 },
  });
  expect(elasticityOf(of(0, 0), of(3, 3))).toEqual({
    ...{ thetaU: 100, thetaO: 0, tauU: 100, tauO: 0, upsilon: 0, excess: 0 },
  });
});

const counts = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 })), {
  maxLength: 100,
});

test('All but the excess lie within 0 and 100', () => {
  fc.assert(
    fc.property(counts, (pairs) => {
      const { excess, ...bounded } = elasticityOf(
        Uint16Array.from(pairs, ([s]) => s),
        Uint16Array.from(pairs, ([, d]) => d),
      );
      for (const each of Object.values(bounded)) {
        expect(each).toBeGreaterThanOrEqual(0);
        expect(each).toBeLessThanOrEqual(100 + 1e-9);
      }
      expect(excess).toBeGreaterThanOrEqual(0);
      expect(bounded.tauU + bounded.tauO).toBeLessThanOrEqual(100 + 1e-9);
    }),
  );
});

test('An exact supply has nothing to answer for', () => {
  fc.assert(
    fc.property(counts, (pairs) => {
      const demand = Uint16Array.from(pairs, ([, d]) => d);
      expect(Object.values(elasticityOf(demand, demand))).toEqual([0, 0, 0, 0, 0, 0]);
    }),
  );
});
