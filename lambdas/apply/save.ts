/**
 * The fence: saves the memory into the lane's object if, and only if, this tick may act. Saving and comparing the term are
 * one conditional write, so no other execution can come between; and because the memory is saved *before* ECS is
 * called, a crash in between forgets no cooldown.
 */
import { messageOf } from '../contract/errors.ts';
import type { Memory, Notice } from '../contract/records.ts';
import { type Lease, type LeaseStore, type Paused, readLease, writeLease } from '../store/lease-object.ts';
import { isLanePaused, pauseOf } from '../store/pauses.ts';
import { judging } from '../store/s3-date.ts';

export interface Tick {
  readonly lane: string;
  readonly term: number;
  /** ISO 8601. */
  readonly at: string;
  readonly memory: Memory;
  /** Scale-outs of which nobody has been told for certain, this tick's included. */
  readonly notices: readonly Notice[];
  /** What is saved in their place, now that it is known what is paused; undefined: nothing, for nothing is to be done. */
  readonly unpaused?: (pausedOf: PausedOf) => Pick<Tick, 'memory' | 'notices'> | undefined;
}

/** What an operator has paused of one service. @param key `cluster/service` */
export type PausedOf = (key: string) => Paused | undefined;

export type Leave =
  | { readonly may: true; readonly pausedOf: PausedOf }
  /** `stale`: this execution has lost its lane for good. `meant`: that is how it should be, and no operator need look. */
  | {
      readonly may: false;
      readonly stale: boolean;
      readonly meant?: true;
      /** S3 did not answer. */
      readonly unanswered?: true;
      readonly why: string;
    };

const ATTEMPTS = 4;

/** What an apply may take from here on, and twice that: nobody may take the lane over while it still calls ECS. */
const ACTING_MS = 45_000;

const untilActed = ({ expiresAt }: Lease, now: Date): string =>
  new Date(Math.max(Date.parse(expiresAt), now.getTime() + ACTING_MS)).toISOString();

const objection = (lease: Lease, { lane, term, at }: Tick, now: Date): Leave | undefined => {
  if (lease.term !== term) {
    return {
      may: false,
      stale: true,
      meant: true,
      why: `term ${term} is stale: lane ${lane} is at term ${lease.term}, held by ${lease.owner}`,
    };
  }
  if (isLanePaused(lease, now))
    return { may: false, stale: false, meant: true, why: `lane ${lane} is paused` };
  if (lease.savedAt !== undefined && Date.parse(lease.savedAt) > Date.parse(at)) {
    return {
      may: false,
      stale: false,
      meant: true,
      why: `a later tick (${lease.savedAt}) has acted already`,
    };
  }
  return undefined;
};

const save = async (store: LeaseStore, tick: Tick): Promise<Leave> => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const found = await readLease(store, tick.lane);
    if ('missing' in found)
      return { may: false, stale: true, why: `lane ${tick.lane} has no lease any more` };
    // Perhaps only this answer was; an object that stays so refuses the next execution, and is replaced when it is old enough.
    if ('unreadable' in found)
      return { may: false, stale: false, why: `the lease of lane ${tick.lane} is unreadable` };
    const { lease, etag } = found;
    const now = judging(tick.at, found.now);
    const pausedOf: PausedOf = (key) => pauseOf(lease.pauses, key, now);
    const may: Leave = { may: true, pausedOf };
    const refused = objection(lease, tick, now);
    if (refused !== undefined) return refused;
    const planned = tick.unpaused === undefined ? tick : tick.unpaused(pausedOf);
    if (planned === undefined) return may;
    const memory = { ...lease.memory, ...planned.memory };
    const { notices } = planned;
    // A repeated apply: it is all there already.
    if (
      lease.savedAt === tick.at &&
      JSON.stringify([lease.memory, lease.notices]) === JSON.stringify([memory, notices])
    )
      return may;
    const times = { savedAt: tick.at, expiresAt: untilActed(lease, now) };
    // It was to fall asleep and the answer was lost: whoever acts is awake.
    const saved: Lease = { ...lease, memory, notices, ...times, asleep: undefined };
    if (await writeLease(store, tick.lane, saved, etag)) return may;
  }
  return { may: false, stale: false, why: `others kept writing the lease of lane ${tick.lane}` };
};

/**
 * Strikes off what has been told meanwhile. Not worth a second try: what stays is told again only if this execution dies before the
 * next save.
 *
 * @throws StoreError when S3 did not answer
 */
export const confirm = async (
  store: LeaseStore,
  { lane, term, notices }: Pick<Tick, 'lane' | 'term' | 'notices'>,
): Promise<void> => {
  const found = await readLease(store, lane);
  if (!('lease' in found) || found.lease.term !== term) return;
  if (JSON.stringify(found.lease.notices) === JSON.stringify(notices)) return;
  await writeLease(store, lane, { ...found.lease, notices }, found.etag);
};

/** When S3 does not answer, nobody knows who may act: then nobody does, and the next tick tries again. */
export const saveIfOurs = async (store: LeaseStore, tick: Tick): Promise<Leave> => {
  try {
    return await save(store, tick);
  } catch (thrown) {
    return { may: false, stale: false, unanswered: true, why: messageOf(thrown) };
  }
};
