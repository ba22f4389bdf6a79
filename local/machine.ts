/**
 * The unmodified state machine on a local interpreter. Only what Step Functions itself would do is done here: invoke a
 * function, publish to SNS, start the next execution.
 *
 * Gotchas: the interpreter never fills `$$.State.EnteredTime`; a getter on the context is read at each use, and so it is
 * the time that it should be. And it takes every backslash out of what `States.JsonToString` makes, so that a message with
 * a quotation mark in it would be no JSON any more; so it is given the body as it is, and the text is made here.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StateMachine } from 'aws-local-stepfunctions';
import type { Room } from '../lambdas/log.ts';

/** What `arn:…:sns:publish` is given, as the state machine writes it. */
export interface Publication {
  readonly TopicArn: string;
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Readonly<
    Record<string, { readonly DataType: string; readonly StringValue: string }>
  >;
}

export interface MachineParts {
  readonly invoke: (room: Room, event: unknown) => Promise<unknown>;
  readonly publish: (publication: Publication) => Promise<unknown>;
  readonly topicArn: string;
  /** A state caught a failure and the loop goes on, or an execution failed and is over. */
  readonly onTrouble: (kind: 'tick-failed' | 'execution-failed', where: string, why: string) => void;
  /** The next execution was started by the one before it. */
  readonly onHandOver: (term: number) => void;
  /** Told of every state that is entered, with its whole data. */
  readonly onState?: (name: string, data: unknown) => void;
  /** Other waits and pauses than the definition's, in milliseconds by state name. */
  readonly pauses?: Pick<Overrides, 'waitTimeOverrides' | 'retryIntervalOverrides'>;
}

export interface Machine {
  /** Starts an execution and returns its id at once. */
  readonly start: (input: unknown) => string;
  readonly stop: () => Promise<void>;
}

type Json = Parameters<StateMachine['run']>[0];
type Execution = ReturnType<StateMachine['run']>;
type Overrides = NonNullable<NonNullable<Parameters<StateMachine['run']>[1]>['overrides']>;

type Unwritten = Omit<Publication, 'Message'> & { readonly Message: unknown };

/** The message as Step Functions would have written it. */
const withText = ({ Message, ...rest }: Unwritten): Publication => ({
  ...rest,
  Message: JSON.stringify(Message),
});

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:';
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:pulsescale';

/** The definition with its placeholders filled as CloudFormation would. @param file of the ASL */
export const definitionFrom = (
  file: URL,
  topicArn: string,
): ConstructorParameters<typeof StateMachine>[0] => {
  const filled: Readonly<Record<string, string>> = {
    LeaseFunctionArn: `${FUNCTION}lease`,
    CollectFunctionArn: `${FUNCTION}collect`,
    DecideFunctionArn: `${FUNCTION}decide`,
    ApplyFunctionArn: `${FUNCTION}apply`,
    TopicArn: topicArn,
    Partition: 'aws',
  };
  const text = readFileSync(file, 'utf8').replace('States.JsonToString($.body)', '$.body');
  return JSON.parse(text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => filled[name] ?? whole));
};

const contextOf = (id: string, input: unknown) => ({
  Execution: { Id: id, Input: input as Json, StartTime: new Date().toISOString() },
  StateMachine: { Id: MACHINE },
  State: {
    RetryCount: 0,
    get EnteredTime() {
      return new Date().toISOString();
    },
  },
});

export const createMachine = (definitionFile: URL, parts: MachineParts): Machine => {
  const machine = new StateMachine(definitionFrom(definitionFile, parts.topicArn));
  const running = new Map<string, Execution>();

  const watch = async (id: string, execution: Execution): Promise<void> => {
    for await (const event of execution.eventLogs) {
      if (event.type === 'StateEntered') parts.onState?.(event.state.name, event.state.input);
      if (event.type === 'StateFailed')
        parts.onTrouble('tick-failed', event.state.name, `${event.Error}: ${String(event.Cause)}`);
    }
    try {
      await execution.result;
    } catch (thrown) {
      parts.onTrouble('execution-failed', id, String(thrown));
    } finally {
      running.delete(id);
    }
  };

  const start = (input: unknown): string => {
    // As in AWS no two executions anywhere have the same id: a lease knows its owner by it.
    const id = `${MACHINE.replace('stateMachine', 'express')}:${randomUUID()}`;
    const taskResourceLocalHandlers = {
      AcquireLease: (event: Json) => parts.invoke('lease', event) as Promise<Json>,
      Collect: (event: Json) => parts.invoke('collect', event) as Promise<Json>,
      Decide: (event: Json) => parts.invoke('decide', event) as Promise<Json>,
      Apply: (event: Json) => parts.invoke('apply', event) as Promise<Json>,
      Confirm: (event: Json) => parts.invoke('apply', event) as Promise<Json>,
      Publish: (event: Json) => parts.publish(withText(event as unknown as Unwritten)) as Promise<Json>,
      HandOver: (event: Json) => {
        const { Input } = event as unknown as { readonly Input: { readonly term: number } };
        parts.onHandOver(Input.term);
        return { ExecutionArn: start(Input), StartDate: new Date().toISOString() };
      },
    };
    const execution = machine.run(input as Json, {
      overrides: { taskResourceLocalHandlers, ...parts.pauses },
      context: contextOf(id, input),
      noThrowOnAbort: true,
    });
    running.set(id, execution);
    void watch(id, execution);
    return id;
  };

  return {
    start,
    stop: async () => {
      const all = [...running.values()];
      for (const execution of all) execution.abort();
      await Promise.allSettled(all.map(({ result }) => result));
    },
  };
};
