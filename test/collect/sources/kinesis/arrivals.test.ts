import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { arrivedWithin } from '../../../../lambdas/collect/sources/kinesis/arrivals.ts';

test.each([
  ['nothing is behind', 0, [600, 600], 0],
  ['a steady stream: age x rate', 5, [600, 600, 600], 50],
  ['whole minutes as they were', 120, [30, 70, 500], 100],
  ['a minute and a half of a steady stream', 90, [600, 600, 600], 900],
  ['a burst after silence, 5 s late: all of it', 5, [300, 0, 0], 300],
  ['a burst in a steady stream: what is above its level, and the age of the rest', 6, [900, 600, 600], 360],
  ['a burst that is a minute old and still waits', 65, [0, 300, 0], 300],
  ['a stream that slows down', 6, [100, 600, 600], 10],
  ['older than all that is known: its mean goes on', 240, [60, 120], 360],
  ['one minute is known', 30, [60], 30],
  ['none is known', 30, [], 0],
])('%s', (_, seconds, perMinute, expected) => {
  expect(arrivedWithin(seconds, perMinute)).toBeCloseTo(expected);
});

test('an older record never means less, and within what is known no more than has arrived', () => {
  const minutes = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 15 });
  fc.assert(
    fc.property(minutes, fc.nat(1000), fc.nat(1000), (perMinute, one, other) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      expect(arrivedWithin(less, perMinute)).toBeLessThanOrEqual(arrivedWithin(more, perMinute) + 1e-6);
      if (more <= perMinute.length * 60)
        expect(arrivedWithin(more, perMinute)).toBeLessThanOrEqual(
          perMinute.reduce((sum, each) => sum + each, 0) + 1e-6,
        );
    }),
  );
});
