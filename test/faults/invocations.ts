/**
 * Whatever calls AWS on the stage, by the trace that its requests carry: an invocation of a room, or Step Functions itself that
 * publishes. Whoever has ended is remembered as dead: nothing that he still sends may arrive.
 */
import type { Room } from '../../lambdas/log.ts';
import type { Doer } from './recording.ts';

export interface Invocation extends Doer {
  readonly trace: string;
  /** Undefined: Step Functions itself. */
  readonly room?: Room;
  readonly act?: string;
  readonly term: number;
  /** `at` of the event. */
  readonly at: string;
  readonly began: number;
  dead: boolean;
}

export interface Invocations {
  readonly open: (doer: Doer, room: Room | undefined, event: unknown) => Invocation;
  readonly by: (trace: string) => Invocation | undefined;
  /** Those that run in the worker, which has died. */
  readonly killAll: () => void;
}

interface Event {
  readonly act?: string;
  readonly term?: number;
  readonly at?: string;
  readonly input?: { readonly term?: number } | null;
}

export const createInvocations = (now: () => number): Invocations => {
  const all = new Map<string, Invocation>();
  return {
    open: ({ execution, delivery }, room, event) => {
      const { act, at = '', input, term = input?.term ?? 0 } = (event ?? {}) as Event;
      const trace = `Root=${all.size + 1}`;
      const one: Invocation = {
        ...{ trace, execution, delivery, term, at, began: now(), dead: false },
        ...(room === undefined ? {} : { room }),
        ...(act === undefined ? {} : { act }),
      };
      all.set(trace, one);
      return one;
    },
    by: (trace) => all.get(trace),
    killAll: () => {
      for (const one of all.values()) if (one.room !== undefined) one.dead = true;
    },
  };
};
