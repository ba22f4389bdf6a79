/**
 * Time limits of readings. Most readings of a tick begin at the same moment and have the same limit, so they share one timer: a
 * timer and its listener for each were a third of what collect itself adds to a reading.
 */
import { setMaxListeners } from 'node:events';

export interface TimeLimit {
  readonly ms: number;
  /** Aborted when the time is over; made when first asked for, since some clients know no signals. */
  readonly signal: AbortSignal;
  /** Rejects then; holds the limit even for a client that does not look at the signal. */
  readonly over: Promise<never>;
  /** Milliseconds until then. */
  readonly left: () => number;
}

/** Readings that begin this close together share a limit: it is that much too short for the last of them. */
const SAME_MOMENT_MS = 10;

/** Made once: an error with its stack for every tick costs more than all else here, and most limits pass unheeded. */
const LATE = new DOMException('The time limit of the reading is over', 'TimeoutError');

const begin = (ms: number): TimeLimit => {
  const end = performance.now() + ms;
  let controller: AbortController | undefined;
  const over = new Promise<never>((_, reject) => {
    setTimeout(() => {
      reject(LATE);
      controller?.abort(LATE);
    }, ms).unref();
  });
  // Whoever races it is told; when nobody does any more, nobody need be.
  over.catch(() => undefined);
  const left = (): number => Math.max(0, end - performance.now());
  return {
    ms,
    over,
    left,
    get signal() {
      if (controller !== undefined) return controller.signal;
      controller = new AbortController();
      // A hundred readings may listen to it.
      setMaxListeners(0, controller.signal);
      if (left() === 0) controller.abort(LATE);
      return controller.signal;
    },
  };
};

/** Gives limits that begin when they are asked for. */
export const timeLimits = (): ((ms: number) => TimeLimit) => {
  const begun = new Map<number, { readonly limit: TimeLimit; readonly at: number }>();
  return (ms) => {
    const at = performance.now();
    const shared = begun.get(ms);
    if (shared !== undefined && at - shared.at < SAME_MOMENT_MS) return shared.limit;
    const limit = begin(ms);
    begun.set(ms, { limit, at });
    return limit;
  };
};
