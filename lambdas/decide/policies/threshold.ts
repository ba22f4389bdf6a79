/**
 * fast-autoscaler's rule (`shared/facts/seeds.md`, system A). n = messages, t = present desired count:
 *
 * - n > up:   t + max(1, trunc(n × tasksPerMessage)), one step at most `stepCount` where that is set
 * - n < down: max(trunc(n × tasksPerMessage), trunc(t × maxScaleDownFactor))
 * - else:     t
 *
 * It was made for one decision a minute. At a tick of seconds it would add tasks for the same backlog at every tick while
 * the first ones still start, hence `adds`, which the guard `starting` works on.
 */
import type { PolicyOf } from '../../contract/policies.ts';
import { backlogOf, needsMessages, type Recommendation, type Situation } from './policy.ts';

export const threshold = (policy: PolicyOf<'threshold'>, { reading, from }: Situation): Recommendation => {
  const backlog = backlogOf(reading, policy.combined);
  if (backlog === undefined) return needsMessages('threshold');
  const { size, said } = backlog;
  const share = Math.trunc(size * policy.tasksPerMessage);

  if (size > policy.scaleUpThreshold) {
    const wanted = Math.max(1, share);
    const adds = Math.min(wanted, policy.stepCount ?? wanted);
    const capped = adds < wanted ? `, at most ${adds} a step` : '';
    return {
      known: true,
      to: from + adds,
      adds,
      why: `${said}, above ${policy.scaleUpThreshold}: ${from} + ${wanted}${capped}`,
    };
  }
  if (size < policy.scaleDownThreshold) {
    const kept = Math.trunc(from * policy.maxScaleDownFactor);
    return {
      known: true,
      to: Math.max(share, kept),
      why: `${said}, below ${policy.scaleDownThreshold}: the larger of ${share} for the messages and ${kept} (${policy.maxScaleDownFactor} of ${from})`,
    };
  }
  return {
    known: true,
    to: from,
    why: `${said}, between ${policy.scaleDownThreshold} and ${policy.scaleUpThreshold}`,
  };
};
