/** The rooms as Step Functions finds them in Lambda: real handlers in a worker that can die, and calls of them that can go wrong. */
import type { Writable } from 'node:stream';
import type { Room } from '../../lambdas/log.ts';
import { failure } from '../../local/clock.ts';
import { startLambdas } from '../../local/lambdas.ts';
import type { Call, Fault } from './fault.ts';
import type { Injections } from './injections.ts';
import type { Invocations } from './invocations.ts';
import type { Recorder } from './recorder.ts';
import type { Doer } from './recording.ts';
import { errorNameOf } from './refusal.ts';
import type { SkippingClock } from './skipping-clock.ts';

export interface Functions {
  readonly invoke: (room: Room, event: unknown, doer: Doer, ended: AbortSignal) => Promise<unknown>;
  /** The process of all rooms dies at once, and a new one starts. */
  readonly crash: () => void;
  readonly stop: () => Promise<void>;
}

export interface FunctionsParts {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Writable;
  readonly clock: SkippingClock;
  readonly injections: Injections;
  readonly invocations: Invocations;
  readonly recorder: Recorder;
  /** Whether this execution is over: then nothing more is invoked for it. */
  readonly isOver: (doer: Doer) => boolean;
}

/** What Lambda says of a process that has ended by itself. */
const CRASHED = 'Runtime.ExitError';

const never = new Promise<never>(() => undefined);

export const startFunctions = (parts: FunctionsParts): Functions => {
  const { env, log, clock, injections, invocations, recorder } = parts;
  let lambdas = startLambdas(env, log);

  const run = async (room: Room, event: unknown, doer: Doer, ended?: AbortSignal): Promise<unknown> => {
    const invocation = invocations.open(doer, room, event);
    let told = false;
    const tell = (answer: unknown, error?: string): void => {
      if (!told) recorder.ended(invocation, answer, error);
      told = true;
    };
    // Lambda ends the process, and nothing that it has begun to send arrives any more.
    ended?.addEventListener('abort', () => {
      invocation.dead = true;
      tell(undefined, 'Sandbox.Timedout');
    });
    try {
      const answer = await clock.hold(lambdas.invoke(room, event, invocation.trace), ended);
      tell(answer);
      return answer;
    } catch (thrown) {
      const error = invocation.dead ? failure(CRASHED, 'Runtime exited without providing a reason') : thrown;
      tell(undefined, (error as Error).name);
      throw error;
    }
  };

  const faulty: Readonly<Record<Fault['how'], (fault: Fault, call: Call, go: Go) => Promise<unknown>>> = {
    none: (_fault, _call, go) => go(),
    refuse: async ({ how }, { api }) => refused(api, how),
    error: async ({ how }, { api }) => refused(api, how),
    throttle: async ({ how }, { api }) => refused(api, how),
    deny: async ({ how }, { api }) => refused(api, how),
    silent: () => never,
    garbage: async () => '<html>welcome</html>',
    late: ({ lateSeconds = 8 }, _call, go) => {
      clock
        .sleep(lateSeconds * 1000)
        .then(() => go(true))
        .catch(() => undefined);
      return never;
    },
    twice: async (_fault, _call, go) => {
      await go(true).catch(() => undefined);
      return go();
    },
    lost: async ({ how }, { api }, go) => {
      await go();
      return refused(api, how);
    },
    mute: async (_fault, _call, go) => {
      go(true).catch(() => undefined);
      return never;
    },
    alter: async ({ alter = (text) => text }, _call, go) => JSON.parse(alter(JSON.stringify(await go()))),
  };

  return {
    invoke: async (room, event, doer, ended) => {
      const { act } = event as { readonly act?: string };
      const call: Call = {
        ...{ api: `lambda:${room}`, room, execution: doer.execution, delivery: doer.delivery, path: '' },
        body: JSON.stringify(event),
        ...(act === undefined ? {} : { act }),
      };
      const fault = injections.meet(call) ?? { how: 'none' };
      await fault.before?.(call);
      if (parts.isOver(doer)) return never;
      const answer = await faulty[fault.how](fault, call, (alone = false) =>
        run(room, event, doer, alone ? undefined : ended),
      );
      await fault.after?.(call);
      return answer;
    },
    crash: () => {
      invocations.killAll();
      const old = lambdas;
      lambdas = startLambdas(env, log);
      void old.stop();
    },
    stop: () => lambdas.stop(),
  };
};

/** @param alone nobody waits for the answer, and nobody ends it */
type Go = (alone?: boolean) => Promise<unknown>;

const refused = (api: Call['api'], how: Fault['how']): never => {
  throw failure(errorNameOf(api, how as Parameters<typeof errorNameOf>[1]), 'injected');
};
