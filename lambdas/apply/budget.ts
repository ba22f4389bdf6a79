/**
 * The last word on a budget that services share. decide lowers one service so that another may grow; where ECS did not take the lower count,
 * that room was not made, and whoever was to have it waits for a tick in which it is.
 */

import { keyOf } from '../contract/config.ts';
import type { Group } from '../contract/groups.ts';
import type { Decision } from '../contract/records.ts';

const total = (members: readonly Decision[], countOf: (each: Decision) => number): number =>
  members.reduce((sum, each) => sum + countOf(each), 0);

/**
 * Scale-outs to be kept back, by `cluster/service`, each with the reason: the lowest ranks first, as few as it takes.
 *
 * @param accepted whether ECS has taken a scale-in, as far as that is known
 */
export const keptBack = (
  decisions: readonly Decision[],
  groups: readonly Group[],
  accepted: (scaleIn: Decision) => boolean,
): ReadonlyMap<string, string> => {
  const kept = new Map<string, string>();
  for (const { services, maxTotalTasks, rank } of groups) {
    const members = decisions.filter((each) => services.includes(keyOf(each)));
    const refused = members.filter((each) => each.direction === 'in' && !accepted(each));
    if (refused.length === 0) continue;
    const rankOf = (each: Decision): number => rank[keyOf(each)] ?? 0;
    const outs = members
      .filter(({ direction }) => direction === 'out')
      .sort((one, other) => rankOf(one) - rankOf(other));
    let sum = total(members, (each) => (refused.includes(each) ? each.from : each.to));
    for (const out of outs) {
      if (sum <= maxTotalTasks) break;
      sum -= out.to - out.from;
      const room = refused.map(keyOf).join(', ');
      kept.set(keyOf(out), `kept back: ${room} did not make room in the budget of ${maxTotalTasks} tasks`);
    }
  }
  return kept;
};
