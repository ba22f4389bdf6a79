/**
 * A clock that runs like the real one while anything is in flight, stands still otherwise, and jumps to the next timer when everybody
 * only waits: five minutes of a quiet loop take a second, and a time-out of 2 s takes 2 s.
 *
 * Gotchas: it jumps only while a story lets time pass ({@link SkippingClock.pass}), or an assertion that awaits something else would find
 * itself hours later. Whoever works without telling ({@link SkippingClock.hold}) is not waited for.
 */
import type { Clock } from '../../local/clock.ts';

export interface SkippingClock extends Clock {
  /** This is in flight until it settles, or until nobody waits for it any more. */
  readonly hold: <T>(work: Promise<T>, given?: AbortSignal) => Promise<T>;
  /** Lets so many milliseconds go by, as fast as they can. */
  readonly pass: (ms: number) => Promise<void>;
  /** No timer of it keeps the process alive from now on. */
  readonly stop: () => void;
}

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/** What a timer of Node can hold. */
const LONGEST_MS = 2 ** 31 - 1;

export const createSkippingClock = (began: number): SkippingClock => {
  const timers = new Set<Timer>();
  let past = began;
  /** Since when it runs, by the machine's own clock. */
  let since = 0;
  let inFlight = 0;
  let passing = 0;
  let looking = false;
  let stopped = false;
  let alarm: NodeJS.Timeout | undefined;

  const now = (): number => past + (inFlight > 0 ? performance.now() - since : 0);
  const next = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) if (first === undefined || timer.at < first.at) first = timer;
    return first;
  };
  const ring = (timer: Timer): void => {
    timers.delete(timer);
    timer.ring();
  };
  const look = (): void => {
    looking = false;
    clearTimeout(alarm);
    const first = next();
    if (first === undefined || stopped) return;
    const left = first.at - now();
    if (left > 0 && inFlight > 0) {
      alarm = setTimeout(look, Math.min(left, LONGEST_MS));
      return;
    }
    if (left > 0 && passing === 0) return;
    past += Math.max(0, left);
    ring(first);
    soon();
  };
  // After setImmediate, so that whoever has just been woken has begun what he does next.
  const soon = (): void => {
    if (looking) return;
    looking = true;
    setImmediate(look);
  };

  const sleep: Clock['sleep'] = (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer: Timer = {
        at: now() + Math.max(0, ms),
        ring: () => {
          signal?.removeEventListener('abort', forget);
          resolve();
        },
      };
      const forget = (): void => ring(timer);
      signal?.addEventListener('abort', forget, { once: true });
      timers.add(timer);
      soon();
    });

  return {
    now: () => Math.floor(now()),
    sleep,
    hold: async (work, given) => {
      if (inFlight === 0) since = performance.now();
      inFlight += 1;
      let held = true;
      const free = (): void => {
        given?.removeEventListener('abort', free);
        if (!held) return;
        held = false;
        past = now();
        since = performance.now();
        inFlight -= 1;
        soon();
      };
      soon();
      if (given?.aborted) free();
      else given?.addEventListener('abort', free, { once: true });
      try {
        return await work;
      } finally {
        free();
      }
    },
    pass: async (ms) => {
      passing += 1;
      try {
        await sleep(ms);
      } finally {
        passing -= 1;
      }
    },
    stop: () => {
      stopped = true;
      clearTimeout(alarm);
      for (const timer of [...timers]) ring(timer);
    },
  };
};
