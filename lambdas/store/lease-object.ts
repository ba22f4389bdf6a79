/**
 * The one S3 object of a lane: who may act, and what the lane remembers. Both live in the same object so that one
 * conditional write compares the term *and* saves the memory: there is no moment between the two.
 *
 * Every write is conditional. `If-None-Match: *` creates, `If-Match: <etag>` replaces; 412 and 404 mean that somebody
 * else moved first, 409 that somebody is writing right now.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { explain, statusOf } from '../contract/aws-errors.ts';
import { StoreError } from '../contract/errors.ts';
import { memorySchema, noticesSchema, pausable } from '../contract/records.ts';
import { lastTickSchema } from './last-tick.ts';
import { s3Date } from './s3-date.ts';

const instant = z.iso.datetime({ offset: true });

/** What the operator has paused by command; `until`: it ends by itself then. */
const pausedSchema = z.object({ what: pausable, until: instant.optional() });
export type Paused = z.infer<typeof pausedSchema>;

export const leaseSchema = z.object({
  /** Of what follows. A version that writes it otherwise counts this up, and then it is no lease to the others. */
  format: z.literal(1).optional(),
  /** The execution that holds the lease. */
  owner: z.string(),
  /** Grows by one at every acquisition; travels as the fencing token. */
  term: z.int().nonnegative(),
  /** By S3's clock. */
  expiresAt: instant,
  /** Since when the owner holds it, by S3's clock. */
  acquiredAt: instant.optional(),
  /** The whole lane: nothing is changed, and its loop stands by. */
  paused: z.boolean().default(false),
  /** When that ends by itself. */
  pausedUntil: instant.optional(),
  /** Single services by `cluster/service`, or `*` for all of them; the loop goes on. */
  pauses: z.record(z.string(), pausedSchema).default({}),
  memory: memorySchema.default({}),
  /** Scale-outs of which nobody has been told for certain: saved before ECS is called, so that a crash loses no notice. */
  notices: noticesSchema,
  /** Which services the holder's configuration has, by `cluster/service`; for people, as is what follows. */
  services: z.array(z.string()).optional().catch(undefined),
  last: lastTickSchema.optional().catch(undefined),
  /** Since when services have been at their maximum while something waits (`lambdas/lease/at-max.ts`). */
  atMax: z.record(z.string(), instant).optional().catch(undefined),
  /** Its loop has stopped for want of work; whoever starts it next takes it. An acquisition ends it. */
  asleep: z.boolean().optional().catch(undefined),
  /** Since when, but for the looks of the schedule, which find nothing and leave it. */
  asleepSince: instant.optional().catch(undefined),
  /** The tick whose memory this is: an older tick may not overwrite it. */
  savedAt: instant.optional(),
  /** Which write this is, so that a write whose answer got lost is recognised as one's own. */
  claim: z.string().optional(),
});
export type Lease = z.infer<typeof leaseSchema>;

export interface LeaseStore {
  readonly bucket: string;
  readonly s3: S3Client;
  /** How to let some milliseconds pass, where time is not the machine's. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

interface Seen {
  /** S3's Date when it answered: what judges expiry, in whole seconds and never ahead of the time. */
  readonly now: Date;
}

/** There is no object. */
export interface Missing extends Seen {
  readonly missing: true;
}

export interface Found extends Seen {
  readonly lease: Lease;
  readonly etag: string;
}

/** Something is there that is no lease of ours. */
export interface Foreign extends Seen {
  /** Why not. */
  readonly unreadable: string;
  readonly etag: string;
  readonly bytes: Uint8Array;
  /** By S3's clock. */
  readonly lastModified: Date;
}

/** The key of a lane's object. */
export const leaseKey = (lane: string): string => `lanes/${lane}/lease.json`;

const arn = (store: LeaseStore, lane: string): string => `arn:aws:s3:::${store.bucket}/${leaseKey(lane)}`;

/** S3 says of every object which version it is and since when. A proxy with a page of its own does not, and its page is nobody's lease. */
export const NOT_S3 = 'something that is not S3 has answered';

/** @throws StoreError when S3 did not answer: who holds the lease is then unknown */
export const readLease = async (store: LeaseStore, lane: string): Promise<Found | Foreign | Missing> => {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const command = new GetObjectCommand({ Bucket: store.bucket, Key: leaseKey(lane) });
  const dateOf = s3Date(command);
  try {
    const object = await store.s3.send(command);
    const bytes = (await object.Body?.transformToByteArray()) ?? new Uint8Array();
    const now = dateOf(object);
    const { ETag: etag, LastModified: lastModified } = object;
    if (etag === undefined || lastModified === undefined) throw new Error(NOT_S3);
    const parsed = parse(Buffer.from(bytes).toString('utf8'));
    return 'lease' in parsed ? { ...parsed, etag, now } : { ...parsed, etag, now, bytes, lastModified };
  } catch (cause) {
    if (statusOf(cause) === 404 && (cause as Error).name !== 'NoSuchBucket')
      return { missing: true, now: dateOf(cause) };
    throw new StoreError(explain(cause, 's3:GetObject', arn(store, lane)), { cause });
  }
};

const parse = (text: string): Pick<Found, 'lease'> | Pick<Foreign, 'unreadable'> => {
  try {
    const parsed = leaseSchema.safeParse(JSON.parse(text));
    return parsed.success ? { lease: parsed.data } : { unreadable: z.prettifyError(parsed.error) };
  } catch (cause) {
    return { unreadable: `not JSON: ${String(cause)}` };
  }
};

/** How long another write may take that is under way; the half to one and a half of it, so that two that wait don't meet again. */
const CONFLICT_MS = 200;

/**
 * Writes the lane's object if it is still the one that was read.
 *
 * @param etag of what was read; undefined: there must be no object yet
 * @returns false when somebody else moved first: read again, then decide again
 * @throws StoreError when S3 did not answer
 */
export const writeLease = async (
  store: LeaseStore,
  lane: string,
  lease: Omit<Lease, 'claim'>,
  etag: string | undefined,
): Promise<boolean> => {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const claim = randomUUID();
  const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
  try {
    const { ETag } = await store.s3.send(
      new PutObjectCommand({
        Bucket: store.bucket,
        Key: leaseKey(lane),
        Body: JSON.stringify({ ...lease, claim }),
        ContentType: 'application/json',
        ...condition,
      }),
    );
    // S3 always says which version it has made. Who answers 200 without it is not S3 (a proxy with a page of its own), and nothing need be written.
    return ETag !== undefined || (await isOurs(store, lane, claim));
  } catch (cause) {
    const status = statusOf(cause);
    // 412: the object is another. The SDK retries, so a first attempt may have landed and the second met our own object.
    if (status === 412) return await isOurs(store, lane, claim);
    // 409: a write is under way, of which nobody knows yet how it ends; it may be our own first attempt.
    if (status === 409) {
      await (store.pause ?? setTimeout)(CONFLICT_MS * (0.5 + Math.random()));
      return await isOurs(store, lane, claim);
    }
    if (status === 404 && etag !== undefined && (cause as Error).name !== 'NoSuchBucket') return false;
    throw new StoreError(explain(cause, 's3:PutObject', arn(store, lane)), { cause });
  }
};

const isOurs = async (store: LeaseStore, lane: string, claim: string): Promise<boolean> => {
  const found = await readLease(store, lane);
  return 'lease' in found && found.lease.claim === claim;
};

let shared: LeaseStore | undefined;

/** The store that this function was deployed with, its client made once per process. */
export const deployedStore = async (env: NodeJS.ProcessEnv = process.env): Promise<LeaseStore> => {
  if (shared !== undefined) return shared;
  const bucket = env.PULSESCALE_BUCKET;
  if (bucket === undefined || bucket === '') {
    throw new StoreError('PULSESCALE_BUCKET is not set: name the bucket that holds the leases');
  }
  const { S3Client } = await import('@aws-sdk/client-s3');
  // Two tries of a read and of a write stay under the 10 s of the lease function. Without the last flag the SDK only warns.
  const requestHandler = { requestTimeout: 2000, connectionTimeout: 1000, throwOnRequestTimeout: true };
  shared = { bucket, s3: new S3Client({ maxAttempts: 2, requestHandler }) };
  return shared;
};
