/**
 * The time by which the state machine waits and gives up. Here it is the machine's own; the stage of `test/faults` has one that
 * skips what nobody does anything in.
 */
import { setTimeout as after } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after that many milliseconds, or as soon as the signal is aborted: who cares looks at the signal. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** What a timer of Node can hold: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    after(Math.min(Math.max(0, ms), LONGEST_MS), undefined, signal === undefined ? {} : { signal }).catch(
      () => undefined,
    ),
};

/** An error as Step Functions reports it; its two flags are what the interpreter asks. */
export const failure = (name: string, message: string, final = false): Error =>
  Object.assign(new Error(message), { name }, final ? { isRetryable: false, isCatchable: false } : {});

/**
 * What is done within that time, else `late` is thrown; `given` lets the doer know that nobody waits any more.
 *
 * @param dead aborted when whoever asked is gone: then this rejects, and nothing may be made of it
 */
export const within = async <T>(
  clock: Clock,
  seconds: number,
  late: () => Error,
  dead: AbortSignal,
  work: (given: AbortSignal) => Promise<T>,
): Promise<T> => {
  const done = new AbortController();
  const given = new AbortController();
  const limit = async (): Promise<never> => {
    await clock.sleep(seconds * 1000, AbortSignal.any([done.signal, dead]));
    if (dead.aborted) throw failure('Aborted', 'the execution is over', true);
    if (!done.signal.aborted) given.abort();
    throw late();
  };
  try {
    return await Promise.race([work(given.signal), limit()]);
  } finally {
    done.abort();
  }
};
