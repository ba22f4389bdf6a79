/** `pulsescale pause` and `resume`: a whole lane, or scale-in and scale-out of its services. */
import type { Pausable } from '../../lambdas/contract/records.ts';
import type { Lease, LeaseStore } from '../../lambdas/store/lease-object.ts';
import { laneMeant, serviceMeant } from '../lane/meant.ts';
import {
  isOver,
  type Pause,
  pausesOf,
  type Scope,
  sentenceOf,
  subjectOf,
  withoutPause,
  withPause,
} from '../lane/pauses.ts';
import { ending } from '../lane/times.ts';
import { changeLane } from '../lane.ts';
import { type LaneFlags, say, storeOf } from './lane-flags.ts';

interface Parts {
  readonly in?: boolean;
  readonly out?: boolean;
  readonly all?: boolean;
}

interface PauseWish extends Parts {
  /** Seconds. */
  readonly for?: number;
}

const whatOf = (flags: Parts): Pausable => (flags.in ? 'in' : flags.out ? 'out' : 'all');

/** Without a service: scale-in or scale-out of all of them, or the lane itself. */
const scopeOf = (lease: Lease, lane: string, service: string | undefined, what: Pausable): Scope => {
  if (service !== undefined) return serviceMeant(lease, lane, service);
  return what === 'all' ? 'lane' : '*';
};

/** What else is paused, so that nobody wonders why nothing moves. */
const others = (word: string, lease: Lease, now: Date, except?: Scope): readonly string[] =>
  pausesOf(lease, now).flatMap((pause) =>
    pause.scope === except ? [] : [`  ${word}: ${sentenceOf(pause, now)}`],
  );

/** @returns what there is to say about it */
export const pauseIn = async (
  store: LeaseStore,
  lane: string,
  service: string | undefined,
  flags: PauseWish,
): Promise<readonly string[]> => {
  const what = whatOf(flags);
  const { before, after, now } = await changeLane(store, lane, (lease, at) => {
    const until =
      flags.for === undefined ? undefined : new Date(at.getTime() + flags.for * 1000).toISOString();
    return withPause(lease, { scope: scopeOf(lease, lane, service, what), what, until }, at);
  });
  const scope = scopeOf(after, lane, service, what);
  const of = (lease: Lease) => pausesOf(lease, now).filter((pause) => pause.scope === scope);
  return [
    ...of(after).map((pause) => `lane ${lane}: ${subjectOf(pause)} is paused ${ending(pause.until, now)}`),
    scope === 'lane'
      ? '  nothing is changed from now on, and its loop stops at its next hand-over, within a minute'
      : '  from now on; its loop goes on and says so at every tick',
    ...of(before).map((pause) => `  in place of: ${sentenceOf(pause, now)}`),
    ...others('paused besides', after, now, scope),
  ];
};

/** When what was resumed moves again. */
const consequence = (ended: readonly Pause[], { expiresAt }: Lease, now: Date): readonly string[] => {
  if (ended.length === 0) return [];
  if (!ended.some(({ scope }) => scope === 'lane')) return ['  from its next hand-over on, within a minute'];
  return isOver(expiresAt, now)
    ? ['  the schedule starts its loop within a minute; at once: npx pulsescale start --state-machine <ARN>']
    : ['  its loop goes on with its next tick'];
};

/** @returns what there is to say about it */
export const resumeIn = async (
  store: LeaseStore,
  lane: string,
  service: string | undefined,
  flags: Parts,
): Promise<readonly string[]> => {
  const what = whatOf(flags);
  const scopeIn = (lease: Lease): Scope | undefined =>
    service === undefined && flags.all ? undefined : scopeOf(lease, lane, service, what);
  const { before, after, now } = await changeLane(store, lane, (lease, at) =>
    withoutPause(lease, scopeIn(lease), what, at),
  );
  const scope = scopeIn(before);
  const left = pausesOf(after, now);
  const ended = pausesOf(before, now).filter(
    (pause) => !left.some((other) => other.scope === pause.scope && other.what === pause.what),
  );
  const nothing = scope === undefined ? 'nothing was paused' : `${subjectOf({ scope, what })} was not paused`;
  return [
    ...(ended.length > 0 ? [] : [`lane ${lane}: ${nothing}`]),
    ...ended.map((pause) => `lane ${lane}: resumed ${subjectOf(pause)}`),
    ...consequence(ended, after, now),
    ...others('still paused', after, now),
  ];
};

const chosen = async (
  flags: LaneFlags,
  service: string | undefined,
): Promise<{ readonly store: LeaseStore; readonly lane: string }> => {
  const store = await storeOf(flags);
  return { store, lane: flags.lane ?? (await laneMeant(store, service)) };
};

export const pauseCommand = async (
  service: string | undefined,
  flags: LaneFlags & PauseWish,
): Promise<void> => {
  const { store, lane } = await chosen(flags, service);
  (await pauseIn(store, lane, service, flags)).forEach(say);
};

export const resumeCommand = async (service: string | undefined, flags: LaneFlags & Parts): Promise<void> => {
  const { store, lane } = await chosen(flags, service);
  (await resumeIn(store, lane, service, flags)).forEach(say);
};
