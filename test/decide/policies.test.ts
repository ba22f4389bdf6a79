/** The rules as numbers: fast-autoscaler's table (shared/facts/seeds.md) and HPA v2's (scaling-rules.md). */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../lambdas/decide/decide.ts';
import { AT, circumstances, counts, sample, seen, service } from '../samples.ts';

const now = circumstances();

describe('threshold: system A', () => {
  test.each([
    { t: 10, n: 50, min: 1, max: 100, up: 100, down: 10, perMessage: 0.01, factor: 0.5, answer: 10 },
    { t: 10, n: 200, min: 1, max: 100, up: 100, down: 10, perMessage: 0.01, factor: 0.5, answer: 12 },
    { t: 10, n: 5, min: 1, max: 100, up: 100, down: 10, perMessage: 0.01, factor: 0.5, answer: 5 },
    { t: 5, n: 1, min: 3, max: 100, up: 100, down: 10, perMessage: 0.01, factor: 0.5, answer: 3 },
    { t: 90, n: 5000, min: 1, max: 100, up: 100, down: 10, perMessage: 0.01, factor: 0.5, answer: 100 },
  ])('$t tasks, $n messages → $answer', ({ t, n, min, max, up, down, perMessage, factor, answer }) => {
    const policy = {
      type: 'threshold',
      scaleUpThreshold: up,
      scaleDownThreshold: down,
      tasksPerMessage: perMessage,
      maxScaleDownFactor: factor,
    };
    const { decision } = decide(
      sample({ service: service({ policy, tasks: { min, max } }), readings: [seen(n)], counts: counts(t) }),
      now,
    );
    expect(decision).toMatchObject({ from: t, to: answer });
  });

  const scaleOut = (given: object, from: number, n: number, inFlight = 0) =>
    decide(
      sample({
        service: service({ policy: { type: 'threshold', ...given }, tasks: { min: 0, max: 300 } }),
        readings: [seen(n, inFlight)],
        counts: counts(from),
      }),
      now,
    ).decision;

  test('scales out from 0 tasks', () => expect(scaleOut({}, 0, 101).to).toBe(1));
  test('counts what is in flight only when combined', () => {
    expect(scaleOut({}, 10, 90, 20).to).toBe(9);
    expect(scaleOut({ combined: true }, 10, 90, 20).to).toBe(11);
  });
  test('stepCount is the most that one step adds, and says so', () => {
    const decision = scaleOut({ stepCount: 5 }, 10, 5000);
    expect(decision.to).toBe(15);
    expect(decision.reasons[0]?.why).toContain('at most 5 a step');
  });
});

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
});

test('several policies and sources: the highest answer wins, and every one is told', () => {
  const policies = [
    { type: 'target', backlogPerTask: 10 },
    { type: 'threshold', tasksPerMessage: 0.1 },
  ];
  const { decision } = decide(
    sample({
      service: service({ policy: undefined, policies }),
      readings: [seen(100), seen(300)],
      counts: counts(20),
    }),
    now,
  );
  expect(decision.reasons.slice(0, 4).map(({ said }) => said)).toEqual([10, 30, 20, 50]);
  expect(decision).toMatchObject({ to: 50, reading: { visible: 300 } });
});

test('a reading without messages and without a value is no zero', () => {
  const { decision } = decide(
    sample({ readings: [{ known: true, delayed: 12, at: AT }], counts: counts(5) }),
    now,
  );
  expect(decision).toMatchObject({ to: 5, direction: 'hold' });
  expect(decision.reasons[0]?.why).toContain('needs a number of messages');
});

test('a source that is no queue is scaled on its value', () => {
  const { decision } = decide(
    sample({ readings: [{ known: true, value: 120, at: AT }], counts: counts(5) }),
    now,
  );
  expect(decision).toMatchObject({ to: 12, reasons: [{ why: 'value 120 / 10 per task' }] });
});

test('no more tasks than can work at once, and the reason says so', () => {
  const partitioned = (visible: number) =>
    decide(sample({ readings: [{ known: true, visible, parallelism: 5, at: AT }], counts: counts(2) }), now)
      .decision;
  expect(partitioned(59)).toMatchObject({
    to: 5,
    reasons: [{ said: 5, why: expect.stringContaining('at most 5 can work at once') }],
  });
  expect(partitioned(30).to).toBe(3);
});

test('a floor scales out and never in', () => {
  const decided = (visible: number) =>
    decide(
      sample({
        readings: [{ known: true, visible, atLeast: true, notes: ['partition 3 has no leader'], at: AT }],
        counts: counts(5),
      }),
      now,
    ).decision;
  expect(decided(200)).toMatchObject({ to: 20, direction: 'out' });
  expect(decided(1)).toMatchObject({ to: 5, direction: 'hold' });
  expect(decided(1).reasons.at(-1)?.why).toContain('partition 3 has no leader');
});
