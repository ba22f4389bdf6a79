/** Several policies and sources, and what readings are good for whatever the rule. */
import { expect, test } from '@jest/globals';
import { decide } from '../../lambdas/decide/decide.ts';
import { AT, circumstances, counts, sample, seen, service } from '../samples.ts';

const now = circumstances();

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
