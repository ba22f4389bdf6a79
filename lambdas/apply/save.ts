/**
 * The fence: saves the memory into the lane's object if, and only if, this tick may act. Saving and comparing the term are
 * one conditional write, so no other execution can come between; and because the memory is saved *before* ECS is
 * called, a crash in between forgets no cooldown.
 */
import type { Memory } from '../contract/records.ts';
import { type Lease, type LeaseStore, readLease, writeLease } from '../store/lease-object.ts';

export interface Tick {
  readonly lane: string;
  readonly term: number;
  /** ISO 8601. */
  readonly at: string;
  readonly memory: Memory;
}

export type Leave =
  | { readonly may: true }
  /** `stale`: this execution has lost its lane for good. */
  | { readonly may: false; readonly stale: boolean; readonly why: string };

const ATTEMPTS = 4;

const objection = (lease: Lease, { lane, term, at }: Tick): Leave | undefined => {
  if (lease.term !== term) {
    return {
      may: false,
      stale: true,
      why: `term ${term} is stale: lane ${lane} is at term ${lease.term}, held by ${lease.owner}`,
    };
  }
  if (lease.paused) return { may: false, stale: false, why: `lane ${lane} is paused` };
  if (lease.savedAt !== undefined && Date.parse(lease.savedAt) > Date.parse(at)) {
    return { may: false, stale: false, why: `a later tick (${lease.savedAt}) has acted already` };
  }
  return undefined;
};

/** @throws StoreError when S3 did not answer: then nothing may be done either */
export const saveIfOurs = async (store: LeaseStore, tick: Tick): Promise<Leave> => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const found = await readLease(store, tick.lane);
    if (found === undefined)
      return { may: false, stale: true, why: `lane ${tick.lane} has no lease any more` };
    if ('unreadable' in found)
      return { may: false, stale: true, why: `the lease of lane ${tick.lane} is unreadable` };
    const { lease, etag } = found;
    const refused = objection(lease, tick);
    if (refused !== undefined) return refused;
    // A repeated apply: it is all there already.
    if (lease.savedAt === tick.at && JSON.stringify(lease.memory) === JSON.stringify(tick.memory))
      return { may: true };
    if (await writeLease(store, tick.lane, { ...lease, memory: tick.memory, savedAt: tick.at }, etag))
      return { may: true };
  }
  return { may: false, stale: false, why: `others kept writing the lease of lane ${tick.lane}` };
};
