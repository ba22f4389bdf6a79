/**
 * Services that share a budget of tasks: from what each of them wants to what each of them gets.
 *
 * The story: first everybody has its min. Then, rank by rank, everybody what it cannot be brought below in this tick; and then, again rank by
 * rank, what it wants. Where a rank is the first that does not get all of it, its members share by need, and who ranks lower gets no more.
 *
 * Gotchas:
 * - What nobody here can change (a dry run, a count that could not be read) counts as it is, even above the budget; the others share what it
 *   leaves, their min at least.
 * - The shares of equals move with every wish, and each move of a share would stop a task here and start one there, which costs a start-up
 *   and wins nothing. So whoever runs up to a tenth more than its share (a task at least) keeps it; only beyond that it is set to its share.
 */
import type { Group } from '../contract/groups.ts';

export interface Claim {
  /** `cluster/service` */
  readonly key: string;
  /** The count now, and the count it wants after all guards. */
  readonly from: number;
  readonly to: number;
  readonly min: number;
  /** Nobody can change its count in this tick: it counts as `to`. */
  readonly fixed: boolean;
  /** What it can't be brought below in this tick, unless the floors together pass the budget. */
  readonly floor: number;
}

export interface Granted {
  readonly to: number;
  readonly why: string;
}

const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0);

/** `amount` in proportion to the needs, in whole tasks: what the division leaves goes to the largest remainders, the first ones among equals. */
const apportioned = (amount: number, needs: readonly number[]): readonly number[] => {
  const all = sum(needs);
  if (amount >= all) return needs;
  const parts = needs.map((need) => Math.floor((need * amount) / all));
  const next = needs
    .map((need, nth) => [(need * amount) % all, nth] as const)
    .sort(([one], [other]) => other - one)
    .slice(0, amount - sum(parts));
  for (const [, nth] of next) parts[nth] = (parts[nth] ?? 0) + 1;
  return parts;
};

interface Need {
  readonly from: number;
  /** What it has for certain, and what it wants. */
  readonly low: number;
  readonly high: number;
}

/** What equals get of `amount` above what they have: their shares, and who runs a little more than its share keeps that. */
const shared = (amount: number, needs: readonly Need[]): readonly number[] => {
  const wants = needs.map(({ low, high }) => high - low);
  const shares = apportioned(amount, wants);
  if (shares === wants) return wants;
  const all = sum(wants);
  const keeps = needs.map(({ from, low, high }, nth) => {
    const share = low + ((high - low) * amount) / all;
    const keepsIt = from <= share + Math.max(1, share / 10);
    return keepsIt ? Math.max(0, Math.min(from, high) - low) : (shares[nth] ?? 0);
  });
  // Those above their shares give what is too much, those below get what is left: neither goes beyond its share.
  const rest = amount - sum(keeps);
  const sign = Math.sign(rest);
  const moves = apportioned(
    Math.abs(rest),
    shares.map((share, nth) => Math.max(0, sign * (share - (keeps[nth] ?? 0)))),
  );
  return keeps.map((each, nth) => each + sign * (moves[nth] ?? 0));
};

const services = (count: number): string => `${count} service${count === 1 ? '' : 's'}`;

/** Where the budget went instead. */
const whyOf = (group: Group, own: Claim, members: readonly Claim[], counts: ReadonlyMap<string, number>) => {
  const rankOf = ({ key }: Claim): number => group.rank[key] ?? 0;
  const went = (to: string, isThere: (other: Claim) => boolean): readonly string[] => {
    const there = members.filter((other) => other !== own && isThere(other));
    const tasks = sum(there.map(({ key }) => counts.get(key) ?? 0));
    return tasks === 0 ? [] : [`${tasks} went to ${services(there.length)} ${to}`];
  };
  return [
    `the budget of ${group.maxTotalTasks} tasks: ${counts.get(own.key)} of ${own.to} wanted`,
    ...went('that can’t be changed now', ({ fixed }) => fixed),
    ...went('before it', (other) => !other.fixed && rankOf(other) > rankOf(own)),
    ...went('beside it', (other) => !other.fixed && rankOf(other) === rankOf(own)),
    ...went('after it', (other) => !other.fixed && rankOf(other) < rankOf(own)),
  ].join(', ');
};

/** What every member of a group gets. */
const countsIn = (group: Group, members: readonly Claim[]): ReadonlyMap<string, number> => {
  const counts = new Map(members.map(({ key, to, min, fixed }) => [key, fixed ? to : Math.min(min, to)]));
  const free = members.filter(({ fixed }) => !fixed);
  const rankOf = ({ key }: Claim): number => group.rank[key] ?? 0;
  const ranks = [...new Set(free.map(rankOf))].sort((one, other) => other - one);
  const give = (upTo: (claim: Claim) => number): void => {
    for (const rank of ranks) {
      const equals = free.filter((claim) => rankOf(claim) === rank);
      const left = Math.max(0, group.maxTotalTasks - sum([...counts.values()]));
      const needs = equals.map((claim): Need => {
        const low = counts.get(claim.key) ?? 0;
        return { from: claim.from, low, high: Math.max(low, upTo(claim)) };
      });
      const parts = shared(left, needs);
      for (const [nth, { key }] of equals.entries())
        counts.set(key, (needs[nth]?.low ?? 0) + (parts[nth] ?? 0));
    }
  };
  give(({ floor, to }) => Math.min(floor, to));
  give(({ to }) => to);
  return counts;
};

/**
 * What the groups leave of the wishes, by `cluster/service`: only those that get less than they want. The same claims give the same
 * answer.
 */
export const withinBudgets = (
  claims: readonly Claim[],
  groups: readonly Group[],
): ReadonlyMap<string, Granted> => {
  const byKey = new Map(claims.map((claim) => [claim.key, claim]));
  const granted = new Map<string, Granted>();
  for (const group of groups) {
    const members = group.services.flatMap((key) => byKey.get(key) ?? []);
    const counts = countsIn(group, members);
    for (const claim of members) {
      const to = counts.get(claim.key) ?? claim.to;
      if (to < claim.to) granted.set(claim.key, { to, why: whyOf(group, claim, members, counts) });
    }
  }
  return granted;
};
