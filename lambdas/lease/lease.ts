/**
 * Who may act in a lane. Express executions are at-least-once, cannot be listed and cannot be stopped, so:
 *
 * - a successor names its predecessor's term and may take the lease while the object still shows exactly that term;
 * - anyone else (a hand start, the reviver) waits until the lease has expired;
 * - a duplicate of an execution loses the race for the term and ends at once;
 * - a lease that was lost (deleted, overwritten) goes on under a term that is higher than any before, so that no execution from before
 *   the loss can take the new term for its own.
 *
 * S3's Date judges expiry, never a Lambda's clock: it is the same for everybody, however far clocks are apart.
 */
import { isFirstStart } from '../store/first-start.ts';
import { type Found, type Lease, type LeaseStore, readLease, writeLease } from '../store/lease-object.ts';
import { isLanePaused } from '../store/pauses.ts';
import { judging } from '../store/s3-date.ts';
import type { Answer, Claim, Refused } from './claim.ts';
import { replaceForeign } from './foreign-object.ts';
import { peek } from './peek.ts';
import { inheritance, isHandedOver, marked, newest, shownBefore, untold } from './succession.ts';
import { AFTER_LOSS, termAfterLoss, vacantLease } from './vacant-lease.ts';

export type { Answer, Claim } from './claim.ts';

const msBetween = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

const plusMs = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString();

const hasExpired = ({ expiresAt }: Lease, now: Date): boolean => Date.parse(expiresAt) <= now.getTime();

const lanePause = ({ pausedUntil }: Lease): string =>
  pausedUntil === undefined ? 'is paused' : `is paused until ${pausedUntil}`;

/** Why this execution may not take the lease; undefined: it may. */
const refusal = (held: Lease, claim: Claim, now: Date): Refused | undefined => {
  const { term, memory, owner, expiresAt } = held;
  const refused = { acquired: false, term, memory } as const;
  if (isLanePaused(held, now)) return { ...refused, why: `lane ${claim.lane} ${lanePause(held)}` };
  if (claim.takeOver || claim.predecessorTerm === term || hasExpired(held, now)) return undefined;
  return {
    ...refused,
    why: `lane ${claim.lane} belongs to ${owner} (term ${term}) until ${expiresAt}`,
    freeInMs: Date.parse(expiresAt) - now.getTime(),
    now,
  };
};

/** The lease that a first attempt of the same state took, its answer lost; or a duplicate that entered the state in the same millisecond. */
const isOwn = (held: Lease, { isRetry, execution, at }: Claim): boolean =>
  isRetry === true && held.owner === execution && held.savedAt === at;

/**
 * As the first attempt answered, but under one more term: if it was a duplicate of this execution that took the lease, that one is stale
 * now (`npm run model` finds two on one term otherwise).
 *
 * @returns undefined when somebody else moved first
 */
const takeAgain = async (
  store: LeaseStore,
  claim: Claim,
  { lease: held, etag }: Found,
): Promise<Answer | undefined> => {
  const lease: Lease = { ...held, term: held.term + 1 };
  if (!(await writeLease(store, claim.lane, lease, etag))) return undefined;
  const { term, memory, acquiredAt } = lease;
  const revived = Object.values(memory).some(
    ({ revivedAt }) => revivedAt !== undefined && revivedAt === acquiredAt,
  );
  return { acquired: true, term, memory, lease, revived, ...untold(lease, claim, revived) };
};

/** Without an object: 1 at the first start ever; what has a predecessor was lost in the middle of its life. */
const firstTerm = ({ predecessorTerm }: Claim, now: Date, date: Date): number =>
  predecessorTerm === undefined ? 1 : Math.max(predecessorTerm + 1, termAfterLoss(now, date));

/** What was found; `now` is S3's own Date. */
type Place = Pick<Found, 'now'> & Partial<Pick<Found, 'lease' | 'etag'>>;

/** @param now what judges the lease @returns undefined when somebody else moved first */
const take = async (
  store: LeaseStore,
  claim: Claim,
  now: Date,
  { lease: held, etag, now: date }: Place,
): Promise<Answer | undefined> => {
  // Who sleeps has saved all it knew, and nothing was there to be seen since.
  const slept = held?.asleep === true;
  const revived = held !== undefined && !slept && hasExpired(held, now) && !isHandedOver(held, claim);
  const acquiredAt = now.toISOString();
  const { memory, pauses } = await inheritance(held, claim, now);
  const left = untold(held, claim, revived);
  const lease: Lease = {
    ...shownBefore(held),
    ...claim.shown?.(held),
    format: 1,
    owner: claim.execution,
    term: held === undefined ? firstTerm(claim, now, date) : held.term + 1,
    expiresAt: plusMs(now, msBetween(claim.at, claim.expiresAt)),
    acquiredAt,
    paused: false,
    pauses,
    memory: marked(memory, pauses, now, revived ? acquiredAt : undefined),
    // A holder that still lives tells of its own.
    notices: [...left.notices, ...left.unsure],
    ...(slept && held.asleepSince !== undefined ? { asleepSince: held.asleepSince } : {}),
    savedAt: claim.at,
  };
  if (!(await writeLease(store, claim.lane, lease, etag))) return undefined;
  return { acquired: true, term: lease.term, memory: lease.memory, lease, revived, ...left };
};

/**
 * A successor that finds its lane paused saves what its predecessor learnt and lets the lease expire, so that the lane
 * goes on at once when it is resumed. Losing this race is harmless: the lease then expires by itself.
 */
const giveBack = async (
  store: LeaseStore,
  claim: Claim,
  now: Date,
  { lease, etag }: Found,
): Promise<void> => {
  if (claim.predecessorTerm !== lease.term) return;
  const { notices, unsure } = untold(lease, claim, false);
  const left: Lease = {
    ...lease,
    ...claim.shown?.(lease),
    memory: newest(lease, claim),
    notices: [...notices, ...unsure],
    savedAt: claim.at,
    expiresAt: now.toISOString(),
  };
  await writeLease(store, claim.lane, left, etag);
};

/** How often an acquisition looks again: another write came between, or a lost lease has been replaced. */
const ATTEMPTS = 5;

/** @throws StoreError when S3 did not answer */
export const acquire = async (store: LeaseStore, claim: Claim): Promise<Answer> => {
  const { lane } = claim;
  const trouble: string[] = [];
  let wasThere = claim.predecessorTerm !== undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const found = await readLease(store, lane);
    const now = judging(claim.at, found.now);
    let answer: Answer | undefined;
    if ('unreadable' in found) {
      const replaced = await replaceForeign(store, claim, found, msBetween(claim.at, claim.expiresAt));
      if ('refused' in replaced) return replaced.refused;
      trouble.push(replaced.why);
    } else if ('lease' in found) {
      answer = await fromHolder(store, claim, now, found);
    } else if (wasThere) {
      trouble.push(`the object of lane ${lane} was deleted: ${AFTER_LOSS}`);
      answer = await afterDeletion(store, claim, now, found);
    } else if (await isFirstStart(store, lane)) {
      answer = await take(store, claim, now, found);
    } else {
      wasThere = true;
    }
    if (answer !== undefined) return { ...answer, trouble };
  }
  const why = `others kept moving the lease of lane ${lane}`;
  return { acquired: false, term: 0, memory: {}, why, trouble };
};

/** @returns undefined when somebody else moved first */
const fromHolder = async (
  store: LeaseStore,
  claim: Claim,
  now: Date,
  found: Found,
): Promise<Answer | undefined> => {
  if (isOwn(found.lease, claim)) return await takeAgain(store, claim, found);
  const look = peek(found.lease, claim, now);
  if (look !== undefined) return look;
  const refused = refusal(found.lease, claim, now);
  if (refused === undefined) return await take(store, claim, now, found);
  if (isLanePaused(found.lease, now)) await giveBack(store, claim, now, found);
  return refused;
};

/** A successor has all that is needed; anybody else begins with a lease that nobody holds, and has to look at it again. */
const afterDeletion = async (
  store: LeaseStore,
  claim: Claim,
  now: Date,
  place: Place,
): Promise<Answer | undefined> => {
  if (claim.predecessorTerm !== undefined) return await take(store, claim, now, place);
  await writeLease(store, claim.lane, vacantLease(claim, now, place.now), undefined);
  return undefined;
};

/** Lets the lease expire now, if this execution still holds it. @throws StoreError when S3 did not answer */
export const release = async (
  store: LeaseStore,
  { lane, execution, at }: Pick<Claim, 'lane' | 'execution' | 'at'>,
): Promise<Refused> => {
  const found = await readLease(store, lane);
  if (!('lease' in found)) return { acquired: false, term: 0, memory: {}, why: 'there is no lease' };
  const { lease, etag } = found;
  const { term, memory, owner } = lease;
  const answer = { acquired: false, term, memory } as const;
  if (owner !== execution) return { ...answer, why: `the lease belongs to ${owner}` };
  const expiresAt = judging(at, found.now).toISOString();
  const written = await writeLease(store, lane, { ...lease, expiresAt }, etag);
  return { ...answer, why: written ? 'released' : 'another execution moved first' };
};
