/**
 * How long a task takes from being asked for to running, learned by Little's law: the time that tasks spent starting, summed
 * over an episode (from the first that is missing until none is), divided by how many started in it. That needs two numbers,
 * whatever the ticks and however the tasks come in. A minute is the longest tick, so the sum takes the mean of both its ends.
 */
export interface StartUp {
  /** Seconds. */
  readonly delay: number;
  /** Task-seconds spent starting in this episode. */
  readonly spent: number;
  /** Tasks that started in it. */
  readonly started: number;
}

/**
 * Until one has started. Measured on Fargate: 23 s, and 53 to 62 s with an image of 413 MB (aws.md §2). Who expects the longer asks for a few
 * tasks too many once; who expects 30 s is late: 3 % of the messages of half an hour, at a target of 60 s.
 */
export const PRIOR_DELAY = 60;
const LEAST = 1;
const MOST = 600;

export const priorStartUp: StartUp = { delay: PRIOR_DELAY, spent: 0, started: 0 };

interface Seen {
  readonly seconds: number;
  readonly runningBefore: number;
  readonly running: number;
  readonly desired: number;
}

/** Two episodes forget the prior. */
const WEIGHT = 0.5;

export const afterStarting = (
  { delay, spent, started }: StartUp,
  { seconds, runningBefore, running, desired }: Seen,
): StartUp => {
  const missing = Math.max(0, desired - running);
  const begun = Math.max(0, Math.min(running, desired) - runningBefore);
  const time = spent + ((missing + missing + begun) / 2) * seconds;
  if (missing > 0) {
    // Starts that never come to an end say at least how long they have taken so far.
    const atLeast = Math.min(MOST, time / (missing + started + begun));
    return { delay: Math.max(delay, atLeast), spent: time, started: started + begun };
  }
  const all = started + begun;
  if (all === 0) return { delay, spent: 0, started: 0 };
  const seen = Math.max(LEAST, Math.min(MOST, time / all));
  return { delay: delay + WEIGHT * (seen - delay), spent: 0, started: 0 };
};

/** How much longer the tasks that are starting take, on average. */
export const remaining = ({ spent, started }: StartUp, delay: number, starting: number): number =>
  starting === 0 ? 0 : delay - Math.min(0.9 * delay, Math.max(0, spent - started * delay) / starting);
