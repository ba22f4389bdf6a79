/**
 * The state machine's definition as the local interpreter can play it by a clock of ours and with the limits of Step Functions.
 *
 * Gotchas: the interpreter waits and gives up by `setTimeout`, so each Wait becomes a task on the clock, and each task's
 * time limit is taken from it and kept by whoever runs the task. And it takes every backslash out of what
 * `States.JsonToString` makes, so that a message with a quotation mark in it would be no JSON any more; the text is made by whoever publishes.
 */
import { readFileSync } from 'node:fs';
import type { StateMachine } from 'aws-local-stepfunctions';

type Definition = ConstructorParameters<typeof StateMachine>[0];

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
}

/** What of a state matters here. */
interface State {
  readonly Type: string;
  readonly Retry?: readonly Retrier[];
  readonly TimeoutSeconds?: number;
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}
type States = Readonly<Record<string, State>>;

export interface Task {
  readonly kind: 'task' | 'wait';
  readonly retriers: readonly Retrier[];
  readonly timeoutSeconds: number;
  /** Inside a Map: several of it run at the same time. */
  readonly inner: boolean;
}

export interface Playable {
  readonly definition: Definition;
  /** By the state's name, inner ones included. */
  readonly tasks: ReadonlyMap<string, Task>;
}

/** What the task of a wait is given. */
export interface Waiting {
  readonly seconds?: number;
  readonly until?: string;
}

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:';

const filled = (file: URL, topicArn: string): { readonly States: States } => {
  const values: Readonly<Record<string, string>> = {
    LeaseFunctionArn: `${FUNCTION}lease`,
    CollectFunctionArn: `${FUNCTION}collect`,
    DecideFunctionArn: `${FUNCTION}decide`,
    ApplyFunctionArn: `${FUNCTION}apply`,
    TopicArn: topicArn,
    Partition: 'aws',
  };
  return JSON.parse(
    readFileSync(file, 'utf8').replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole),
  );
};

/** More than any execution lasts, and less than what `setTimeout` can hold (2,147,483 s). */
const NEVER_SECONDS = 2_000_000;

/** Without one of its own a task of Step Functions has this limit. */
const DEFAULT_TIMEOUT_SECONDS = 99_999_999;

const asTask = ({ Type: _type, Seconds, SecondsPath, Timestamp, TimestampPath, ...rest }: State) => ({
  ...rest,
  Type: 'Task',
  Resource: `${FUNCTION}clock`,
  Parameters: {
    ...(Seconds === undefined ? {} : { seconds: Seconds }),
    ...(SecondsPath === undefined ? {} : { 'seconds.$': SecondsPath }),
    ...(Timestamp === undefined ? {} : { until: Timestamp }),
    ...(TimestampPath === undefined ? {} : { 'until.$': TimestampPath }),
  },
  ResultPath: null,
  TimeoutSeconds: NEVER_SECONDS,
});

/** `States.JsonToString($.body)` → `$.body`: an object arrives, and is made text with its backslashes. */
const unspoilt = (parameters: State['Parameters']) =>
  parameters === undefined
    ? {}
    : {
        Parameters: Object.fromEntries(
          Object.entries(parameters).map(([key, value]) => [
            key,
            typeof value === 'string' ? value.replace(/^States\.JsonToString\((.*)\)$/, '$1') : value,
          ]),
        ),
      };

const played = (state: State): unknown => {
  if (state.Type === 'Wait') return asTask(state);
  if (state.Type === 'Task')
    return { ...state, ...unspoilt(state.Parameters), TimeoutSeconds: NEVER_SECONDS };
  if (state.ItemProcessor === undefined) return state;
  return {
    ...state,
    ItemProcessor: { ...state.ItemProcessor, States: allPlayed(state.ItemProcessor.States) },
  };
};

const allPlayed = (states: States) =>
  Object.fromEntries(Object.entries(states).map(([name, state]) => [name, played(state)]));

const tasksIn = (states: States, inner = false): readonly (readonly [string, Task])[] =>
  Object.entries(states).flatMap(([name, state]) => {
    const { Type, Retry: retriers = [], TimeoutSeconds: timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = state;
    if (Type === 'Wait') return [[name, { kind: 'wait', retriers, timeoutSeconds, inner }] as const];
    if (Type === 'Task') return [[name, { kind: 'task', retriers, timeoutSeconds, inner }] as const];
    return tasksIn(state.ItemProcessor?.States ?? {}, true);
  });

/** @param file of the ASL, whose placeholders are filled as CloudFormation would */
export const playable = (file: URL, topicArn: string): Playable => {
  const { States: states, ...rest } = filled(file, topicArn);
  return {
    definition: { ...rest, States: allPlayed(states) } as unknown as Definition,
    tasks: new Map(tasksIn(states)),
  };
};
