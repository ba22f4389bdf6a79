/**
 * How fast the count may change, as the HPA v2's behaviour policies say: by so many tasks or so many per cent in a period.
 * Also for the last step to 0.
 *
 * start = the count when the period began, that is the present one − what was added in it + what was removed. Allowed are
 * - out: start + tasks, or ⌈start × (100 + percent) / 100⌉ in whole numbers: 10 and 10 % are 11, where floating point says 12;
 * - in: start − tasks, or the whole part of start × (100 − percent) / 100;
 * - of several the one that allows most or least (`select`), and never a count on the other side of the present one.
 *
 * Source: HPA v2, see `shared/facts/scaling-rules.md`. Three things differ:
 * - A percentage of 0 tasks is none, and the HPA would never leave 0 by it (it does not scale from 0 at all). Here the first
 *   task is always allowed; the percentages go on from there.
 * - The HPA forgets what it did when it restarts and starts anew from the present count. Here nobody scales in before a
 *   whole period is remembered; out it is the same.
 * - Counts that somebody else has set are ignored there; here they make no room for a change of ours (`../past-counts.ts`).
 */
import type { Service } from '../../contract/config.ts';
import { countAgo, keptOf, type Past, pastCounts, withCount } from '../past-counts.ts';
import type { Afterwards, Guard } from './guard.ts';

type Limits = NonNullable<Service['limits']>;
type Limit = NonNullable<Limits['out']>[number];
type Direction = 'out' | 'in';

interface Allowed {
  readonly to: number;
  readonly why: string;
}

const selectIn = ({ select }: Limits, direction: Direction): 'max' | 'min' | 'disabled' =>
  (typeof select === 'object' ? select[direction] : select) ?? 'max';

const outBy = ({ tasks, percent, per }: Limit, past: Past, now: number): Allowed => {
  const { low: start } = countAgo(past, now, per);
  const to =
    tasks === undefined ? Math.max(1, Math.ceil((start * (100 + (percent ?? 0))) / 100)) : start + tasks;
  const most = tasks === undefined ? `${percent} %` : tasks;
  return { to, why: `at most +${most} per ${per} s, which began with ${start}` };
};

const inBy = ({ tasks, percent, per }: Limit, past: Past, now: number): Allowed => {
  const { known, high: start } = countAgo(past, now, per);
  if (!known) return { to: Number.POSITIVE_INFINITY, why: `the count of ${per} s ago is not known` };
  const to = tasks === undefined ? Math.trunc((start * (100 - (percent ?? 0))) / 100) : start - tasks;
  const most = tasks === undefined ? `${percent} %` : tasks;
  return { to: Math.max(0, to), why: `at most -${most} per ${per} s, which began with ${start}` };
};

const extreme = (all: readonly Allowed[], highest: boolean): Allowed | undefined =>
  all.toSorted((one, other) => (highest ? other.to - one.to : one.to - other.to))[0];

export const limits: Guard = (proposed, { service, counts: { desired }, seconds, kept }) => {
  if (service.limits === undefined || proposed === desired) return undefined;
  const direction = proposed > desired ? 'out' : 'in';
  const select = selectIn(service.limits, direction);
  if (select === 'disabled') return { to: desired, why: `the limits allow no scale-${direction}` };
  const now = Math.round(seconds);
  const past = pastCounts(kept, now, desired);
  const rules = service.limits[direction] ?? [];
  if (direction === 'out') {
    const allowed = extreme(
      rules.map((limit) => outBy(limit, past, now)),
      select === 'max',
    );
    if (allowed === undefined || allowed.to >= proposed) return undefined;
    return { ...allowed, to: Math.max(desired, allowed.to) };
  }
  const allowed = extreme(
    rules.map((limit) => inBy(limit, past, now)),
    select === 'min',
  );
  if (allowed === undefined || allowed.to <= proposed) return undefined;
  return { ...allowed, to: Math.min(desired, allowed.to) };
};

/** Remembers the count that was decided; whether it came about shows at the next tick. */
export const countsOfLate: Afterwards = (decided, { service, counts: { desired }, seconds, kept }) => {
  const periods = [...(service.limits?.out ?? []), ...(service.limits?.in ?? [])].map(({ per }) => per);
  if (periods.length === 0) return kept === undefined ? undefined : [];
  const now = Math.round(seconds);
  return keptOf(withCount(pastCounts(kept, now, desired), now, decided), now, Math.max(...periods));
};
