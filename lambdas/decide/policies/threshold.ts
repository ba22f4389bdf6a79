/**
 * fast-autoscaler's rule (`shared/facts/seeds.md`, system A). n = messages, t = present desired count:
 *
 * - n > up:   t + max(1, trunc(n × tasksPerMessage)), one step at most `stepCount` where that is set
 * - n < down: max(trunc(n × tasksPerMessage), trunc(t × maxScaleDownFactor))
 * - else:     t
 *
 * It was made for one decision a minute. At a tick of seconds it would add tasks for the same backlog at every tick while
 * the first ones still start, hence `adds`, which the guard `starting` works on. That alone adds once per start-up: with 30 s of
 * it, 3000 messages of 2 s at once would get 98 tasks, where one decision a minute gets 60. So within a minute t is the count at
 * which it began to add, and that gets 67: a larger backlog still gets at once what is missing, the same one nothing more.
 *
 * Kept: [when that minute began, in epoch seconds; the count then].
 */
import type { PolicyOf } from '../../contract/policies.ts';
import { backlogOf, type Kept, needsMessages, type Recommendation, type Situation } from './policy.ts';

const MINUTE = 60;

/** The minute that runs, if any. */
const minuteOf = (
  kept: Kept | undefined,
  now: number,
): { readonly began: number; readonly count: number } | undefined => {
  const [began = Number.NaN, count = Number.NaN] = kept ?? [];
  return began <= now && now - began < MINUTE && count >= 0 ? { began, count: Math.trunc(count) } : undefined;
};

export const threshold = (
  policy: PolicyOf<'threshold'>,
  { reading, from, at, kept }: Situation,
): Recommendation => {
  const backlog = backlogOf(reading, policy.combined);
  if (backlog === undefined) return needsMessages('threshold');
  const { size, said } = backlog;
  const now = Math.round(at);
  const minute = minuteOf(kept, now);
  const share = Math.trunc(size * policy.tasksPerMessage);

  if (size > policy.scaleUpThreshold) {
    const wanted = Math.max(1, share);
    const adds = Math.min(wanted, policy.stepCount ?? wanted);
    const capped = adds < wanted ? `, at most ${adds} a step` : '';
    const base = Math.min(from, minute?.count ?? from);
    const once =
      minute !== undefined && base < from
        ? `, once a minute, and that began ${now - minute.began} s ago`
        : '';
    return {
      known: true,
      to: Math.max(from, base + adds),
      adds,
      why: `${said}, above ${policy.scaleUpThreshold}: ${base} + ${wanted}${capped}${once}`,
      kept: minute === undefined ? [now, from] : [minute.began, minute.count],
    };
  }
  const keeps = minute === undefined ? { kept: [] } : {};
  if (size < policy.scaleDownThreshold) {
    const left = Math.trunc(from * policy.maxScaleDownFactor);
    return {
      known: true,
      ...keeps,
      to: Math.max(share, left),
      why: `${said}, below ${policy.scaleDownThreshold}: the larger of ${share} for the messages and ${left} (${policy.maxScaleDownFactor} of ${from})`,
    };
  }
  return {
    known: true,
    ...keeps,
    to: from,
    why: `${said}, between ${policy.scaleDownThreshold} and ${policy.scaleUpThreshold}`,
  };
};
