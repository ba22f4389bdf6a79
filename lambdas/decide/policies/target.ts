/**
 * So many tasks that each has `backlogPerTask` messages: ceil(backlog / backlogPerTask), as the Kubernetes HPA's
 * average-value target. While backlog / (backlogPerTask × present count) lies within the tolerance around 1, bounds
 * included, nothing changes. Unlike the HPA behind KEDA it goes from 0 straight to the computed count.
 *
 * Source of the formula: HPA v2, see `shared/facts/scaling-rules.md`.
 */
import type { PolicyOf } from '../../contract/policies.ts';
import { isTolerated, roundedUp } from '../rounding.ts';
import { backlogOf, needsMessages, type Recommendation, type Situation } from './policy.ts';

export const target = (policy: PolicyOf<'target'>, { reading, from }: Situation): Recommendation => {
  const backlog = backlogOf(reading, policy.count === 'visible+inFlight');
  if (backlog === undefined) return needsMessages('target');
  const { size, said } = backlog;
  const { backlogPerTask, tolerance } = policy;
  const to = roundedUp(size / backlogPerTask);
  const ratio = size / (backlogPerTask * from);
  const tolerated = from > 0 && isTolerated(ratio, tolerance);
  if (tolerated && to !== from) {
    return {
      known: true,
      to: from,
      why: `${said} / ${backlogPerTask} per task is ${to}, within the tolerance of ${from}`,
    };
  }
  return { known: true, to, why: `${said} / ${backlogPerTask} per task` };
};
