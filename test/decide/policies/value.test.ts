/** The HPA's value target: running tasks × metric / target. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { counts } from '../../samples.ts';
import { ask, measure, story } from './tick.ts';

const RUNS = { numRuns: 2000 };
const cpu = (given: object = {}) => ({ type: 'value', target: 70, ...given });

describe('the answer', () => {
  test.each([
    { value: 140, from: 4, answer: 8 },
    { value: 100, from: 4, answer: 6 },
    { value: 35, from: 4, answer: 2 },
    { value: 36, from: 4, answer: 3 },
    { value: 0, from: 4, answer: 0 },
    { value: -5, from: 4, answer: 0 },
    // Of HPA v2's own tests: ratios 1.4, 0.95 and 0.3 of 3 tasks.
    { value: 98, from: 3, answer: 5 },
    { value: 66.5, from: 3, answer: 3 },
    { value: 21, from: 3, answer: 1 },
    // Tolerance 10 %, bounds included.
    { value: 77, from: 10, answer: 10 },
    { value: 77.1, from: 10, answer: 12 },
    { value: 63, from: 10, answer: 10 },
    { value: 62.9, from: 10, answer: 9 },
  ])('$value of 70 at $from tasks → $answer', ({ value, from, answer }) => {
    expect(ask(cpu(), { reading: measure(value), tasks: from }).to).toBe(answer);
  });

  test.each([
    { value: 72, tolerance: { out: 0.02, in: 0.3 }, answer: 11 },
    { value: 50, tolerance: { out: 0.02, in: 0.3 }, answer: 10 },
    { value: 48, tolerance: { out: 0.02, in: 0.3 }, answer: 7 },
    { value: 90, tolerance: { out: 0.3, in: 0.02 }, answer: 10 },
    { value: 68, tolerance: { out: 0.3, in: 0.02 }, answer: 10 },
    { value: 0, tolerance: { out: 0, in: 1 }, answer: 10 },
    { value: -5, tolerance: { out: 0, in: 1 }, answer: 10 },
  ])('$value with tolerance $tolerance → $answer', ({ value, tolerance, answer }) => {
    expect(ask(cpu({ tolerance }), { reading: measure(value), tasks: 10 }).to).toBe(answer);
  });

  test.each([
    { value: 1.1, target: 1, from: 100, answer: 110 },
    { value: 88, target: 80, from: 100, answer: 110 },
    { value: 16.1, target: 7, from: 10, answer: 23 },
    { value: 0.56, target: 0.08, from: 1, answer: 7 },
    { value: 0.56001, target: 0.08, from: 1, answer: 8 },
  ])('floating point adds no task: $value / $target × $from → $answer', ({ value, target, from, answer }) => {
    const tolerance = { out: 0, in: 0 };
    expect(ask(cpu({ target, tolerance }), { reading: measure(value), tasks: from }).to).toBe(answer);
  });

  test('floating point does not move the bounds of the tolerance', () => {
    // 0.1 × 17 is 1.7000000000000002.
    const policy = cpu({ metric: 'value * 17', target: 1, tolerance: { out: 0.7, in: 0.1 } });
    expect(ask(policy, { reading: measure(0.1), tasks: 10 }).to).toBe(10);
  });

  test('arithmetic is measured, and says what it came to', () => {
    const policy = cpu({ metric: 'value / running', target: 12.5 });
    const { to, why } = ask(policy, { reading: measure(100), tasks: 3 });
    expect(to).toBe(8);
    expect(why).toBe('value / running is 33.33 (value 100, running 3), target 12.5, × 3 running: 8');
  });

  test('what is not reported holds the count', () => {
    const { to, why } = ask(cpu({ metric: 'memory' }), { reading: measure(500), tasks: 3 });
    expect(to).toBe(3);
    expect(why).toContain('nothing is called memory');
  });
});

describe('from 0', () => {
  test.each([
    { value: 0, answer: 0 },
    { value: -1, answer: 0 },
    { value: 0.001, answer: 1 },
    { value: 70, answer: 1 },
    // Of HPA v2's own tests: a ratio of 2 at 0 tasks gives 2.
    { value: 140, answer: 2 },
  ])('$value of 70 → $answer', ({ value, answer }) => {
    expect(ask(cpu(), { reading: measure(value), tasks: 0 }).to).toBe(answer);
  });

  test('what is starting is not multiplied at every tick', () => {
    const reading = measure(210);
    const decisions = story(cpu(), [
      { at: 0, reading, tasks: 0 },
      { at: 5, reading, tasks: { desired: 3, running: 0, pending: 0, deploying: false } },
      { at: 10, reading, tasks: counts(3, 0) },
      { at: 15, reading, tasks: counts(3, 1) },
      { at: 20, reading, tasks: counts(3, 2) },
    ]);
    expect(decisions.map(({ to }) => to)).toEqual([3, 3, 3, 3, 6]);
  });
});

describe('while tasks start', () => {
  test.each([
    { value: 140, answer: 10, why: 'backlog is 140, target 70, × 5 running: 10' },
    { value: 100, answer: 10, why: 'backlog is 100, target 70, × 5 running: 8, 10 asked for' },
    { value: 280, answer: 20, why: 'backlog is 280, target 70, × 5 running: 20' },
    { value: 70, answer: 10, why: 'backlog is 70, target 70, within the tolerance of 10' },
    { value: 35, answer: 3, why: 'backlog is 35, target 70, × 5 running: 3' },
    { value: 0, answer: 0, why: 'backlog is 0, target 70, × 5 running: 0' },
  ])('5 of 10 running at $value of 70 → $answer', ({ value, answer, why }) => {
    expect(ask(cpu(), { reading: measure(value), tasks: counts(10, 5) })).toMatchObject({ to: answer, why });
  });

  test('tasks that have all died use no CPU, and are not taken away for it', () => {
    expect(ask(cpu(), { reading: measure(0), tasks: counts(10, 0) }).to).toBe(10);
  });

  test('more than desired: those of the last scale-in or of an old deployment are not multiplied', () => {
    const tasks = { desired: 4, running: 9, pending: 0, deploying: false };
    expect(ask(cpu(), { reading: measure(140), tasks }).to).toBe(8);
  });
});

describe('counts without running', () => {
  const bare = { desired: 10, running: 0, pending: 0, deploying: false };
  test('all desired tasks carry', () => {
    expect(ask(cpu(), { reading: measure(105), tasks: bare }).to).toBe(15);
    expect(ask(cpu(), { reading: measure(35), tasks: bare }).to).toBe(5);
  });
  test('once tasks were seen it means that none runs', () => {
    const decisions = story(cpu(), [
      { at: 0, reading: measure(70), tasks: 10 },
      { at: 5, reading: measure(140), tasks: bare },
      { at: 10, reading: measure(700), tasks: bare },
    ]);
    expect(decisions.map(({ to }) => to)).toEqual([10, 10, 10]);
  });
});

const load = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double({ min: 0, max: 1000 }));
const anyCounts = fc.record({
  desired: fc.nat({ max: 300 }),
  running: fc.nat({ max: 300 }),
  pending: fc.nat({ max: 300 }),
  deploying: fc.constant(false),
});
const anyKept = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 4 });

test('what is larger than any number is still a number', () => {
  const { said, why } = ask(cpu({ target: 0.001 }), { reading: measure(1e308), tasks: 5 });
  expect(said).toBe(Number.MAX_SAFE_INTEGER);
  expect(why).not.toContain('Infinity');
});

test('more load never gives fewer tasks, whatever it remembers', () => {
  fc.assert(
    fc.property(load, load, anyCounts, anyKept, (one, other, tasks, kept) => {
      fc.pre(!Number.isNaN(one) && !Number.isNaN(other));
      const [less, more] = [Math.min(one, other), Math.max(one, other)].map(
        (value) => ask(cpu(), { reading: measure(value), tasks, kept }).to,
      );
      expect(Number.isSafeInteger(less) && Number.isSafeInteger(more)).toBe(true);
      expect(more).toBeGreaterThanOrEqual(less as number);
    }),
    RUNS,
  );
});

test('a load that spreads over the tasks settles at once and stays', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 5000, noNaN: true }),
      fc.integer({ min: 1, max: 80 }),
      (total, from) => {
        const next = (tasks: number) => ask(cpu(), { reading: measure(total / tasks), tasks }).to;
        const first = next(from);
        expect(next(first)).toBe(first);
      },
    ),
    RUNS,
  );
});
