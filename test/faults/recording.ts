/**
 * What a story on the stage leaves behind: everything that was decided, accepted, told and written, with the virtual time at which
 * it happened. Times are milliseconds since 1970 on the stage's clock; `execution` is `$$.Execution.Id`, and `delivery`
 * tells the deliveries of one execution apart (Express is at-least-once). Lists are in the order in which things happened.
 */
import type { Decision, Notice, Outcome } from '../../lambdas/contract/records.ts';
import type { Room } from '../../lambdas/log.ts';
import type { Lease } from '../../lambdas/store/lease-object.ts';
import type { Api, How } from './fault.ts';

/** Who did it. */
export interface Doer {
  readonly execution: string;
  /** Counts every start on this stage from 1: unique even where an execution is delivered twice. */
  readonly delivery: number;
}

export interface RecordedService {
  /** `cluster/service`. */
  readonly key: string;
  readonly min: number;
  readonly max: number;
  /** Seconds. */
  readonly cooldown: { readonly in: number; readonly out: number };
}

/** A room was asked and answered, or failed: `error` is the name that Step Functions saw. */
export interface RecordedInvocation extends Doer {
  readonly room: Room;
  /** `confirm`, `acquire`, `release` where the room knows several acts. */
  readonly act?: string;
  readonly term: number;
  readonly began: number;
  readonly ended: number;
  readonly error?: string;
}

/** What decide answered; `counted` is false where ECS could not tell the counts. */
export interface RecordedDecision extends Doer {
  readonly time: number;
  readonly decision: Decision;
  readonly counted: boolean;
}

export interface RecordedOutcome extends Doer {
  readonly time: number;
  readonly outcome: Outcome;
}

/** An UpdateService that ECS accepted, whoever heard its answer. */
export interface RecordedUpdate extends Doer {
  readonly time: number;
  readonly key: string;
  /** The desired count before; equal to `to` where the call changed nothing. */
  readonly from: number;
  readonly to: number;
  /** The term that the apply was called with. */
  readonly term: number;
  /** `at` of the apply: lane, term, at and service name one decision. */
  readonly at: string;
  /** False: the answer never reached apply. */
  readonly answered: boolean;
}

/** A message that SNS accepted. */
export interface RecordedPublication extends Doer {
  readonly time: number;
  readonly body: Notice['body'];
  /** False: SNS's answer never reached Step Functions, so that it may come a second time. */
  readonly answered: boolean;
}

/** A lane's object as it was written; `lease` is undefined where an operator (or a fault) put something else there. */
export interface RecordedLease {
  readonly time: number;
  /** The S3 key. */
  readonly key: string;
  readonly lease?: Lease;
  readonly text: string;
  /** Who wrote it; `story`: the story itself, past the front. */
  readonly by: (Doer & { readonly room: Room }) | 'story';
}

/** An acquisition as the lease room answered it. */
export interface RecordedAcquisition extends Doer {
  readonly time: number;
  readonly acquired: boolean;
  readonly term: number;
  readonly revived: boolean;
  readonly why?: string;
}

/** A collect that answered: one tick of the loop. */
export interface RecordedTick extends Doer {
  readonly time: number;
  readonly term: number;
}

export interface RecordedExecution extends Doer {
  readonly began: number;
  readonly by: 'story' | 'reviver' | 'hand-over';
  /** Milliseconds that its clock is ahead of the stage's. */
  readonly skewMs: number;
  ended?: number;
  /** `failed` with the error's name, as `failed: HandOverError`; `killed` by the story; `timed-out` after 300 s. */
  how?: string;
}

/** A fault that was injected: from its injection until it was taken back; what it never met did no harm. */
export interface RecordedFault {
  readonly name: string;
  readonly how: How;
  readonly api: Api | 'any' | 'object' | 'process' | 'execution';
  readonly from: number;
  /** Undefined: until the story's end. */
  until?: number;
  /** How many calls it met, and when the first and the last. */
  hits: number;
  firstHit?: number;
  lastHit?: number;
}

/** What the story did and what the loop logged at WARN or worse, in sentences. */
export interface RecordedEvent {
  readonly time: number;
  readonly what: string;
}

/** A queue's backlog as the story set it. */
export interface RecordedLoad {
  readonly time: number;
  readonly key: string;
  readonly messages: number;
}

export interface Recording {
  readonly lane: string;
  readonly intervalSeconds: number;
  readonly services: readonly RecordedService[];
  readonly began: number;
  ended: number;
  /** True from a pause of the lane until its end: nobody need tick then. */
  readonly pauses: { readonly from: number; until?: number }[];
  readonly executions: RecordedExecution[];
  readonly invocations: RecordedInvocation[];
  readonly acquisitions: RecordedAcquisition[];
  readonly ticks: RecordedTick[];
  readonly decisions: RecordedDecision[];
  readonly outcomes: RecordedOutcome[];
  readonly updates: RecordedUpdate[];
  readonly publications: RecordedPublication[];
  readonly leases: RecordedLease[];
  readonly faults: RecordedFault[];
  readonly events: RecordedEvent[];
  readonly loads: RecordedLoad[];
  /** At the end: what ECS shows, and the count that the load asks for. */
  readonly counts: { readonly key: string; readonly desired: number; readonly right: number }[];
}
