/**
 * queueDelay on a constant load, in closed loop: the count settles, and then doesn't move, at any tick.
 *
 * *Settles*: from when the load starts at a service that runs as many tasks as it needs, or up to half more, the count comes to
 * where it stays within three start-up delays. A service that has started no task yet believes that one takes 30 s, and keeps
 * tasks that it doesn't need for as long: so three times 30 s, where they start sooner than that. From 0 tasks the backlog of the
 * start comes first, and what it took is kept for a while: there it is at rest after a quarter of an hour.
 *
 * Exact for what most users have: counters alone, and rates that are counted with messages whose length is told. In the two cases
 * between, an estimate that wanders across a whole number can cost a move or two (of 2,500 loads 6 and 7, by a task). From
 * counters alone, loads of less than two tasks come and go between the looks, unseen; where the source counts them they are as
 * good as any other.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Reading } from '../../lambdas/contract/records.ts';
import { type Story, steady, type Truth } from '../../local/simulation/story.ts';
import { told } from './told.ts';

interface Constant {
  readonly perSecond: number;
  readonly seconds: number;
  readonly startUp: number;
  readonly spare: number;
}

/** As many small ones as large ones; integers, since random floats are mostly next to the bounds. */
const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: 1e6 }).map((part) => Number((min * (max / min) ** (part / 1e6)).toPrecision(4)));

const busy = ({ perSecond, seconds }: Constant): number => perSecond * seconds;

const constant = (leastBusy: number): fc.Arbitrary<Constant> =>
  fc
    .record({
      perSecond: between(0.2, 50),
      seconds: between(0.1, 20),
      startUp: fc.integer({ min: 10, max: 60 }),
      spare: fc.integer({ min: 0, max: 500 }).map((part) => part / 1000),
    })
    .filter((load) => busy(load) >= leastBusy && busy(load) <= 40);

const settledAfter = ({ startUp }: Constant): number => 3 * Math.max(startUp, 30);

const story = (load: Constant, interval: number, given: Partial<Story> = {}) =>
  told({
    seconds: settledAfter(load) + 70,
    interval,
    startUp: load.startUp,
    tasks: Math.ceil(busy(load) * (1 + load.spare)),
    load: steady(() => load.perSecond, load.seconds),
    ...given,
    service: { cooldown: { in: 0 }, tasks: { max: 1000 }, ...given.service },
  });

/** The counts that were decided once it should have settled. */
const settled = (load: Constant, interval: number, given?: Partial<Story>): readonly number[] =>
  story(load, interval, given)
    .ticks.filter(({ t }) => t > settledAfter(load) + interval)
    .map(({ decision }) => decision.to);

const moves = (counts: readonly number[]): number =>
  counts.filter((count, tick) => tick > 0 && count !== counts[tick - 1]).length;

const counted = (truth: Truth): Reading => ({ known: true, ...truth });

/** Everything is learned. */
const learns = () => ({ service: { policy: { type: 'queueDelay' } } });
const isTold = ({ seconds, startUp }: Constant) => ({
  service: { policy: { type: 'queueDelay', secondsPerMessage: seconds, startDelay: startUp } },
});

test.each([
  { name: 'counters alone', leastBusy: 2, given: learns },
  { name: 'counted, told', leastBusy: 0, given: (load: Constant) => ({ see: counted, ...isTold(load) }) },
])('$name: one count, that does not move, the same at a tick of 1 s and of 10 s', ({ leastBusy, given }) => {
  fc.assert(
    fc.property(constant(leastBusy), (load) => {
      const all = [10, 1].flatMap((interval) => settled(load, interval, given(load)));
      expect(new Set(all).size).toBe(1);
      expect(all[0]).toBeGreaterThanOrEqual(Math.floor(busy(load)));
    }),
    { numRuns: 150 },
  );
});

/** Of 2,500 loads 6 and 7 moved at all. These are bounds that chance does not reach. */
test.each([
  { name: 'counters alone, told', given: isTold },
  { name: 'counted, learned', given: () => ({ see: counted, ...learns() }) },
])(
  '$name: the count may move by a task or two once or twice more, and ticks settle as far apart',
  ({ given }) => {
    fc.assert(
      fc.property(constant(2), (load) => {
        const [slow = [], quick = []] = [10, 1].map((interval) => settled(load, interval, given(load)));
        const all = [...slow, ...quick];
        expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(Math.max(4, 0.2 * busy(load)));
        expect(Math.max(moves(slow), moves(quick))).toBeLessThanOrEqual(5);
      }),
      { numRuns: 100 },
    );
  },
);

/** Of 1,500 loads two go on swinging by a task: a message every five seconds that takes 16 s, with a start-up of a minute. */
test('from 0 tasks it is at rest after a quarter of an hour, with what it needs', () => {
  fc.assert(
    fc.property(constant(2), fc.constantFrom(1, 5, 10), (load, interval) => {
      const { ticks } = story(load, interval, { tasks: 0, seconds: 1200, ...learns() });
      const rest = ticks.filter(({ t }) => t >= 900).map(({ decision }) => decision.to);
      if (moves(rest) > 1) expect(Math.max(...rest) - Math.min(...rest)).toBe(1);
      expect(Math.min(...rest)).toBeGreaterThanOrEqual(Math.floor(busy(load)));
      expect(Math.max(...rest)).toBeLessThanOrEqual(1.15 * busy(load) + 3);
    }),
    { numRuns: 30 },
  );
});
