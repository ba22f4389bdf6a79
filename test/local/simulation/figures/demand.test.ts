/** Demand: the mean of a minute in whole tasks, worked out by hand, and against a count of each window on its own. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { demandOf } from '../../../../local/simulation/figures/demand.ts';
import type { Trace } from '../../../../local/simulation/trace.ts';

const traceOf = (seconds: number, arrivals: readonly number[], work: readonly number[] | number): Trace => ({
  ...{ name: 'by hand', seconds, arrivals: Float64Array.from(arrivals) },
  work: typeof work === 'number' ? new Float64Array(arrivals.length).fill(work) : Float64Array.from(work),
});
const any = { min: 0, max: 1000 };

test('A constant load needs the same at both ends as in the middle', () => {
  const twoPerSecond = Array.from({ length: 240 }, (_, nth) => nth / 2 + 0.25);
  expect([...demandOf(traceOf(120, twoPerSecond, 1.5), any)]).toEqual(Array(120).fill(3));
});

test('A burst is seen by the minute around it, by a shorter one at the ends', () => {
  // 60 messages in second 50, 10 s of work each: one a second over a whole minute.
  const demand = demandOf(traceOf(100, Array(60).fill(50.5), 10), any);
  // From second 21 on the window reaches second 50; it begins with the trace: 51 seconds of it, 600 ÷ 51 = 11.8.
  expect([demand[20], demand[21], demand[29], demand[30]]).toEqual([0, 12, 11, 10]);
  // 600 ÷ 59 = 10.2 at 71, where it ends with the trace; 600 ÷ 50 = 12 at 80, the last that reaches back to 50.
  expect([demand[70], demand[71], demand[80], demand[81]]).toEqual([10, 11, 12, 0]);
});

test('Within the bounds, by the mean of the work, or by what is given', () => {
  const trace = traceOf(2, [0.5, 0.6, 2], [1, 3, 8]);
  // 3 messages in 2 seconds, 4 s each in the mean. The last one arrives as the trace ends.
  expect([...demandOf(trace, any)]).toEqual([6, 6]);
  expect([...demandOf(trace, any, 2)]).toEqual([3, 3]);
  expect([...demandOf(trace, { min: 1, max: 5 })]).toEqual([5, 5]);
  expect([...demandOf(traceOf(2, [], []), { min: 1, max: 5 })]).toEqual([1, 1]);
});

test('Rounding errors cost no task', () => {
  // 50 × 1.1 = 55.00000000000001
  expect([...demandOf(traceOf(1, Array(50).fill(0), 1.1), any)]).toEqual([55]);
});

test('As if each window were counted on its own', () => {
  const arrivals = fc.array(fc.double({ min: 0, max: 150, noNaN: true }), { maxLength: 300 });
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 150 }), (all, seconds) => {
      const sorted = all.filter((at) => at < seconds).sort((a, b) => a - b);
      const demand = demandOf(traceOf(seconds, sorted, 7), any);
      for (let t = 0; t < seconds; t += 1) {
        const [from, to] = [Math.max(0, t - 30), Math.min(seconds, t + 30)];
        const messages = sorted.filter((at) => at >= from && at < to).length;
        expect(demand[t]).toBe(Math.max(0, Math.ceil((messages * 7) / (to - from) - 1e-6)));
      }
    }),
    { numRuns: 50 },
  );
});
