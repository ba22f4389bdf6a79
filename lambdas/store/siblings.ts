/**
 * The other lanes that the same configuration was split into: `eu`, `eu-2`, `eu-3`, … (`lib/lanes.ts`). When it is split anew, a service may
 * find itself in another one, and what is remembered of it lies in the object of the old.
 */
import { explain } from '../contract/aws-errors.ts';
import { StoreError } from '../contract/errors.ts';
import { type Lease, type LeaseStore, readLease } from './lease-object.ts';

/** By which one knows the lanes of the same configuration. */
export const firstOf = (lane: string): string => lane.replace(/-\d+$/, '');

/** The key of a lane's object. */
export const OBJECT = /^lanes\/([^/]+)\/lease\.json$/;

const siblingsOf = async ({ s3, bucket }: LeaseStore, lane: string): Promise<readonly string[]> => {
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const Prefix = `lanes/${firstOf(lane)}`;
  try {
    // One page of 1000 objects: two for each lane, and lanes are few.
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
    return Contents.flatMap(({ Key = '' }) => OBJECT.exec(Key)?.[1] ?? []).filter(
      (each) => each !== lane && firstOf(each) === firstOf(lane),
    );
  } catch (cause) {
    throw new StoreError(explain(cause, 's3:ListBucket', `arn:aws:s3:::${bucket}`), { cause });
  }
};

export interface Sibling {
  readonly lane: string;
  readonly lease: Lease;
}

const savedAt = ({ lease }: Sibling): number => Date.parse(lease.savedAt ?? lease.expiresAt);

/**
 * Those that can be read, the one that was written last first.
 *
 * @throws StoreError when S3 did not answer
 */
export const readSiblings = async (store: LeaseStore, lane: string): Promise<readonly Sibling[]> => {
  const lanes = await siblingsOf(store, lane);
  const found = await Promise.all(
    lanes.map(async (each) => ({ lane: each, found: await readLease(store, each) })),
  );
  return found
    .flatMap(({ lane: each, found: object }) =>
      'lease' in object ? [{ lane: each, lease: object.lease }] : [],
    )
    .sort((one, other) => savedAt(other) - savedAt(one));
};
