/**
 * The unmodified state machine on a local interpreter. Only what Step Functions and Lambda themselves would do is done here: invoke a
 * function, publish to SNS, start the next execution, and end what takes longer or grows larger than they allow.
 *
 * Gotcha: the interpreter never fills `$$.State.EnteredTime` and `$$.State.RetryCount`; see `attempts.ts`. What it waits for and when
 * it gives up is `definition.ts`.
 */
import { randomUUID } from 'node:crypto';
import { StateMachine } from 'aws-local-stepfunctions';
import { createEntries } from './attempts.ts';
import { failure, realClock, within } from './clock.ts';
import { playable, type Task, type Waiting } from './definition.ts';
import type { Doer, MachineParts } from './machine-parts.ts';
import { type Handler, resourcesOf } from './resources.ts';

export interface StartOptions {
  /** Of an execution that is delivered once more. */
  readonly execution?: string;
  readonly skewMs?: number;
}

export interface Machine {
  /** Starts an execution and returns its id at once. */
  readonly start: (input: unknown, options?: StartOptions) => string;
  /** Whatever an execution does from now on is void; a function that it has invoked runs on to its own end. */
  readonly kill: (execution: string) => void;
  readonly stop: () => Promise<void>;
}

type Json = Parameters<StateMachine['run']>[0];

interface Running {
  readonly doer: Doer;
  readonly result: Promise<unknown>;
  readonly end: (how: string) => void;
}

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:pulsescale';

/** What Express allows. */
const EXECUTION_SECONDS = 300;
const PAYLOAD_BYTES = 256 * 1024;

const checked = <T>(what: string, data: T): T => {
  const bytes = Buffer.byteLength(JSON.stringify(data) ?? '');
  if (bytes <= PAYLOAD_BYTES) return data;
  throw failure('States.DataLimitExceeded', `${what} has ${bytes} bytes, above ${PAYLOAD_BYTES}`, true);
};

export const createMachine = (definitionFile: URL, parts: MachineParts): Machine => {
  const { clock = realClock, pauses } = parts;
  const { definition, tasks } = playable(definitionFile, parts.topicArn);
  const machine = new StateMachine(definition);
  const running = new Set<Running>();
  const noRetryPause = Object.fromEntries([...tasks.keys()].map((name) => [name, 0]));
  let deliveries = 0;

  const sleep = async (name: string, { seconds, until }: Waiting, doer: Doer, dead: AbortSignal) => {
    const ms = until === undefined ? (seconds ?? 0) * 1000 : Date.parse(until) - clock.now() - doer.skewMs;
    await clock.sleep(pauses?.waitTimeOverrides?.[name] ?? ms, dead);
  };

  const start = (input: unknown, options: StartOptions = {}): string => {
    deliveries += 1;
    const { execution, skewMs = parts.skewOf?.(deliveries) ?? 0 } = options;
    // As in AWS no two executions anywhere have the same id: a lease knows its owner by it.
    const id = execution ?? `${MACHINE.replace('stateMachine', 'express')}:${randomUUID()}`;
    const doer: Doer = { execution: id, delivery: deliveries, skewMs };
    parts.onStart?.(doer);
    const dead = new AbortController();
    const entries = createEntries(() => new Date(clock.now() + skewMs).toISOString());

    const resources = resourcesOf(parts, clock, doer, dead.signal, start);
    const attempted =
      (name: string, task: Task, handle: Handler) =>
      async (event: unknown): Promise<Json> => {
        const attempts = entries.enter(name, task, event);
        try {
          const work = (given: AbortSignal) => handle(checked(`the input of ${name}`, event), given);
          const late = () => failure('States.Timeout', `${name} took more than ${task.timeoutSeconds} s`);
          const answer = await within(clock, task.timeoutSeconds, late, dead.signal, work);
          entries.leave(name, task, event);
          return checked(`the answer of ${name}`, answer) as Json;
        } catch (error) {
          const pause = attempts.pauseAfter(error);
          if (pause === undefined) {
            entries.leave(name, task, event);
            throw error;
          }
          entries.retry(task);
          await clock.sleep(pauses?.retryIntervalOverrides?.[name] ?? pause, dead.signal);
          if (dead.signal.aborted) throw failure('Aborted', 'the execution is over', true);
          throw error;
        }
      };
    const handlers = [...tasks].map(([name, task]) => {
      if (task.kind === 'wait') {
        const wait = (event: unknown) => sleep(name, event as Waiting, doer, dead.signal).then(() => null);
        return [name, wait] as const;
      }
      const handle = resources[name];
      if (handle === undefined) throw new Error(`nobody plays the state ${name}`);
      return [name, attempted(name, task, handle)] as const;
    });

    const played = machine.run(input as Json, {
      overrides: {
        taskResourceLocalHandlers: Object.fromEntries(handlers),
        retryIntervalOverrides: noRetryPause,
      },
      context: {
        Execution: { Id: id, Input: input as Json, StartTime: new Date(clock.now() + skewMs).toISOString() },
        StateMachine: { Id: MACHINE },
        State: entries.state,
      },
      noThrowOnAbort: true,
    });
    let ending: string | undefined;
    const one: Running = {
      doer,
      result: played.result,
      end: (how) => {
        ending ??= how;
        dead.abort();
        played.abort();
      },
    };
    running.add(one);
    void limit(one, dead.signal);
    void watch(one, played, () => ending).finally(() => dead.abort());
    return id;
  };

  const limit = async (one: Running, over: AbortSignal): Promise<void> => {
    await clock.sleep(EXECUTION_SECONDS * 1000, over);
    if (running.has(one) && !over.aborted) one.end('timed-out');
  };

  const watch = async (
    one: Running,
    played: ReturnType<StateMachine['run']>,
    ending: () => string | undefined,
  ): Promise<void> => {
    const id = one.doer.execution;
    played.result.catch(() => undefined);
    for await (const event of played.eventLogs) {
      if (event.type === 'StateEntered') {
        parts.onState?.(event.state.name, event.state.input);
        if (Buffer.byteLength(JSON.stringify(event.state.input)) > PAYLOAD_BYTES)
          one.end('failed: States.DataLimitExceeded');
      }
      if (event.type === 'StateFailed' && ending() === undefined)
        parts.onTrouble('tick-failed', event.state.name, `${event.Error}: ${String(event.Cause)}`);
    }
    let how = ending() ?? 'done';
    try {
      await played.result;
      const why = { 'timed-out': `States.Timeout: longer than ${EXECUTION_SECONDS} s` }[how] ?? how;
      if (how !== 'done' && how !== 'killed') parts.onTrouble('execution-failed', id, why);
    } catch (thrown) {
      const { cause = thrown } = thrown as { readonly cause?: { readonly name?: string } };
      how = `failed: ${(cause as { readonly name?: string }).name ?? 'Error'}`;
      parts.onTrouble('execution-failed', id, String(thrown));
    } finally {
      running.delete(one);
      parts.onEnd?.(one.doer, how);
    }
  };

  return {
    start,
    kill: (execution) => {
      for (const one of running) if (one.doer.execution === execution) one.end('killed');
    },
    stop: async () => {
      const all = [...running];
      for (const one of all) one.end('killed');
      await Promise.allSettled(all.map(({ result }) => result));
    },
  };
};
