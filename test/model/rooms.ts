/**
 * The two rooms that write the lane's object, called as the state machine calls them: `lease.ts` and `save.ts` as they are
 * deployed.
 */
import { type Leave, saveIfOurs } from '../../lambdas/apply/save.ts';
import type { Memory } from '../../lambdas/contract/records.ts';
import type { Answer as Leased, Refused } from '../../lambdas/lease/claim.ts';
import { acquire } from '../../lambdas/lease/lease.ts';
import { GRACE_SECONDS } from '../../lambdas/lease/plan.ts';
import { fallAsleep } from '../../lambdas/lease/sleep.ts';
import { isAnybody, legacyOf } from '../../lambdas/lease/starter.ts';
import { type Lease, type LeaseStore, leaseKey } from '../../lambdas/store/lease-object.ts';
import { setPaused } from '../../local/lane.ts';
import { instant } from './clock.ts';
import { begin, type Step } from './invocation.ts';

const { parse, stringify } = JSON;

const LANE = 'lane';
export const KEY = leaseKey(LANE);

/** Of an execution here: fewer ticks than a real one has, further apart. */
export const INTERVAL = 20;
export const TICKS = 2;

/** What an execution is started with. */
export interface Input {
  readonly term?: number;
  /** The acts that its predecessor remembers, when it handed them over. */
  readonly acts?: readonly number[];
  readonly savedAt?: number;
  /** When its predecessor would have ticked next. */
  readonly next?: number;
  readonly takeOver?: boolean;
  /** By whoever has looked at a lane that sleeps and could not see. */
  readonly peek?: boolean;
}

export const pauseStep = (paused: boolean): Promise<Step<boolean>> =>
  begin({
    name: paused ? 'the operator pauses' : 'the operator resumes',
    run: (store) => setPaused(store, LANE, paused),
  });

const SERVICE = 'shop/orders-worker';

/** What a service remembers that has been acted on: by its own clock the last time, and every act by its number. */
const memoryOf = (acts: readonly number[], at: number): Memory => ({
  [SERVICE]: { lastOut: { at: instant(at) }, kept: { acts: [...acts] } },
});

/** The acts that a memory knows of. */
export const actsIn = (memory: Memory): readonly number[] => memory[SERVICE]?.kept?.['acts'] ?? [];

export const leaseStep = (
  actor: string,
  execution: string,
  at: number,
  attempt: number,
  input: Input,
  waited: boolean,
  maySleep: boolean,
): Promise<Step<Leased>> => {
  const { term, acts, savedAt: saved, peek, takeOver = false } = input;
  const memory = acts === undefined ? undefined : memoryOf(acts, saved ?? at);
  const savedAt = saved === undefined ? undefined : instant(saved);
  const mayPeek = maySleep && isAnybody({ term, takeOver, waited, config: null });
  return begin({
    name: `${actor} lease ${at} ${attempt} ${mayPeek} ${stringify(input)}`,
    run: (store: LeaseStore) =>
      acquire(store, {
        lane: LANE,
        execution,
        at: instant(at),
        expiresAt: instant(at + TICKS * INTERVAL + INTERVAL + GRACE_SECONDS),
        ...legacyOf({ peek, term, memory, savedAt }),
        isRetry: attempt > 0,
        takeOver,
        mayPeek,
      }),
  });
};

export const applyStep = (
  actor: string,
  at: number,
  attempt: number,
  term: number,
  acts: readonly number[],
): Promise<Step<Leave>> =>
  begin({
    name: `${actor} apply ${at} ${attempt} ${term} ${acts.join()}`,
    run: (store: LeaseStore) =>
      saveIfOurs(store, { lane: LANE, term, at: instant(at), memory: memoryOf(acts, at), notices: [] }),
  });

export const sleepStep = (
  actor: string,
  at: number,
  attempt: number,
  term: number,
  acts: readonly number[],
): Promise<Step<Refused>> =>
  begin({
    name: `${actor} sleeps ${at} ${attempt} ${term} ${acts.join()}`,
    run: (store: LeaseStore) =>
      fallAsleep(store, { lane: LANE, term, at: instant(at), memory: memoryOf(acts, at) }),
  });

const leases = new Map<string, Lease>();

/** What the lane's object says. */
export const leaseIn = (body: string | undefined): Lease | undefined => {
  if (body === undefined) return undefined;
  const known = leases.get(body) ?? (parse(body) as Lease);
  leases.set(body, known);
  return known;
};
