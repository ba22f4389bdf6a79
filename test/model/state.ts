/** Everything there is at one moment of the model. */
import type { Lease } from '../../lambdas/store/lease-object.ts';
import { type Bucket, bucketText, type Laws } from './bucket.ts';
import { atTime, begun } from './execution.ts';
import type { Step } from './invocation.ts';
import type { Execution } from './phase.ts';
import { nothingYet, type Record } from './record.ts';
import type { Input } from './rooms.ts';

const { stringify } = JSON;

export interface State {
  readonly now: number;
  readonly bucket: Bucket;
  readonly executions: readonly Execution[];
  readonly record: Record;
  /** How many faults may still happen. */
  readonly faults: number;
  /** How many of the scenario's own starts have happened. */
  readonly started: number;
  /** A person, or a start whose answer got lost, may have put another in the place of an execution that still acts. */
  readonly overtaken: boolean;
  /** What the operator's command does, once it has been given. */
  readonly operator?: Step<boolean>;
}

/** What is explored. */
export interface Scenario {
  readonly name: string;
  /** What is started from outside, in this order, at any time; the first at once. */
  readonly starts: readonly Input[];
  /** When the second and later ones may come at the earliest, in seconds. */
  readonly startsFrom?: number;
  /** No further execution is started then. */
  readonly executions: number;
  readonly faults: number;
  /** S3 and the hand-over don't fail, only functions and executions die. */
  readonly deathsOnly?: boolean;
  /** Seconds after which time stands still. */
  readonly horizon: number;
  /** How far each execution's clock is ahead of S3's, in seconds. */
  readonly skews?: readonly number[];
  /** A tick may find nothing to do, and the lane then falls asleep. */
  readonly sleeps?: boolean;
  /** An operator pauses the lane, at any time. */
  readonly pauses?: boolean;
  readonly laws?: Laws;
  /** Who looks at a lane that sleeps hands it over as if it had held it. */
  readonly looksHold?: boolean;
  /** Also who was overtaken must not act after his successor. */
  readonly excusesNobody?: boolean;
  /** The schedule starts nobody. */
  readonly isDead?: boolean;
  /** What an execution sees of the lane's object, where that is not what it holds. */
  readonly sees?: (execution: Execution, lease: Lease) => Lease;
}

/** One thing that can happen: what is told of it, what there is then, and the promise that is broken by it. */
export interface Choice {
  readonly tell: () => string;
  readonly to: State;
  readonly broken?: string | undefined;
}

export const REAL: Laws = { ifMatch: true, ifNoneMatch: true };

/** The lane before anything was started. */
export const start: State = {
  now: 0,
  bucket: {},
  executions: [],
  record: nothingYet,
  faults: 0,
  started: 0,
  overtaken: false,
};

export const replaced = (state: State, execution: Execution): State => ({
  ...state,
  executions: state.executions.map((each) => (each.actor === execution.actor ? execution : each)),
});

/** Time has come to this: begins what is due. */
export const withDue = async (state: State): Promise<State> => {
  const executions: Execution[] = [];
  for (const each of state.executions) executions.push(await atTime(each, state.now));
  return { ...state, executions };
};

export const withStart = async (
  state: State,
  { skews = [], sleeps = false }: Scenario,
  input: Input,
  copies = 1,
): Promise<State> => {
  const number = new Set(state.executions.map(({ id }) => id)).size + 1;
  const id = `e${number}`;
  const executions = [...state.executions];
  for (let copy = 1; copy <= copies; copy += 1) {
    const own = { actor: `${id}${"'".repeat(copy - 1)}`, number: number + (copy - 1) * 50 };
    executions.push(
      await begun({ ...own, id, input, skew: skews[number - 1] ?? 0, maySleep: sleeps }, state.now),
    );
  }
  return { ...state, executions, overtaken: state.overtaken || input.takeOver === true };
};

/** A number for each value, the same for equal ones. Values are never changed, so that each is written out only once. */
const numbered = <Value extends object>(textOf: (value: Value) => string) => {
  const byText = new Map<string, number>();
  const byValue = new WeakMap<Value, number>();
  return (value: Value): number => {
    const known = byValue.get(value);
    if (known !== undefined) return known;
    const text = textOf(value);
    const number = byText.get(text) ?? byText.size;
    byText.set(text, number);
    byValue.set(value, number);
    return number;
  };
};

const bucketNumber = numbered(bucketText);
const recordNumber = numbered<Record>(stringify);
const executionNumber = numbered(({ actor, phase, ...rest }: Execution): string => {
  if (phase.is === 'over') return actor;
  if (!('step' in phase)) return stringify([actor, phase, rest]);
  const { step, ...others } = phase;
  return stringify([actor, others, rest, step.id]);
});

/** Short for the whole state: two with the same text have the same future. */
export const stateText = (state: State): string => {
  const { now, bucket, executions, record, faults, started, overtaken, operator } = state;
  const own = `${now} ${faults} ${started} ${overtaken} ${operator?.id}`;
  return `${own} ${bucketNumber(bucket)} ${recordNumber(record)} ${executions.map(executionNumber).join(' ')}`;
};
