/** What a world is made of: plain data, which `../world.ts` moves on. Times are milliseconds of world time. */

export interface Task {
  readonly id: string;
  readonly status: 'PENDING' | 'RUNNING';
  /** Infinity: it waits for its token, and costs nothing yet. */
  readonly launchedAt: number;
  /** Likewise. */
  readonly startsAt: number;
  /** Until then neither a scale-in nor a host that is drained stops it. */
  readonly protectedUntil?: number;
}

export interface WorldService {
  readonly cluster: string;
  readonly service: string;
  readonly desired: number;
  /** Those that start in the order in which they were asked for. More than desired while protected ones are too many. */
  readonly tasks: readonly Task[];
}

/** A token bucket of task launches, one for all services, as of an account and region. */
export interface LaunchBucket {
  readonly burst: number;
  readonly perSecond: number;
}

export interface World {
  /** Since the world began. */
  readonly now: number;
  readonly services: readonly WorldService[];
  /** Median time from a task's launch to its running. */
  readonly startUpMs: number;
  /** Spread of that time: σ of its logarithm. */
  readonly startUpSigma: number;
  readonly seed: number;
  readonly launches: LaunchBucket;
  /** When the bucket will be full again if nothing is launched before. */
  readonly fullAt: number;
  /** When anything happens next, if nobody changes anything before. */
  readonly nextAt: number;
  readonly created: number;
  readonly launched: number;
}
