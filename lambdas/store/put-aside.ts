/** Keeps the bytes of an object that is no lease of ours, before it is replaced: `corrupt/<lane>/<time>.json`. */
import { explain, statusOf } from '../contract/aws-errors.ts';
import { StoreError } from '../contract/errors.ts';
import { type Foreign, type LeaseStore, NOT_S3 } from './lease-object.ts';

/** `2026-11-22T12:00:05Z` as `20261122T120005Z`: a colon in a key has to be escaped in too many places. */
const compact = (time: Date): string => time.toISOString().replaceAll(/[-:]|\.\d+/g, '');

/**
 * Named after the time of the object itself, so that whoever else keeps it at this moment does the same.
 *
 * @returns the key
 * @throws StoreError when S3 did not answer
 */
export const putAside = async (
  { s3, bucket }: LeaseStore,
  lane: string,
  { bytes, lastModified }: Foreign,
): Promise<string> => {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const Key = `corrupt/${lane}/${compact(lastModified)}.json`;
  try {
    const { ETag } = await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key, Body: bytes, IfNoneMatch: '*' }),
    );
    if (ETag === undefined) throw new Error(NOT_S3);
  } catch (cause) {
    // 412: it is there already, by another attempt or another execution.
    if (statusOf(cause) !== 412)
      throw new StoreError(explain(cause, 's3:PutObject', `arn:aws:s3:::${bucket}/${Key}`), { cause });
  }
  return Key;
};
