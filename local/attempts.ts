/**
 * What Step Functions keeps of the state that an execution is in: when it was entered and how often it was tried again. The interpreter
 * tells neither (`$$.State.RetryCount` would be 0 for ever), but it reads its context anew at every attempt.
 */
import type { Retrier, Task } from './definition.ts';

const DEFAULTS = { IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 };

/** One entry of one state: counts what each of its retriers has been used for. */
export interface Attempts {
  /** Milliseconds to wait before the next attempt; undefined: there is none, the state has failed. */
  readonly pauseAfter: (error: unknown) => number | undefined;
}

const matches = ({ ErrorEquals }: Retrier, name: string): boolean =>
  ErrorEquals.includes(name) || ErrorEquals.includes('States.ALL');

const attemptsOf = ({ retriers }: Pick<Task, 'retriers'>): Attempts => {
  const used = retriers.map(() => 0);
  return {
    pauseAfter: (error) => {
      const { name = 'Error', isRetryable = true } = error as {
        readonly name?: string;
        readonly isRetryable?: boolean;
      };
      const nth = retriers.findIndex((each) => matches(each, name));
      const retrier = retriers[nth];
      const times = used[nth];
      if (!isRetryable || retrier === undefined || times === undefined) return undefined;
      const { IntervalSeconds, MaxAttempts, BackoffRate } = { ...DEFAULTS, ...retrier };
      if (times >= MaxAttempts) return undefined;
      used[nth] = times + 1;
      return IntervalSeconds * BackoffRate ** times * 1000;
    },
  };
};

export interface Entries {
  /** For the interpreter's context: `$$.State`. */
  readonly state: { readonly RetryCount: number; readonly EnteredTime: string };
  /** The entry that this attempt belongs to: a new one, or the one that is tried again. */
  readonly enter: (name: string, task: Task, event: unknown) => Attempts;
  /** It will be tried again: until then the state's times are kept. */
  readonly retry: (task: Task) => void;
  /** It has succeeded or failed for good. */
  readonly leave: (name: string, task: Task, event: unknown) => void;
}

/** @param now the execution's clock, as ISO 8601 */
export const createEntries = (now: () => string): Entries => {
  const open = new Map<string, Attempts>();
  let retries = 0;
  /** When the state was entered that is about to be tried again. */
  let kept: string | undefined;
  let read = now();
  // Several of an inner state run at once, told apart by what they are given; of all others there is one at a time.
  const keyOf = (name: string, { inner }: Task, event: unknown): string =>
    inner ? `${name} ${JSON.stringify(event)}` : name;
  return {
    state: {
      get RetryCount() {
        return retries;
      },
      get EnteredTime() {
        read = kept ?? now();
        return read;
      },
    },
    enter: (name, task, event) => {
      const key = keyOf(name, task, event);
      const attempts = open.get(key) ?? attemptsOf(task);
      open.set(key, attempts);
      return attempts;
    },
    retry: ({ inner }) => {
      if (inner) return;
      retries += 1;
      kept ??= read;
    },
    leave: (name, task, event) => {
      open.delete(keyOf(name, task, event));
      if (task.inner) return;
      retries = 0;
      kept = undefined;
    },
  };
};
