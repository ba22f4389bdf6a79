/** What must hold of queueDelay whatever it is told and whatever it remembers. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ask } from './queue-delay-situation.ts';

const RUNS = { numRuns: 2000 };

const amount = fc.oneof(
  fc.nat({ max: 5000 }),
  fc.double({ min: 0, max: 1e308, noNaN: true }),
  fc.constant(0),
);
const rate = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined });
const options = fc
  .record({
    target: fc.integer({ min: 1, max: 600 }),
    secondsPerMessage: fc.option(fc.double({ min: 0.001, max: 1000, noNaN: true }), { nil: undefined }),
    startDelay: fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined }),
    headroom: fc.double({ min: 0, max: 3, noNaN: true }),
  })
  .map(({ secondsPerMessage, startDelay, ...rest }) => ({
    ...rest,
    ...(secondsPerMessage === undefined ? {} : { secondsPerMessage }),
    ...(startDelay === undefined ? {} : { startDelay }),
  }));
const reading = fc
  .record({
    visible: amount,
    inFlight: fc.option(amount, { nil: undefined }),
    arrivals: rate,
    departures: rate,
  })
  .map(({ visible, inFlight, arrivals, departures }) => ({
    visible,
    ...(inFlight === undefined ? {} : { inFlight }),
    ...(arrivals === undefined ? {} : { arrivalsPerSecond: arrivals }),
    ...(departures === undefined ? {} : { departuresPerSecond: departures }),
  }));
const counts = fc.record({
  desired: fc.nat({ max: 500 }),
  running: fc.nat({ max: 500 }),
  deploying: fc.boolean(),
});

/** What was really kept after some ticks, and what nobody ever kept. */
const lived = fc
  .array(fc.tuple(reading, counts, fc.integer({ min: 0, max: 70 })), { minLength: 1, maxLength: 6 })
  .map((ticks) => {
    let kept: readonly number[] | undefined;
    let at = -500;
    for (const [seen, tasks, after] of ticks) {
      at += after;
      kept = ask({ reading: seen, counts: tasks, kept, at }).kept;
    }
    return { kept, at };
  });
const number = fc.oneof(
  fc.double(),
  fc.integer({ min: -1000, max: 1000 }),
  fc.constantFrom(0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, 1_795_348_795),
);
const garbage = fc.array(number, { maxLength: 50 }).map((kept) => ({ kept, at: 0 }));
const memory = fc.oneof(lived, garbage, fc.constant({ kept: undefined, at: 0 }));

test('whole counts, short finite memory and a sentence with numbers, whatever comes', () => {
  fc.assert(
    fc.property(
      options,
      reading,
      counts,
      memory,
      fc.integer({ min: -100, max: 200 }),
      (given, seen, tasks, { kept, at }, after) => {
        const said = ask({ options: given, reading: seen, counts: tasks, kept, at: at + after });
        expect(Number.isInteger(said.to)).toBe(true);
        expect(said.to).toBeGreaterThanOrEqual(0);
        expect(said.why).not.toMatch(/NaN|Infinity|undefined/);
        expect(said.kept?.every(Number.isFinite)).toBe(true);
        expect(said.kept?.length).toBeLessThanOrEqual(45);
      },
    ),
    RUNS,
  );
});

test('more backlog never gives fewer tasks', () => {
  fc.assert(
    fc.property(
      options,
      reading,
      counts,
      memory,
      fc.integer({ min: 0, max: 70 }),
      fc.nat({ max: 10_000 }),
      (given, seen, tasks, { kept, at }, after, more) => {
        const to = (visible: number) =>
          ask({ options: given, reading: { ...seen, visible }, counts: tasks, kept, at: at + after }).to ?? 0;
        expect(to(seen.visible + more)).toBeGreaterThanOrEqual(to(seen.visible));
      },
    ),
    { numRuns: 4000 },
  );
});

test('a message is never left without a task', () => {
  fc.assert(
    fc.property(options, reading, counts, memory, (given, seen, tasks, { kept, at }) => {
      fc.pre(seen.visible > 0);
      expect(ask({ options: given, reading: seen, counts: tasks, kept, at }).to).toBeGreaterThanOrEqual(1);
    }),
    {
      ...RUNS,
      // A lag of one in the hands of the last task, which is about to stop.
      examples: [
        [
          { target: 1, headroom: 0 },
          { visible: 1, departuresPerSecond: 0 },
          { desired: 0, running: 1, deploying: false },
          { kept: [], at: 0 },
        ],
      ],
    },
  );
});

test('without memory, with an old one or after the clock went back, nobody goes for a minute', () => {
  fc.assert(
    fc.property(
      options,
      reading,
      counts,
      lived,
      fc.constantFrom('none', 'old', 'future'),
      fc.integer({ min: 1, max: 30 }),
      (given, seen, tasks, { kept, at }, what, interval) => {
        const steady = { ...tasks, running: tasks.desired };
        let memory = what === 'none' ? undefined : kept;
        const begin = at + (what === 'future' ? -3600 : 3600);
        for (let passed = 0; passed < 60; passed += interval) {
          const said = ask({
            options: given,
            reading: seen,
            counts: steady,
            kept: memory,
            at: begin + passed,
          });
          expect(said.to).toBeGreaterThanOrEqual(tasks.desired);
          memory = said.kept;
        }
      },
    ),
    { numRuns: 500 },
  );
});
