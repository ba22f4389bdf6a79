/** What became of the services of a lane: whether the healthy ones were disturbed, and what the failing ones said. */
import { keyOf } from '../../lambdas/contract/config.ts';
import type { Decision } from '../../lambdas/contract/records.ts';
import type { Member } from './fleet.ts';
import { decisionsOf, outcomesOf, type Watch } from './watch.ts';

/** When the burst of each service was in its queue, on the clock of `performance`, by `cluster/service`. */
export type Bursts = ReadonlyMap<string, number>;

/** Why the counts or the reading of a decision are unknown. */
const unknownIn = ({ reading, reasons }: Decision): string | undefined =>
  reading.known ? reasons.find(({ by }) => by === 'unknown')?.why : reading.why;

/** In which tick that began after a burst its service has more tasks accepted; 0: in one that had begun already, undefined: never. */
export const ticksToFollow = (watch: Watch, key: string, burst: number): number | undefined => {
  const outs = watch.ticks.filter(({ outcomes }) =>
    outcomes.some((each) => keyOf(each) === key && each.applied && each.direction === 'out'),
  );
  const [first] = outs;
  return first && watch.ticks.filter(({ began }) => began >= burst && began <= first.began).length;
};

const MOST_TICKS = 2;

/** So many ticks open connections, load modules and warm the compiler; the bursts come after them. */
export const WARM_UP = 2;

export const isScaledIn = (watch: Watch, key: string): boolean =>
  outcomesOf(watch, key).some(({ applied, direction }) => applied && direction === 'in');

/** What is wrong with a service that should be well; empty: nothing. */
export const disturbances = (watch: Watch, member: Member, bursts: Bursts): readonly string[] => {
  const key = keyOf(member);
  const decisions = decisionsOf(watch, key).slice(WARM_UP);
  const unseen = decisions.flatMap((each) => (each === undefined ? [] : (unknownIn(each) ?? [])));
  const missing = decisions.filter((each) => each === undefined).length;
  const refused = outcomesOf(watch, key).filter(({ applied }) => !applied);
  const burst = bursts.get(key);
  const ticks = burst === undefined ? undefined : ticksToFollow(watch, key, burst);
  const late = ticks === undefined || (!member.grouped && ticks > MOST_TICKS);
  return [
    ...(missing > 0 ? [`no decision in ${missing} ticks`] : []),
    ...(unseen.length > 0 ? [`unknown in ${unseen.length} ticks: ${unseen[0]}`] : []),
    ...refused.slice(0, 1).map(({ error }) => `not applied: ${error}`),
    ...(late ? [`followed its burst ${ticks === undefined ? 'never' : `after ${ticks} ticks`}`] : []),
    ...(isScaledIn(watch, key) ? [] : ['never scaled in']),
  ];
};

/** The last that a failing service said of its failure. */
export const saidBy = (watch: Watch, member: Member): string => {
  const key = keyOf(member);
  const refused = outcomesOf(watch, key).findLast(({ applied }) => !applied)?.error;
  const unknown = decisionsOf(watch, key).findLast((each) => each !== undefined);
  return refused ?? (unknown && unknownIn(unknown)) ?? '';
};

/** Whether it said what is wrong at every tick, and was left alone. */
export const failsWell = (watch: Watch, member: Member): boolean => {
  const key = keyOf(member);
  const applied = outcomesOf(watch, key).some((each) => each.applied);
  const silent =
    member.failure?.ecs === 'denied'
      ? []
      : decisionsOf(watch, key).filter((each) => each === undefined || unknownIn(each) === undefined);
  return !applied && silent.length === 0 && member.failure?.says.test(saidBy(watch, member)) === true;
};

/** The most tasks that the services which share the budget were given in one tick. */
export const mostShared = ({ ticks }: Watch, members: readonly Member[]): number => {
  const keys = new Set(members.filter(({ grouped }) => grouped).map(keyOf));
  const sums = ticks.map(({ decisions }) =>
    decisions.reduce((sum, each) => sum + (keys.has(keyOf(each)) ? each.to : 0), 0),
  );
  return Math.max(0, ...sums);
};
