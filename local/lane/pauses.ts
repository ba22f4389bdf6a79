/**
 * What is paused in a lane's object, and how a command changes that. A lane as a whole stands still (`paused`): nothing is changed, and its
 * loop stands by from the next hand-over on. One service, or `*` for every service, is paused in one direction or both (`pauses`): the
 * loop goes on and says at every tick why it changes nothing.
 *
 * Gotcha: each of them has one pause. A later one replaces it, longer or shorter, and the command says what it has replaced.
 */
import type { Pausable } from '../../lambdas/contract/records.ts';
import type { Lease } from '../../lambdas/store/lease-object.ts';
import { ending } from './times.ts';

/** `lane`, `*` for all services, or `cluster/service`: a name with a slash can't be one of the others. */
export type Scope = string;

export interface Pause {
  readonly scope: Scope;
  readonly what: Pausable;
  /** ISO 8601; undefined: until somebody resumes. */
  readonly until?: string | undefined;
}

export const isOver = (until: string | undefined, now: Date): boolean =>
  until !== undefined && Date.parse(until) <= now.getTime();

/** What is paused now; what has ended by itself is not. */
export const pausesOf = (lease: Lease, now: Date): readonly Pause[] => {
  const until = (at: string | undefined) => (at === undefined ? {} : { until: at });
  const whole: readonly Pause[] = lease.paused
    ? [{ scope: 'lane', what: 'all', ...until(lease.pausedUntil) }]
    : [];
  const single = Object.entries(lease.pauses).map(([scope, paused]): Pause => ({ scope, ...paused }));
  return [...whole, ...single].filter((pause) => !isOver(pause.until, now));
};

/** The object with exactly these pauses. */
const withPauses = (lease: Lease, pauses: readonly Pause[]): Lease => {
  const { pausedUntil: _, ...rest } = lease;
  const whole = pauses.find(({ scope }) => scope === 'lane');
  const single = pauses.filter(({ scope }) => scope !== 'lane');
  return {
    ...rest,
    paused: whole !== undefined,
    ...(whole?.until === undefined ? {} : { pausedUntil: whole.until }),
    pauses: Object.fromEntries(single.map(({ scope, ...paused }) => [scope, paused])),
  };
};

export const withPause = (lease: Lease, pause: Pause, now: Date): Lease =>
  withPauses(lease, [...pausesOf(lease, now).filter(({ scope }) => scope !== pause.scope), pause]);

/** What stays of a pause of `paused` when `what` goes on; undefined: nothing. */
const rest = (paused: Pausable, what: Pausable): Pausable | undefined => {
  if (what === 'all' || what === paused) return undefined;
  if (paused !== 'all') return paused;
  return what === 'in' ? 'out' : 'in';
};

/** @param scope undefined: everything that is paused in this lane */
export const withoutPause = (lease: Lease, scope: Scope | undefined, what: Pausable, now: Date): Lease =>
  withPauses(
    lease,
    pausesOf(lease, now).flatMap((pause) => {
      if (scope !== undefined && pause.scope !== scope) return [pause];
      const left = rest(pause.what, what);
      return left === undefined ? [] : [{ ...pause, what: left }];
    }),
  );

const WHAT: Readonly<Record<Pausable, string>> = { in: 'scale-in', out: 'scale-out', all: 'every change' };

/** `scale-in of shop/orders-worker` */
export const subjectOf = ({ scope, what }: Pick<Pause, 'scope' | 'what'>): string => {
  if (scope === 'lane') return 'the whole lane';
  return `${WHAT[what]} of ${scope === '*' ? 'all services' : scope}`;
};

/** `scale-in of all services until 13:10:00 UTC (in 30 min)` */
export const sentenceOf = (pause: Pause, now: Date): string =>
  `${subjectOf(pause)} ${ending(pause.until, now)}`;
