import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { patience } from '../../lambdas/contract/patience.ts';

const silentFor = (times: number, slowestMs = 20) => {
  const patient = patience();
  patient.answered('a', slowestMs);
  for (let nth = 0; nth < times; nth += 1) patient.failed('a', 2000, 2000);
  return patient;
};

test.each([
  // silences, slowest answer, time limit, and what the next reading may take
  [0, 20, 2000, 2000],
  [1, 20, 2000, 2000],
  [2, 20, 2000, 500],
  [3, 20, 2000, 500],
  [4, 20, 2000, 2000],
  [5, 20, 2000, 500],
  [8, 20, 2000, 2000],
  // whoever needs long is given long
  [2, 300, 2000, 900],
  [2, 1900, 2000, 2000],
  // and nobody next to nothing
  [2, 20, 800, 300],
  [2, 20, 100, 100],
])('after %i silences and answers of up to %i ms: of %i ms it has %i', (silences, slowest, whole, ms) => {
  expect(silentFor(silences, slowest).msFor('a', whole)).toBe(ms);
});

test('an answer, or a refusal, brings the whole time back', () => {
  const answered = silentFor(6);
  answered.answered('a', 10);
  expect(answered.msFor('a', 2000)).toBe(2000);
  const refused = silentFor(6);
  refused.failed('a', 3, 2000);
  expect(refused.msFor('a', 2000)).toBe(2000);
  // What was slow once may be slow again.
  refused.failed('a', 2000, 2000);
  refused.failed('a', 2000, 2000);
  expect(refused.msFor('a', 40)).toBe(40);
});

test('sources have nothing to do with each other', () => {
  expect(silentFor(3).msFor('b', 2000)).toBe(2000);
});

test('property: never more than the time limit, never less than what it has needed, the whole of it every fourth time', () => {
  const steps = fc.array(fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 3000 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 8000 }), (readings, wholeMs) => {
      const patient = patience();
      let slowest = 0;
      let shortInARow = 0;
      for (const tookMs of readings) {
        const ms = patient.msFor('a', wholeMs);
        expect(ms).toBeGreaterThan(0);
        expect(ms).toBeLessThanOrEqual(wholeMs);
        expect(ms).toBeGreaterThanOrEqual(Math.min(wholeMs, slowest));
        shortInARow = ms < wholeMs ? shortInARow + 1 : 0;
        expect(shortInARow).toBeLessThan(4);
        if (tookMs === undefined) patient.failed('a', 2000, 2000);
        else {
          patient.answered('a', Math.min(tookMs, ms));
          slowest = Math.max(slowest, Math.min(tookMs, ms));
        }
      }
    }),
  );
});
