/** The HPA's average-value target as numbers (shared/facts/scaling-rules.md). */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../../lambdas/decide/decide.ts';
import { AT, circumstances, counts, sample, seen, service } from '../../samples.ts';

const now = circumstances();

describe('target: HPA average value', () => {
  test.each([
    { backlog: 8600, target: 2150, from: 3, answer: 4 },
    { backlog: 8600, target: 2900, from: 3, answer: 3 },
    { backlog: 8600, target: 2800, from: 3, tolerance: { out: 0.01, in: 0.1 }, answer: 4 },
    { backlog: 20_000, target: 5000, from: 0, answer: 4 },
    { backlog: 0, target: 10, from: 0, answer: 0 },
    { backlog: 0, target: 10, from: 5, answer: 0 },
    { backlog: 1, target: 10, from: 0, answer: 1 },
    { backlog: 110, target: 10, from: 10, answer: 10 },
    { backlog: 111, target: 10, from: 10, answer: 12 },
    { backlog: 90, target: 10, from: 10, answer: 10 },
    { backlog: 89, target: 10, from: 10, answer: 9 },
  ])('$backlog at $target per task, $from tasks → $answer', ({ backlog, target, from, answer, ...rest }) => {
    const policy = { type: 'target', backlogPerTask: target, ...rest };
    const { decision } = decide(
      sample({ service: service({ policy }), readings: [seen(backlog)], counts: counts(from) }),
      now,
    );
    expect(decision.to).toBe(answer);
  });

  test('more backlog never gives fewer tasks', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 5000 }),
        fc.nat({ max: 5000 }),
        fc.nat({ max: 60 }),
        (backlog, more, from) => {
          const to = (visible: number) =>
            decide(sample({ readings: [seen(visible)], counts: counts(from) }), now).decision.to;
          expect(to(backlog + more)).toBeGreaterThanOrEqual(to(backlog));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('counts what is in flight by default, and only the visible when told', () => {
    const readings = [seen(10, 90)];
    expect(decide(sample({ readings }), now).decision.to).toBe(10);
    const policy = { type: 'target', backlogPerTask: 10, count: 'visible' };
    expect(decide(sample({ service: service({ policy }), readings }), now).decision.to).toBe(1);
  });

  test.each([
    { backlog: 21, target: 0.7, from: 0, answer: 30 },
    { backlog: 22, target: 0.7, from: 0, answer: 32 },
    // 90 % of 50 tasks' worth, the lower bound of the tolerance.
    { backlog: 99, target: 2.2, from: 50, answer: 50 },
  ])('floating point adds no task: $backlog at $target', ({ backlog, target, from, answer }) => {
    const policy = { type: 'target', backlogPerTask: target };
    const given = { service: service({ policy }), readings: [seen(backlog)], counts: counts(from) };
    expect(decide(sample(given), now).decision.to).toBe(answer);
  });
});

test('a source that is no queue is scaled on its value', () => {
  const { decision } = decide(
    sample({ readings: [{ known: true, value: 120, at: AT }], counts: counts(5) }),
    now,
  );
  expect(decision).toMatchObject({ to: 12, reasons: [{ why: 'value 120 / 10 per task' }] });
});
