/** What the local state machine is given: functions to invoke, a topic, a clock, and who is told what happens. */
import type { Room } from '../lambdas/log.ts';
import type { Clock } from './clock.ts';

/** What `arn:…:sns:publish` is given, as the state machine writes it. */
export interface Publication {
  readonly TopicArn: string;
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Readonly<
    Record<string, { readonly DataType: string; readonly StringValue: string }>
  >;
}

/** A running execution. One id may be delivered twice: Express is at-least-once. */
export interface Doer {
  readonly execution: string;
  /** Counts every start of this machine from 1. */
  readonly delivery: number;
  /** How far this execution's clock is ahead, in milliseconds. */
  readonly skewMs: number;
}

export interface MachineParts {
  /** @param ended aborted when Lambda ends the function because its time is over */
  readonly invoke: (room: Room, event: unknown, doer: Doer, ended: AbortSignal) => Promise<unknown>;
  /** @param ended aborted when nobody waits for the answer any more */
  readonly publish: (publication: Publication, doer: Doer, ended: AbortSignal) => Promise<unknown>;
  readonly topicArn: string;
  /** A state caught a failure and the loop goes on, or an execution failed and is over. */
  readonly onTrouble: (kind: 'tick-failed' | 'execution-failed', where: string, why: string) => void;
  /** The next execution was started by the one before it. */
  readonly onHandOver: (term: number) => void;
  /** Told of every state that is entered, with its whole data. */
  readonly onState?: (name: string, data: unknown) => void;
  /** Told of an execution before it does anything. */
  readonly onStart?: (doer: Doer) => void;
  /** Told when an execution is over: `done`, `failed: <error>`, `timed-out` or `killed`. */
  readonly onEnd?: (doer: Doer, how: string) => void;
  /** StartExecution, where it is to fail, or to start none or two. */
  readonly startNext?: (begin: () => string, doer: Doer, input: unknown) => Promise<string>;
  /** How far the clock of that execution is ahead, in milliseconds. */
  readonly skewOf?: (delivery: number) => number;
  /** By which everything waits and gives up. */
  readonly clock?: Clock;
  /** Other waits and pauses than the definition's, in milliseconds by state name. */
  readonly pauses?: {
    readonly waitTimeOverrides?: Readonly<Record<string, number>>;
    readonly retryIntervalOverrides?: Readonly<Record<string, number>>;
  };
}
