/**
 * Whether another lane of the same bucket scales one of these services: a second deployment that was given the same bucket, or one whose
 * lane got another name while the old state machine stayed. Each then undoes what the other does, tick by tick.
 *
 * Gotchas: the lanes that one configuration was split into (`eu`, `eu-2`) never overlap but for the minute after it is split anew, so they are
 * left out. A listing is twelve times as dear as a GET, so it is made at the first question of a process and every two hours, and the lanes that it
 * showed are looked at each time: every ten minutes all year listings would be 26 cents, and whoever comes new lists and finds us at once.
 */
import { type Lease, type LeaseStore, leaseKey, readLease } from '../store/lease-object.ts';
import { isLanePaused } from '../store/pauses.ts';
import { firstOf, OBJECT } from '../store/siblings.ts';

/** A lane that sleeps is written every nine minutes (`peek.ts`). */
const ALIVE_MS = 600_000;
const LIST_EVERY_MS = 7_200_000;
/** Which objects are worth a GET. */
const DAY_MS = 86_400_000;

export interface OtherLane {
  readonly lane: string;
  /** Those of ours that it scales too, by `cluster/service`. */
  readonly shared: readonly string[];
}

/** Written within the day before our own object was, which was just now. */
const lanesIn = async (
  { s3, bucket }: LeaseStore,
  lane: string,
  abortSignal: AbortSignal,
): Promise<readonly string[]> => {
  const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  const written = new Map<string, number>();
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: 'lanes/' }, { abortSignal });
  for await (const { Contents = [] } of pages)
    for (const { Key = '', LastModified } of Contents) {
      const name = OBJECT.exec(Key)?.[1];
      if (name !== undefined) written.set(name, LastModified?.getTime() ?? 0);
    }
  const own = written.get(lane) ?? 0;
  return [...written].flatMap(([name, at]) =>
    firstOf(name) !== firstOf(lane) && at > own - DAY_MS ? [name] : [],
  );
};

/** Somebody acts there, or will as soon as there is something to do. */
const isAlive = (lease: Lease, now: Date): boolean => {
  const overSince = now.getTime() - Date.parse(lease.expiresAt);
  return !isLanePaused(lease, now) && (overSince < 0 || (lease.asleep === true && overSince < ALIVE_MS));
};

interface Listed {
  readonly at: number;
  readonly lanes: readonly string[];
}

/** What remembers whom a lane has to look at. */
export const createLaneWatch = () => {
  const listed = new Map<string, Listed>();

  const others = async (store: LeaseStore, lane: string, at: number, signal: AbortSignal) => {
    const before = listed.get(lane);
    if (before !== undefined && at >= before.at && at < before.at + LIST_EVERY_MS) return before.lanes;
    const lanes = await lanesIn(store, lane, signal);
    listed.set(lane, { at, lanes });
    return lanes;
  };

  /**
   * @param keys `cluster/service` of ours
   * @param at ISO 8601
   * @throws what S3 threw, at the latest when the signal is aborted
   */
  return async (
    store: LeaseStore,
    lane: string,
    keys: readonly string[],
    at: string,
    signal: AbortSignal,
  ): Promise<readonly OtherLane[]> => {
    const lanes = await others(store, lane, Date.parse(at), signal);
    const found = await Promise.all(
      lanes.map(async (other): Promise<OtherLane> => {
        const object = await readLease(store, other);
        if (!('lease' in object) || !isAlive(object.lease, object.now)) return { lane: other, shared: [] };
        const { services = [] } = object.lease;
        return { lane: other, shared: keys.filter((key) => services.includes(key)) };
      }),
    );
    return found.filter(({ shared }) => shared.length > 0);
  };
};

/** Where it says so. */
export const objectOf = ({ bucket }: LeaseStore, { lane }: OtherLane): string =>
  `s3://${bucket}/${leaseKey(lane)}`;
