/** A lease that nobody holds, in place of one that was lost: deleted, or overwritten by something that is none. */
import { randomInt } from 'node:crypto';
import type * as z from 'zod';
import type { Memory } from '../contract/records.ts';
import { type Lease, leaseSchema } from '../store/lease-object.ts';
import type { Claim } from './claim.ts';

const { term, paused, pausedUntil, pauses, memory, notices } = leaseSchema.shape;

/** Field by field: one that makes no sense takes no other with it. */
const salvageable = leaseSchema.pick({ notices: true }).extend({
  term: term.catch(0),
  paused: paused.catch(false),
  pausedUntil: pausedUntil.catch(undefined),
  pauses: pauses.catch({}),
  memory: memory.unwrap().optional().catch(undefined),
  notices,
});

const nothing: z.output<typeof salvageable> = { term: 0, paused: false, pauses: {}, notices: [] };

const salvaged = (bytes: Uint8Array): z.output<typeof salvageable> => {
  try {
    return salvageable.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data ?? nothing;
  } catch {
    return nothing;
  }
};

/**
 * Nobody knows what the lost memory said: scale-out stays allowed, scale-in waits out its cooldown.
 *
 * @param at ISO 8601
 */
const cautious = (services: readonly string[], at: string): Memory =>
  Object.fromEntries(services.map((key) => [key, { lastIn: { at, streak: 1 } }]));

/** For an operator. */
export const AFTER_LOSS =
  'the lane goes on under a new term; what it does not remember waits out a cooldown before scale-in';

/**
 * Higher than any term there was, for a lane is taken less often than a thousand times a second; and another one for whoever loses the same lane
 * in the same second.
 *
 * @param date S3's own, whatever judges a lease: a duplicate that is delivered late brings an old time along
 */
export const termAfterLoss = (now: Date, date: Date): number =>
  Math.max(now.getTime(), date.getTime()) + randomInt(1000);

/**
 * @param now what judges a lease
 * @param date S3's own
 * @param bytes of what stands in its place: whatever can be read of it goes on
 */
export const vacantLease = (
  { services = [], at }: Claim,
  now: Date,
  date: Date,
  bytes: Uint8Array = new Uint8Array(),
): Lease => {
  const { term: before, memory: known, ...rest } = salvaged(bytes);
  return {
    ...rest,
    format: 1,
    owner: 'nobody: the lease was lost',
    term: Math.max(before, termAfterLoss(now, date)),
    expiresAt: now.toISOString(),
    memory: known ?? cautious(services, at),
  };
};
