/** Where an execution is: what it waits for, and what it knows. */
import type { Leave } from '../../lambdas/apply/save.ts';
import type { Answer as Leased, Refused } from '../../lambdas/lease/claim.ts';
import type { Step } from './invocation.ts';
import type { Input } from './rooms.ts';

/** What was asked of S3, and the SDK's second try of it. */
interface Asking<Result> {
  readonly step: Step<Result>;
  /** Which try of the SDK's two the present request is. */
  readonly sdkTry: 1 | 2;
}

/** One invocation of a room: `at` by the execution's clock; `attempt` of the state machine; killed at `until`. */
interface Invoked {
  readonly at: number;
  readonly attempt: number;
  readonly until: number;
}

export type Phase =
  | ({ readonly is: 'leasing' } & Invoked & Asking<Leased>)
  | ({ readonly is: 'saving'; readonly acts: readonly number[] } & Invoked & Asking<Leave>)
  /** The save has gone well; the next thing is ECS. */
  | ({ readonly is: 'acting'; readonly acts: readonly number[] } & Invoked)
  /** It has come to see that there is nothing to do. */
  | ({ readonly is: 'sleeping' } & Invoked & Asking<Refused>)
  | { readonly is: 'before-sleep'; readonly due: number; readonly attempt: number }
  /** Of a lane that may sleep: its next tick has come, and nobody knows yet what it will see. */
  | { readonly is: 'seeing' }
  /** The same, of a lane that sleeps and that it has not taken. */
  | { readonly is: 'looking' }
  | { readonly is: 'before-lease'; readonly due: number; readonly at: number; readonly attempt: number }
  | {
      readonly is: 'before-save';
      readonly due: number;
      readonly at: number;
      readonly attempt: number;
      readonly acts: readonly number[];
    }
  | { readonly is: 'before-tick'; readonly due: number }
  | { readonly is: 'awaiting-expiry'; readonly due: number }
  | { readonly is: 'handing-over' }
  | { readonly is: 'over'; readonly why: string };

export interface Execution {
  /** Its name in the story: `e2`, and `e2'` for a duplicate of it. */
  readonly actor: string;
  /** What Step Functions calls it: the same for a duplicate. */
  readonly id: string;
  readonly number: number;
  readonly input: Input;
  /** How far its clock is ahead of S3's, in seconds. */
  readonly skew: number;
  readonly begunAt: number;
  /** It has waited for the end of a lease that was overdue, or has found work in a lane that sleeps, and asks a second time. */
  readonly waited: boolean;
  readonly maySleep: boolean;
  /** It has not taken the lane, which sleeps; its term is that of whoever fell asleep. */
  readonly peek: boolean;
  readonly phase: Phase;
  readonly term: number;
  /** The acts that its memory knows of. */
  readonly acts: readonly number[];
  readonly ticked: number;
  /** When its last tick was due, by S3's clock. */
  readonly tickAt: number;
}
