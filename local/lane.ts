/**
 * A lane, seen and changed from outside its loop: through its object, one conditional write at a time, tried again when the loop writes
 * at the same moment.
 */
import {
  type Found,
  type Lease,
  type LeaseStore,
  readLease,
  writeLease,
} from '../lambdas/store/lease-object.ts';
import { isLanePaused } from '../lambdas/store/pauses.ts';
import { noSuchLane } from './lane/lanes.ts';
import { withoutPause, withPause } from './lane/pauses.ts';
import { orTold } from './lane/refusals.ts';

/** @throws Error when there is no such lane, its object is no lease, or S3 did not answer */
export const readLane = async (store: LeaseStore, lane: string): Promise<Found> => {
  const { bucket } = store;
  const found = await orTold('s3:GetObject', bucket, readLease(store, lane));
  if ('missing' in found) throw await noSuchLane(store, lane);
  if ('unreadable' in found)
    throw new Error(
      `the object of lane ${lane} in bucket ${bucket} is not a lease: ${found.unreadable}. The loop puts it aside and writes a new one as soon as it is old enough to belong to nobody`,
    );
  return found;
};

const ATTEMPTS = 8;

export interface Changed {
  readonly before: Lease;
  readonly after: Lease;
  /** S3's clock. */
  readonly now: Date;
}

/** @throws Error as {@link readLane}, or when the loop wrote at the same moment every time */
export const changeLane = async (
  store: LeaseStore,
  lane: string,
  change: (lease: Lease, now: Date) => Lease,
): Promise<Changed> => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { lease: before, etag, now } = await readLane(store, lane);
    const after = change(before, now);
    const isSame = JSON.stringify(after) === JSON.stringify(before);
    const written =
      isSame || (await orTold('s3:PutObject', store.bucket, writeLease(store, lane, after, etag)));
    if (written) return { before, after, now };
  }
  throw new Error(`the loop kept writing lane ${lane} at the same moment: try again`);
};

/** The whole lane, without an end. @returns whether anything had to be changed */
export const setPaused = async (store: LeaseStore, lane: string, paused: boolean): Promise<boolean> => {
  const { before, now } = await changeLane(store, lane, (lease, at) => {
    if (isLanePaused(lease, at) === paused) return lease;
    return paused
      ? withPause(lease, { scope: 'lane', what: 'all' }, at)
      : withoutPause(lease, 'lane', 'all', at);
  });
  return isLanePaused(before, now) !== paused;
};
