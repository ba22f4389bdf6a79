/**
 * Step scaling: the highest answer of all steps that the metric has reached (`atLeast` ≤ metric). A step gives a count
 * (`tasks`) or changes the present one (`change`).
 *
 * Where none is reached the answer is that of the lowest step, or the present count if that is less: so more load never
 * gives fewer tasks, whatever the steps, and a sleeping service stays asleep.
 *
 * It is the table of aws-fargate-fast-autoscaler (`shared/facts/seeds.md`, system D: ≥ 500 → 20, ≥ 300 → 15, ≥ 100 → 10, ≥ 50 → 2) and
 * differs from it below the lowest step: there that one does nothing, so that 20 tasks stay at 40 connections and go to 2 at
 * 60. Ours go to 2 at both.
 *
 * A `change` that adds would add at every tick while the first tasks still start, hence `adds`, which the guard `starting`
 * works on. Where a count was reached as well, the guard may take away what the change adds, not what the count asks for:
 * `adds` reaches from the tasks that are there up to it at least.
 *
 * Source: step adjustments of Application Auto Scaling, but for gaps between the steps, which it doesn't allow.
 */
import type { PolicyOf } from '../../contract/policies.ts';
import { notStarted } from '../guards/starting.ts';
import type { Recommendation, Situation } from './policy.ts';

type Step = PolicyOf<'steps'>['steps'][number];

const answerOf = ({ tasks, change = 0 }: Step, from: number): number => tasks ?? Math.max(0, from + change);

const highest = (steps: readonly Step[], from: number): Step | undefined =>
  [...steps].sort((one, other) => answerOf(other, from) - answerOf(one, from))[0];

const sentence = ({ tasks, change = 0 }: Step, from: number): string =>
  tasks === undefined ? `${from} ${change < 0 ? '-' : '+'} ${Math.abs(change)}` : `${tasks}`;

export const steps = (policy: PolicyOf<'steps'>, { from, counts, measure }: Situation): Recommendation => {
  const { metric, steps: all } = policy;
  const measured = measure(metric);
  if (!measured.known) return measured;

  const reached = all.filter(({ atLeast }) => atLeast <= measured.value);
  const winner = highest(reached, from);
  if (winner === undefined) {
    const lowest = Math.min(...all.map(({ atLeast }) => atLeast));
    const first = highest(
      all.filter(({ atLeast }) => atLeast === lowest),
      from,
    );
    const to = Math.min(from, first === undefined ? from : answerOf(first, from));
    return { known: true, to, why: `${measured.said}, below the lowest step of ${lowest}` };
  }

  const { change = 0, atLeast } = winner;
  const to = answerOf(winner, from);
  const why = `${measured.said}, at least ${atLeast}: ${sentence(winner, from)}`;
  if (change <= 0) return { known: true, to, why };
  const whole = Math.max(0, ...reached.flatMap(({ tasks }) => tasks ?? []));
  const there = from - notStarted(counts);
  return { known: true, to, adds: Math.max(change, whole - there), why };
};
