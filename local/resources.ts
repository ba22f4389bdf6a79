/** What the tasks of the state machine stand for: functions in Lambda, the topic in SNS, the next execution of the machine itself. */
import type { Room } from '../lambdas/log.ts';
import { TIME_LIMITS } from '../lib/time-limits.ts';
import { type Clock, failure, within } from './clock.ts';
import type { Doer, MachineParts, Publication } from './machine-parts.ts';

/** @param given aborted when nobody waits for the answer any more */
export type Handler = (event: unknown, given: AbortSignal) => Promise<unknown>;

/** AWS's documentation calls it `Lambda.Unknown`; what Lambda answers today has a name of its own. */
const TIMED_OUT = 'Sandbox.Timedout';

/**
 * By the states' names.
 *
 * @param dead aborted when the execution is over
 * @param start starts an execution with this input and returns its id
 */
export const resourcesOf = (
  parts: MachineParts,
  clock: Clock,
  doer: Doer,
  dead: AbortSignal,
  start: (input: unknown) => string,
): Readonly<Record<string, Handler>> => {
  const invoking =
    (room: Room): Handler =>
    (event) => {
      const seconds = TIME_LIMITS[room];
      const late = () => failure(TIMED_OUT, `the function ${room} timed out after ${seconds}.00 seconds`);
      return within(clock, seconds, late, dead, (given) => parts.invoke(room, event, doer, given));
    };
  return {
    AcquireLease: invoking('lease'),
    Sleep: invoking('lease'),
    Collect: invoking('collect'),
    Decide: invoking('decide'),
    Apply: invoking('apply'),
    Confirm: invoking('apply'),
    Publish: (event, given) => {
      const { Message, ...rest } = event as Publication;
      return parts.publish({ ...rest, Message: JSON.stringify(Message) }, doer, given);
    },
    HandOver: async (event) => {
      const { Input } = event as { readonly Input: { readonly term: number } };
      const begin = (): string => start(Input);
      const id = parts.startNext === undefined ? begin() : await parts.startNext(begin, doer, Input);
      parts.onHandOver(Input.term);
      return { ExecutionArn: id, StartDate: new Date(clock.now()).toISOString() };
    },
  };
};
