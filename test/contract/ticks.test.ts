/** When ticks are: a grid that no work, jitter or hand-over moves. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firstTick, nextTick } from '../../lambdas/contract/ticks.ts';

const interval = fc.integer({ min: 1, max: 60 });
const moment = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const ahead = (later: string, at: string): number => (Date.parse(later) - Date.parse(at)) / 1000;

test('the next tick is on the grid of whole intervals, never more than five quarters of an interval ahead', () => {
  fc.assert(
    fc.property(moment, interval, (at, every) => {
      const next = nextTick(at, every);
      expect(Date.parse(next) % (every * 1000)).toBe(0);
      expect(ahead(next, at)).toBeGreaterThan(0);
      expect(ahead(next, at)).toBeLessThanOrEqual(1.25 * every);
    }),
  );
});

test('a tick some milliseconds before or after its grid point is followed by the same next one', () => {
  fc.assert(
    fc.property(moment, interval, fc.integer({ min: -200, max: 200 }), (at, every, jitter) => {
      const due = nextTick(at, every);
      const begun = new Date(Date.parse(due) + jitter).toISOString();
      expect(ahead(nextTick(begun, every), due)).toBe(every);
    }),
  );
});

test('a successor waits for exactly the tick that its predecessor would have had next', () => {
  fc.assert(
    fc.property(moment, interval, fc.integer({ min: 1, max: 400 }), (at, every, passed) => {
      const next = nextTick(at, every);
      const started = new Date(Date.parse(at) + passed).toISOString();
      fc.pre(ahead(next, started) > 0);
      expect(firstTick(started, next, every)).toBe(next);
    }),
  );
});

test.each([
  ['nothing', undefined],
  ['no date', 'tomorrow'],
  ['the past', '2026-11-22T11:59:00.000Z'],
  ['too far ahead', '2026-11-22T13:00:00.000Z'],
  ['by a clock that is 10 s ahead', '2026-11-22T12:00:13.000Z'],
])('handed over %s: at once', (_what, next) => {
  expect(firstTick('2026-11-22T12:00:00.000Z', next, 5)).toBe('2026-11-22T12:00:00.000Z');
});
