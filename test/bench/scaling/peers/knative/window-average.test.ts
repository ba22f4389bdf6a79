import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { windowAverage } from '../../../../../bench/scaling/peers/knative/window-average.ts';

test('fewer values than the window is long: their mean; then the newest', () => {
  const window = windowAverage(3);
  const averages = [6, 0, 3, 9, 1].map((value) => {
    window.record(value);
    return window.average();
  });
  expect(averages).toEqual([6, 3, 3, 4, 4.333333]);
});

test('nothing recorded is 0', () => {
  expect(windowAverage(60).average()).toBe(0);
});

test('is the mean of the last values, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1e6), { minLength: 1 }),
      fc.integer({ min: 1, max: 70 }),
      (values, seconds) => {
        const window = windowAverage(seconds);
        for (const value of values) window.record(value);
        const last = values.slice(-seconds);
        expect(window.average()).toBeCloseTo(last.reduce((sum, each) => sum + each, 0) / last.length, 5);
      },
    ),
  );
});
