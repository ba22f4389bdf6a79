/** Waits by hand: what is over a limit is above it, and a quantile is somebody's wait. */
import { expect, test } from '@jest/globals';
import { latenessOf } from '../../../../local/simulation/figures/lateness.ts';

test('Ten messages', () => {
  const waits = Float64Array.of(0, 30, 30.5, 60, 61, 100, 5, 10, 20, 90);
  expect(latenessOf({ waits, left: 2, lost: 1 }, 20)).toEqual({
    ...{ messages: 10, over30: 0.5, over60: 0.3, overTarget: 0.5 + 0.1, left: 2, lost: 1 },
    // The 5th, the 10th and the 10th of the ten.
    ...{ p50Wait: 30, p99Wait: 100, maxWait: 100 },
  });
  expect(waits[0]).toBe(0);
  expect(waits[9]).toBe(90);
});

test('The 99th of a hundred, and nobody over a limit that all meet', () => {
  const waits = Float64Array.from({ length: 100 }, (_, nth) => 100 - nth);
  const { p50Wait, p99Wait, maxWait, overTarget } = latenessOf({ waits, left: 0, lost: 0 }, 100);
  expect([p50Wait, p99Wait, maxWait, overTarget]).toEqual([50, 99, 100, 0]);
});

test('No message, no wait', () => {
  const { messages, over60, p99Wait, maxWait } = latenessOf(
    { waits: new Float64Array(0), left: 0, lost: 0 },
    60,
  );
  expect([messages, over60, p99Wait, maxWait]).toEqual([0, 0, 0, 0]);
});
