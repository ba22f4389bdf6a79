/** Pausing and resuming a lane: one conditional write of its object, tried again when the loop writes at the same moment. */
import { type Lease, type LeaseStore, readLease, writeLease } from '../lambdas/store/lease-object.ts';

const ATTEMPTS = 5;

/**
 * @returns whether anything had to be changed
 * @throws Error when there is no such lane, or S3 did not answer
 */
export const setPaused = async (store: LeaseStore, lane: string, paused: boolean): Promise<boolean> => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const found = await readLease(store, lane);
    if (found === undefined)
      throw new Error(
        `there is no lane ${lane} in bucket ${store.bucket}: it has never been started, or has another name`,
      );
    if ('unreadable' in found)
      throw new Error(
        `the object of lane ${lane} in bucket ${store.bucket} is not a lease: ${found.unreadable}`,
      );
    const { lease, etag } = found;
    if (lease.paused === paused) return false;
    const changed: Lease = { ...lease, paused };
    if (await writeLease(store, lane, changed, etag)) return true;
  }
  throw new Error(`the loop kept writing lane ${lane} at the same moment: try again`);
};
