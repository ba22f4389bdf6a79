/** What an execution asks for, and what it is answered. */
import type { Memory, Notice } from '../contract/records.ts';
import type { Lease } from '../store/lease-object.ts';

export interface Claim {
  readonly lane: string;
  readonly execution: string;
  /** ISO 8601, by the state machine's clock. */
  readonly at: string;
  /** ISO 8601, by the same clock. How far it is from `at` is how long nobody else may take the lease without naming its term. */
  readonly expiresAt: string;
  /** The term that the predecessor handed over. */
  readonly predecessorTerm?: number | undefined;
  /** The memory that the predecessor handed over; without it the stored one goes on. */
  readonly memory?: Memory | undefined;
  /** ISO 8601: when the predecessor handed it over. What was stored later is newer. */
  readonly memoryAt?: string | undefined;
  /** Scale-outs that the predecessor could not tell of, and those of which it did not know whether they were accepted. */
  readonly notices?: readonly Notice[];
  readonly unsure?: readonly Notice[];
  /** By `cluster/service`: those of the configuration. */
  readonly services?: readonly string[];
  /** What is kept in the object only, given what is there. */
  readonly shown?: (held: Lease | undefined) => Pick<Lease, 'services' | 'last' | 'atMax'>;
  /** Completes the memory by what is remembered elsewhere of services that it says nothing about. */
  readonly inherit?: (own: Inheritance, now: Date, held: Lease | undefined) => Promise<Inheritance>;
  /** Step Functions asks again, because the answer to its first attempt got lost. */
  readonly isRetry?: boolean;
  /** Where the lane sleeps, a look is enough: it is not taken before there is something to do. */
  readonly mayPeek?: boolean;
  /** Somebody wants this lane at once, whoever holds it: the holder's term is then stale. */
  readonly takeOver?: boolean;
}

export type Inheritance = Pick<Lease, 'memory' | 'pauses'>;

interface Told {
  /** What an operator should know of how this came about. */
  readonly trouble?: readonly string[];
}

interface Acquired extends Told {
  readonly acquired: true;
  readonly term: number;
  readonly memory: Memory;
  /** The holder before had died: its memory is that of its last write, and nothing has been seen since. */
  readonly revived: boolean;
  /** The lane sleeps and has not been taken: one look, and nothing may be applied. */
  readonly peek?: boolean;
  readonly notices: readonly Notice[];
  readonly unsure: readonly Notice[];
  /** As it has been written. */
  readonly lease: Lease;
}

export interface Refused extends Told {
  readonly acquired: false;
  readonly term: number;
  readonly memory: Memory;
  readonly why: string;
  /** Nobody can have this lane at present, and an operator should know. */
  readonly broken?: boolean;
  /** In how many milliseconds the lane can be had if nobody moves on. */
  readonly freeInMs?: number;
  /** What judged that. */
  readonly now?: Date;
}

export type Answer = Acquired | Refused;
