/** Which lanes a bucket has. */
import type { LeaseStore } from '../../lambdas/store/lease-object.ts';
import { orTold } from './refusals.ts';

/** `orders-10` after `orders-2`. */
const byNumber = new Intl.Collator('en', { numeric: true });

const OBJECT = /^lanes\/(.+)\/lease\.json$/;

/** @throws StoreError when S3 did not answer, or denies s3:ListBucket */
export const lanesIn = async ({ bucket, s3 }: LeaseStore): Promise<readonly string[]> => {
  const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: 'lanes/' });
  const all = async (): Promise<readonly string[]> => {
    const lanes: string[] = [];
    for await (const { Contents = [] } of pages)
      lanes.push(...Contents.flatMap(({ Key = '' }) => OBJECT.exec(Key)?.[1] ?? []));
    return lanes.toSorted(byNumber.compare);
  };
  return await orTold('s3:ListBucket', bucket, all());
};

/** Why there is nothing to be seen, with the lanes that there are. */
export const noSuchLane = async (store: LeaseStore, lane: string): Promise<Error> => {
  const others = await lanesIn(store).catch(() => []);
  const hint =
    others.length === 0 ? '' : `; there ${others.length === 1 ? 'is' : 'are'} ${others.join(', ')}`;
  return new Error(
    `there is no lane ${lane} in bucket ${store.bucket}${hint}: it has never been started, or has another name (--lane)`,
  );
};
