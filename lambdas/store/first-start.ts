/**
 * Whether a lane without an object has never been started, or has lost it. The first to start a lane leaves a mark beside the object
 * (`lanes/<lane>/first.json`, one write in the life of a lane) that nothing ever takes away.
 */
import { setTimeout } from 'node:timers/promises';
import { explain, statusOf } from '../contract/aws-errors.ts';
import { StoreError } from '../contract/errors.ts';
import type { LeaseStore } from './lease-object.ts';

/** What another first start takes from the mark to the lease. */
const TOGETHER_MS = 300;

/**
 * Leaves the mark where there is none. Whoever finds one waits for a moment: perhaps several are the first together, and one of them is about to
 * write the lease.
 *
 * @throws StoreError when S3 did not answer
 */
export const isFirstStart = async (store: LeaseStore, lane: string): Promise<boolean> => {
  const { s3, bucket, pause = setTimeout } = store;
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const object = { Bucket: bucket, Key: `lanes/${lane}/first.json` };
  try {
    await s3.send(
      new PutObjectCommand({ ...object, Body: '{}', ContentType: 'application/json', IfNoneMatch: '*' }),
    );
    return true;
  } catch (cause) {
    const status = statusOf(cause);
    if (status !== 412 && status !== 409)
      throw new StoreError(explain(cause, 's3:PutObject', `arn:aws:s3:::${bucket}/${object.Key}`), { cause });
    await pause(TOGETHER_MS);
    return false;
  }
};
