/**
 * So many tasks that a metric of each of them (CPU, connections per task) comes to its target: ceil(tasks × metric / target),
 * as the Kubernetes HPA's value target. Inside the tolerance, bounds included, nothing changes.
 *
 * The metric says how loaded those tasks are that carry the load, so it multiplies these and not the desired count: the
 * running ones, at most the desired. With 5 of 10 running at twice the target, 10 are needed and asked for already; 10 × 2
 * would ask for 20, and at the next tick for 40. The answer has three ranges:
 *
 * - above the tolerance: ceil(carrying × ratio), never fewer than the desired count, since what starts is needed
 * - within it: the desired count. What starts is not cut: 5 of 10 at their target say nothing about the other 5 yet
 * - below it: ceil(carrying × ratio), never more than the desired count. 5 of 10 at half the target do the work of 3, and 3 it is
 *
 * Where none carry it (the count is 0, or all are still starting), the ratio is taken for that of one task, as the HPA does
 * at 0: any load at all wakes a service, at every further tick of its start-up the answer stays what it was, and a service
 * whose tasks have all died, and so use no CPU, is not scaled in for it.
 *
 * Gotchas: a metric that only running tasks have can't wake a service, so its `tasks.min` is 1 at least. Counts that somebody
 * feeds in by hand may come without *running*, which then reads 0; all desired tasks then carry. A service that cannot place
 * its tasks looks the same and must not be multiplied at every tick, so the policy keeps a 1 once it has seen a task run or
 * start, or a count of 0, from where the first one starts.
 *
 * Source of the formula: HPA v2, see `shared/facts/scaling-rules.md`, and `getUsageRatioReplicaCount` of its replica
 * calculator, which multiplies ready pods as well, and takes ceil(ratio) at 0. It has no floor for what is starting.
 */
import type { PolicyOf } from '../../contract/policies.ts';
import { isTolerated, roundedUp } from '../rounding.ts';
import type { Recommendation, Situation } from './policy.ts';

export const value = (policy: PolicyOf<'value'>, situation: Situation): Recommendation => {
  const { from, counts, measure } = situation;
  const { metric, target, tolerance } = policy;
  const measured = measure(metric);
  if (!measured.known) return measured;

  const isReported = from === 0 || counts.running > 0 || counts.pending > 0;
  const kept = isReported ? [1] : (situation.kept ?? []);
  const carrying = kept.length > 0 ? Math.min(from, counts.running) : from;
  const ratio = Math.max(0, measured.value) / target;
  const said = `${measured.said}, target ${target}`;
  if (from > 0 && isTolerated(ratio, tolerance))
    return { known: true, to: from, why: `${said}, within the tolerance of ${from}`, kept };

  const needed = Math.min(roundedUp(Math.max(1, carrying) * ratio), Number.MAX_SAFE_INTEGER);
  const why = `${said}, ${carrying > 0 ? `× ${carrying} running` : 'none running'}: ${needed}`;
  const scalesOut = ratio > 1 || carrying === 0;
  const to = scalesOut ? Math.max(from, needed) : Math.min(from, needed);
  return { known: true, to, why: to === needed ? why : `${why}, ${from} asked for`, kept };
};
