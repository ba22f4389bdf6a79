/**
 * Whether another lane of the same bucket scales one of these services: a second deployment that was given the same bucket, or one whose
 * lane got another name while the old state machine stayed. Each then undoes what the other does, tick by tick.
 *
 * Gotchas: the lanes that one configuration was split into (`eu`, `eu-2`) never overlap but for the minute after it is split anew, so they are
 * left out. Our own object has just been written: what is ten minutes older than that lives no more, whatever a clock here says.
 */
import type { Lease, LeaseStore } from '../store/lease-object.ts';
import { leaseKey, readLease } from '../store/lease-object.ts';
import { isLanePaused } from '../store/pauses.ts';
import { firstOf, OBJECT } from '../store/siblings.ts';

/** Longer than any lane goes without a write: an execution lasts a minute, and so does the sleep between two looks. */
const ALIVE_MS = 600_000;

export interface OtherLane {
  readonly lane: string;
  /** Those of ours that it scales too, by `cluster/service`. */
  readonly shared: readonly string[];
}

interface Written {
  readonly lane: string;
  readonly at: number;
}

/** All lanes of the bucket: 500 a page, since each has two objects. */
const lanesIn = async ({ s3, bucket }: LeaseStore, abortSignal: AbortSignal): Promise<readonly Written[]> => {
  const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  const written: Written[] = [];
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: 'lanes/' }, { abortSignal });
  for await (const { Contents = [] } of pages)
    for (const { Key = '', LastModified } of Contents) {
      const lane = OBJECT.exec(Key)?.[1];
      if (lane !== undefined && LastModified !== undefined)
        written.push({ lane, at: LastModified.getTime() });
    }
  return written;
};

/** Somebody acts there, or will as soon as there is something to do. */
const isAlive = (lease: Lease, now: Date): boolean =>
  !isLanePaused(lease, now) && (lease.asleep === true || Date.parse(lease.expiresAt) > now.getTime());

/**
 * @param keys `cluster/service` of ours
 * @throws what S3 threw, at the latest when the signal is aborted
 */
export const otherLanes = async (
  store: LeaseStore,
  lane: string,
  keys: readonly string[],
  abortSignal: AbortSignal,
): Promise<readonly OtherLane[]> => {
  const all = await lanesIn(store, abortSignal);
  const own = all.find((each) => each.lane === lane)?.at ?? 0;
  const others = all.filter((each) => firstOf(each.lane) !== firstOf(lane) && each.at > own - ALIVE_MS);
  const found = await Promise.all(
    others.map(async ({ lane: other }): Promise<OtherLane> => {
      const object = await readLease(store, other);
      if (!('lease' in object) || !isAlive(object.lease, object.now)) return { lane: other, shared: [] };
      const { services = [] } = object.lease;
      return { lane: other, shared: keys.filter((key) => services.includes(key)) };
    }),
  );
  return found.filter(({ shared }) => shared.length > 0);
};

/** Where it says so. */
export const objectOf = ({ bucket }: LeaseStore, { lane }: OtherLane): string =>
  `s3://${bucket}/${leaseKey(lane)}`;
