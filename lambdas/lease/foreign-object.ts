/**
 * An object in the lane's place that is no lease of ours: truncated, overwritten by hand, written by another version.
 *
 * While its holder may still be alive it is left alone: apply finds that it can't read it and acts no more, so once the object is as
 * old as a lease lasts, nobody acts. Then its bytes are kept aside and it is replaced by a lease that nobody holds, with whatever of it can
 * still be read. Both writes are conditional.
 *
 * Gotcha: how old it is S3 tells (`LastModified`), and S3's Date is compared with it; a time of his own at which somebody drives the handler only
 * if it is later.
 */
import { type Foreign, type LeaseStore, writeLease } from '../store/lease-object.ts';
import { putAside } from '../store/put-aside.ts';
import { judging } from '../store/s3-date.ts';
import type { Claim, Refused } from './claim.ts';
import { AFTER_LOSS, vacantLease } from './vacant-lease.ts';

export type Replaced =
  | { readonly refused: Refused }
  /** By this execution or another one: it has to be looked at again. */
  | { readonly why: string };

/** @param lastsMs how long a lease lasts @throws StoreError when S3 did not answer */
export const replaceForeign = async (
  store: LeaseStore,
  claim: Claim,
  found: Foreign,
  lastsMs: number,
): Promise<Replaced> => {
  const { now, lastModified, unreadable, etag, bytes } = found;
  const what = `the object of lane ${claim.lane} is no lease of ours (${unreadable})`;
  const judged = judging(claim.at, now);
  const freeInMs = lastModified.getTime() + lastsMs - Math.max(now.getTime(), judged.getTime());
  if (freeInMs > 0) {
    const why = `${what}: nobody acts in the lane; it is replaced ${Math.ceil(freeInMs / 1000)} s from now, when no holder can be alive any more`;
    return {
      refused: {
        acquired: false,
        term: 0,
        memory: {},
        why,
        broken: true,
        freeInMs,
        now: judged,
      },
    };
  }
  const kept = await putAside(store, claim.lane, found);
  await writeLease(store, claim.lane, vacantLease(claim, judged, now, bytes), etag);
  return { why: `${what}: it is kept as ${kept} and has been replaced; ${AFTER_LOSS}` };
};
