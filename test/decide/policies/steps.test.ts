/** Step scaling, and system D's table (shared/facts/seeds.md). */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { steady, tell } from '../../../local/simulation/story.ts';
import { counts, tools } from '../../samples.ts';
import { ask, measure, story } from './tick.ts';

const RUNS = { numRuns: 1000 };

describe('system D: connections per task', () => {
  const policy = {
    type: 'steps',
    metric: 'value',
    steps: [
      { atLeast: 500, tasks: 20 },
      { atLeast: 300, tasks: 15 },
      { atLeast: 100, tasks: 10 },
      { atLeast: 50, tasks: 2 },
    ],
  };
  const rows = [
    { connections: 5000, answer: 20 },
    { connections: 500, answer: 20 },
    { connections: 499, answer: 15 },
    { connections: 300, answer: 15 },
    { connections: 299, answer: 10 },
    { connections: 100, answer: 10 },
    { connections: 99.9, answer: 2 },
    { connections: 50, answer: 2 },
  ];
  test.each(rows)('$connections → $answer from 1 task, and from 30', ({ connections, answer }) => {
    const reading = measure(connections);
    expect(ask(policy, { reading, tasks: 1 }).to).toBe(answer);
    expect(ask(policy, { reading, tasks: 30 }).to).toBe(answer);
  });

  test.each(rows)('with scale-in disabled $connections gives $answer or what there is', (row) => {
    const decided = (from: number) =>
      story(policy, [{ reading: measure(row.connections), tasks: from }], { disableScaleIn: true })[0]?.to;
    expect([1, 2, 12, 30].map(decided)).toEqual([1, 2, 12, 30].map((from) => Math.max(from, row.answer)));
  });

  test.each([
    { connections: 49, from: 0, answer: 0 },
    { connections: 49, from: 1, answer: 1 },
    { connections: 49, from: 2, answer: 2 },
    // System D stays at 20 here, and goes to 2 at 50.
    { connections: 49, from: 20, answer: 2 },
    { connections: 0, from: 20, answer: 2 },
  ])('below the lowest step: $connections at $from tasks → $answer', ({ connections, from, answer }) => {
    const { to, why } = ask(policy, { reading: measure(connections), tasks: from });
    expect(to).toBe(answer);
    expect(why).toBe(`value is ${connections}, below the lowest step of 50`);
  });
});

describe('changes', () => {
  const policy = {
    type: 'steps',
    steps: [
      { atLeast: 200, change: 5 },
      { atLeast: 0, change: -1 },
      { atLeast: 50, change: 0 },
      { atLeast: 100, change: 2 },
    ],
  };
  test.each([
    { value: -3, from: 10, answer: 9 },
    { value: 0, from: 10, answer: 9 },
    { value: 49, from: 0, answer: 0 },
    { value: 50, from: 10, answer: 10 },
    { value: 100, from: 10, answer: 12 },
    { value: 1000, from: 10, answer: 15 },
    { value: 1000, from: 0, answer: 5 },
  ])('$value at $from tasks → $answer', ({ value, from, answer }) => {
    expect(ask(policy, { reading: measure(value), tasks: from }).to).toBe(answer);
  });

  test('says what it did', () => {
    expect(ask(policy, { reading: measure(100), tasks: 10 }).why).toBe(
      'backlog is 100, at least 100: 10 + 2',
    );
    expect(ask(policy, { reading: measure(7), tasks: 10 }).why).toBe('backlog is 7, at least 0: 10 - 1');
  });

  test('what it added is not added again while it starts', () => {
    const reading = measure(120);
    const decisions = story(policy, [
      { at: 0, reading, tasks: 10 },
      { at: 5, reading, tasks: counts(12, 10) },
      { at: 10, reading, tasks: counts(12, 11) },
      { at: 15, reading, tasks: counts(13, 13) },
    ]);
    expect(decisions.map(({ to }) => to)).toEqual([12, 12, 13, 15]);
    expect(decisions[1]?.reasons[1]).toMatchObject({ by: 'starting', said: 12 });
  });

  test('at a tick of a second they compound no faster than tasks start', () => {
    const { ticks } = tell({
      service: { tasks: { max: 500 }, policy: { type: 'steps', steps: [{ atLeast: 10, change: 3 }] } },
      tools,
      ...{ interval: 1, startUp: 30, seconds: 90, tasks: 1 },
      load: steady(() => 100, 60),
    });
    const most = (until: number) =>
      Math.max(...ticks.filter(({ t }) => t <= until).map(({ decision }) => decision.to));
    expect([most(30), most(60), most(89)]).toEqual([4, 7, 10]);
  });
});

describe('counts and changes together', () => {
  const both = (change: number) => ({
    type: 'steps',
    steps: [
      { atLeast: 10, tasks: 15 },
      { atLeast: 20, change },
    ],
  });
  test('the highest answer of all that are reached', () => {
    expect(ask(both(3), { reading: measure(20), tasks: 10 }).to).toBe(15);
    expect(ask(both(8), { reading: measure(20), tasks: 10 }).to).toBe(18);
    expect(ask(both(8), { reading: measure(19), tasks: 10 }).to).toBe(15);
  });
  test('tasks that start take from the change and not from the count', () => {
    expect(ask(both(6), { reading: measure(20), tasks: counts(10, 2) }).to).toBe(15);
    expect(ask(both(20), { reading: measure(20), tasks: counts(10, 2) }).to).toBe(22);
  });
});

const step = fc.oneof(
  fc.record({ atLeast: fc.integer({ min: -100, max: 1000 }), tasks: fc.nat({ max: 60 }) }),
  fc.record({ atLeast: fc.integer({ min: -100, max: 1000 }), change: fc.integer({ min: -20, max: 20 }) }),
);
const anyCounts = fc.record({
  desired: fc.nat({ max: 60 }),
  running: fc.nat({ max: 60 }),
  pending: fc.nat({ max: 60 }),
  deploying: fc.boolean(),
});
const load = fc.oneof(
  fc.integer({ min: -200, max: 1100 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

test('more load never gives fewer tasks, whatever the steps', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 6 }),
      anyCounts,
      load,
      load,
      (steps, tasks, one, other) => {
        const config = { deployment: 'any' };
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map(
          (value) => story({ type: 'steps', steps }, [{ reading: measure(value), tasks }], config)[0]?.to,
        );
        expect(Number.isSafeInteger(less) && Number.isSafeInteger(more)).toBe(true);
        expect(more).toBeGreaterThanOrEqual(less as number);
      },
    ),
    RUNS,
  );
});

test('counts alone settle at once, whatever there is', () => {
  const tasksOnly = fc.record({ atLeast: fc.nat({ max: 1000 }), tasks: fc.nat({ max: 60 }) });
  fc.assert(
    fc.property(
      fc.array(tasksOnly, { minLength: 1, maxLength: 6 }),
      fc.nat({ max: 60 }),
      fc.nat({ max: 1000 }),
      (steps, from, value) => {
        const next = (tasks: number) => ask({ type: 'steps', steps }, { reading: measure(value), tasks }).to;
        const first = next(from);
        expect(next(first)).toBe(first);
      },
    ),
    RUNS,
  );
});
