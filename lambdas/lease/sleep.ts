/**
 * A lane with nothing to do stops ticking: what it remembers is saved and its lease given back in one conditional write, so that whoever
 * starts it next, the schedule's look once a minute (`peek.ts`) or the alarm on a queue, goes on as if it had never paused.
 *
 * Gotchas: only under the term that this execution holds; whoever has lost the lane saves nothing. A lane that an operator has paused meanwhile
 * stays paused, asleep or not. And an answer that gets lost does no harm: the execution ticks on under its term until it hands over, or
 * until the next look has taken the lane from it.
 */
import { StoreError } from '../contract/errors.ts';
import type { Memory } from '../contract/records.ts';
import { type Lease, type LeaseStore, readLease, writeLease } from '../store/lease-object.ts';
import { judging } from '../store/s3-date.ts';
import type { Claim, Refused } from './claim.ts';

export interface Falling extends Pick<Claim, 'lane' | 'at' | 'shown'> {
  readonly term: number;
  /** Undefined: what the object has stays. */
  readonly memory: Memory | undefined;
}

/** A command of an operator may come between. */
const ATTEMPTS = 4;

/** @throws StoreError when S3 did not answer, or others kept writing: then the lane ticks on */
export const fallAsleep = async (
  store: LeaseStore,
  { lane, term, at, memory: last, shown }: Falling,
): Promise<Refused> => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const found = await readLease(store, lane);
    if (!('lease' in found) || found.lease.term !== term)
      return { acquired: false, term, memory: {}, why: `term ${term} of lane ${lane} is stale` };
    const { lease, etag } = found;
    const memory = last ?? lease.memory;
    const now = judging(at, found.now).toISOString();
    const left: Lease = {
      ...lease,
      ...shown?.(lease),
      memory,
      // Whoever still has something to tell does not sleep.
      notices: [],
      savedAt: at,
      expiresAt: now,
      asleep: true,
      asleepSince: lease.asleepSince ?? now,
    };
    if (await writeLease(store, lane, left, etag))
      return { acquired: false, term, memory, why: 'asleep: there is nothing to do' };
  }
  throw new StoreError(`others kept writing the lease of lane ${lane}, which was to fall asleep`);
};
