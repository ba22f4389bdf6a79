/** `pulsescale pause` and `resume`: a whole lane, or scale-in and scale-out of its services. */
import type { Pausable } from '../../lambdas/contract/records.ts';
import type { Lease, LeaseStore } from '../../lambdas/store/lease-object.ts';
import { laneMeant, serviceMeant } from '../lane/meant.ts';
import {
  isOver,
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

interface ResumeFlags extends LaneFlags {
  readonly in?: boolean;
  readonly out?: boolean;
  readonly all?: boolean;
}

interface PauseFlags extends ResumeFlags {
  /** Seconds. */
  readonly for?: number;
}

const whatOf = (flags: ResumeFlags): Pausable => (flags.in ? 'in' : flags.out ? 'out' : 'all');

/** Without a service: scale-in or scale-out of all of them, or the lane itself. */
const scopeOf = (lease: Lease, lane: string, service: string | undefined, what: Pausable): Scope => {
  if (service !== undefined) return serviceMeant(lease, lane, service);
  return what === 'all' ? 'lane' : '*';
};

const chosen = async (
  flags: LaneFlags,
  service: string | undefined,
): Promise<{ readonly store: LeaseStore; readonly lane: string }> => {
  const store = await storeOf(flags);
  return { store, lane: flags.lane ?? (await laneMeant(store, service)) };
};

/** What else is paused, so that nobody wonders why nothing moves. */
const sayPauses = (word: string, lease: Lease, now: Date, except?: Scope): void => {
  for (const pause of pausesOf(lease, now))
    if (pause.scope !== except) say(`  ${word}: ${sentenceOf(pause, now)}`);
};

export const pauseCommand = async (service: string | undefined, flags: PauseFlags): Promise<void> => {
  const { store, lane } = await chosen(flags, service);
  const what = whatOf(flags);
  const { before, after, now } = await changeLane(store, lane, (lease, at) => {
    const until =
      flags.for === undefined ? undefined : new Date(at.getTime() + flags.for * 1000).toISOString();
    return withPause(lease, { scope: scopeOf(lease, lane, service, what), what, until }, at);
  });
  const scope = scopeOf(after, lane, service, what);
  const paused = pausesOf(after, now).find((pause) => pause.scope === scope);
  if (paused !== undefined) say(`lane ${lane}: ${subjectOf(paused)} is paused ${ending(paused.until, now)}`);
  say(
    scope === 'lane'
      ? '  nothing is changed from now on, and its loop stops at its next hand-over, within a minute'
      : '  from now on; its loop goes on and says so at every tick',
  );
  const replaced = pausesOf(before, now).find((pause) => pause.scope === scope);
  if (replaced !== undefined) say(`  in place of: ${sentenceOf(replaced, now)}`);
  sayPauses('paused besides', after, now, scope);
};

export const resumeCommand = async (service: string | undefined, flags: ResumeFlags): Promise<void> => {
  const { store, lane } = await chosen(flags, service);
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
  if (ended.length === 0)
    say(`lane ${lane}: ${scope === undefined ? 'nothing' : subjectOf({ scope, what })} was not paused`);
  for (const pause of ended) say(`lane ${lane}: resumed ${subjectOf(pause)}`);
  if (ended.some((pause) => pause.scope === 'lane'))
    say(
      isOver(after.expiresAt, now)
        ? '  the schedule starts its loop within a minute; at once: npx pulsescale start --state-machine <ARN>'
        : '  its loop goes on with its next tick',
    );
  else if (ended.length > 0) say('  from its next hand-over on, within a minute');
  sayPauses('still paused', after, now);
};
