/**
 * Who may act in a lane. Express executions are at-least-once, cannot be listed and cannot be stopped, so:
 *
 * - a successor names its predecessor's term and may take the lease while the object still shows exactly that term;
 * - anyone else (a hand start, the reviver) waits until the lease has expired;
 * - a duplicate of an execution loses the race for the term and ends at once.
 *
 * Times are the state machine's (`at`), never this machine's clock.
 */
import type { Memory } from '../contract/records.ts';
import { type Found, type Lease, type LeaseStore, readLease, writeLease } from '../store/lease-object.ts';

export interface Claim {
  readonly lane: string;
  readonly execution: string;
  /** ISO 8601. */
  readonly at: string;
  /** ISO 8601: until when nobody else may take the lease without naming its term. */
  readonly expiresAt: string;
  /** The term that the predecessor handed over. */
  readonly predecessorTerm?: number | undefined;
  /** The memory that the predecessor handed over; without it the stored one goes on. */
  readonly memory?: Memory | undefined;
  /** ISO 8601: when the predecessor handed it over. What was stored later is newer. */
  readonly memoryAt?: string | undefined;
  /** What is only shown to people: the configured services, and the last tick of the predecessor. */
  readonly shown?: Pick<Lease, 'services' | 'last'>;
  /** Step Functions asks again, because the answer to its first attempt got lost. */
  readonly isRetry?: boolean;
  /** Somebody wants this lane at once, whoever holds it: the holder's term is then stale. */
  readonly takeOver?: boolean;
}

export type Answer =
  | { readonly acquired: true; readonly term: number; readonly memory: Memory }
  | {
      readonly acquired: false;
      readonly term: number;
      readonly memory: Memory;
      readonly why: string;
      /** Nobody can have this lane until an operator does something. */
      readonly broken?: boolean;
    };

/** Why this execution may not take the lease; undefined: it may. */
const refusal = (held: Lease, claim: Claim): string | undefined => {
  if (held.paused) return `lane ${claim.lane} is paused`;
  if (claim.takeOver) return undefined;
  if (claim.predecessorTerm !== undefined && claim.predecessorTerm === held.term) return undefined;
  if (Date.parse(held.expiresAt) <= Date.parse(claim.at)) return undefined;
  return `lane ${claim.lane} belongs to ${held.owner} (term ${held.term}) until ${held.expiresAt}`;
};

/**
 * The lease that a first attempt of the same state took, its answer lost. A duplicate of the execution entered the state at
 * another moment, so it is not mistaken for a retry.
 */
const isOwn = (held: Lease, { isRetry, execution, at }: Claim): boolean =>
  isRetry === true && held.owner === execution && held.savedAt === at;

/** A predecessor whose hand-over seemed to fail has gone on ticking and may have saved more than it handed over. */
const newest = (held: Lease | undefined, { memory, memoryAt }: Claim): Memory => {
  const savedLater =
    memoryAt !== undefined && held?.savedAt !== undefined && Date.parse(held.savedAt) > Date.parse(memoryAt);
  return (savedLater ? undefined : memory) ?? held?.memory ?? {};
};

/** What a new holder finds and leaves as it is. */
const standing = (held: Lease | undefined): Pick<Lease, 'pauses' | 'notices' | 'services' | 'last'> => ({
  pauses: held?.pauses ?? {},
  notices: held?.notices ?? [],
  ...(held?.services === undefined ? {} : { services: held.services }),
  ...(held?.last === undefined ? {} : { last: held.last }),
});

/** How often an acquisition looks again after another write came between. */
const ATTEMPTS = 3;

/** @throws StoreError when S3 did not answer */
export const acquire = async (store: LeaseStore, claim: Claim): Promise<Answer> => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const found = await readLease(store, claim.lane);
    if ('unreadable' in found) {
      return {
        acquired: false,
        term: 0,
        memory: {},
        why: unreadableWhy(claim.lane, found.unreadable),
        broken: true,
      };
    }
    const { lease: held, etag } = 'lease' in found ? found : { lease: undefined, etag: undefined };
    if (held !== undefined && isOwn(held, claim))
      return { acquired: true, term: held.term, memory: held.memory };
    const why = held === undefined ? undefined : refusal(held, claim);
    if (held !== undefined && why !== undefined) {
      if (held.paused) await giveBack(store, claim, found as Found);
      return { acquired: false, term: held.term, memory: held.memory, why };
    }
    const term = (held?.term ?? 0) + 1;
    const memory = newest(held, claim);
    const { execution: owner, at: savedAt, expiresAt } = claim;
    const written = await writeLease(
      store,
      claim.lane,
      { ...standing(held), ...claim.shown, owner, term, expiresAt, paused: false, memory, savedAt },
      etag,
    );
    if (written) return { acquired: true, term, memory };
  }
  return { acquired: false, term: 0, memory: {}, why: `others kept moving the lease of lane ${claim.lane}` };
};

const unreadableWhy = (lane: string, what: string): string =>
  `the lease of lane ${lane} is no lease of ours (${what}): delete the object, or name another lane, to go on`;

/**
 * A successor that finds its lane paused saves what its predecessor learnt and lets the lease expire, so that the lane
 * goes on at once when it is resumed. Losing this race is harmless: the lease then expires by itself.
 */
const giveBack = async (store: LeaseStore, claim: Claim, { lease, etag }: Found): Promise<void> => {
  if (claim.predecessorTerm !== lease.term) return;
  const memory = newest(lease, claim);
  await writeLease(
    store,
    claim.lane,
    { ...lease, ...claim.shown, memory, savedAt: claim.at, expiresAt: claim.at },
    etag,
  );
};

/** Lets the lease expire now, if this execution still holds it. @throws StoreError when S3 did not answer */
export const release = async (
  store: LeaseStore,
  { lane, execution, at }: Pick<Claim, 'lane' | 'execution' | 'at'>,
): Promise<Answer> => {
  const found = await readLease(store, lane);
  if (!('lease' in found)) return { acquired: false, term: 0, memory: {}, why: 'there is no lease' };
  const { lease, etag } = found;
  if (lease.owner !== execution) {
    return {
      acquired: false,
      term: lease.term,
      memory: lease.memory,
      why: `the lease belongs to ${lease.owner}`,
    };
  }
  const written = await writeLease(store, lane, { ...lease, expiresAt: at }, etag);
  return {
    acquired: false,
    term: lease.term,
    memory: lease.memory,
    why: written ? 'released' : 'another execution moved first',
  };
};
