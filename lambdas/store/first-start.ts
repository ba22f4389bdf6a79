/**
 * Whether a lane without an object has never been started, or has lost it. The first to start a lane leaves a mark beside the object
 * (`lanes/<lane>/first.json`, one write in the life of a lane) that nothing ever takes away.
 */
import { explain, statusOf } from '../contract/aws-errors.ts';
import { StoreError } from '../contract/errors.ts';
import type { LeaseStore } from './lease-object.ts';

const keyOf = (lane: string): string => `lanes/${lane}/first.json`;

/** Several may be the first together, each within the ten seconds of a function. */
const TOGETHER_MS = 10_000;

const ageOf = async ({ s3, bucket }: LeaseStore, lane: string, now: Date): Promise<number> => {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const { LastModified } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(lane) }));
  return now.getTime() - (LastModified?.getTime() ?? 0);
};

/**
 * Leaves the mark where there is none.
 *
 * @param now S3's Date
 * @throws StoreError when S3 did not answer
 */
export const isFirstStart = async (store: LeaseStore, lane: string, now: Date): Promise<boolean> => {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const object = { Bucket: store.bucket, Key: keyOf(lane) };
  try {
    const Body = JSON.stringify({ at: now.toISOString() });
    await store.s3.send(
      new PutObjectCommand({ ...object, Body, ContentType: 'application/json', IfNoneMatch: '*' }),
    );
    return true;
  } catch (cause) {
    if (statusOf(cause) === 409) return true;
    if (statusOf(cause) !== 412)
      throw new StoreError(explain(cause, 's3:PutObject', `arn:aws:s3:::${store.bucket}/${object.Key}`), {
        cause,
      });
  }
  try {
    return (await ageOf(store, lane, now)) < TOGETHER_MS;
  } catch (cause) {
    throw new StoreError(explain(cause, 's3:GetObject', `arn:aws:s3:::${store.bucket}/${object.Key}`), {
      cause,
    });
  }
};
