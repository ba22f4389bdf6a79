/** What is scaled: how tasks start and stop, and within which bounds. The same for every controller that is compared. */
export interface Plant {
  /** Median seconds from a task's launch to its first message. */
  readonly startUp: number;
  /** Spread of that time: σ of its logarithm. */
  readonly startUpSigma: number;
  /** Token bucket of task launches: so many at once, and so many more in a second. A task that waits for its token costs nothing yet. */
  readonly launchBurst: number;
  readonly launchesPerSecond: number;
  /**
   * What becomes of the message in the hands of a task that is stopped. `finish`: it is finished, and the task is paid until then;
   * `kill`: work that takes longer than `stopSeconds` more is lost, and the message comes back after `visibilitySeconds`.
   */
  readonly onStop: 'finish' | 'kill';
  readonly stopSeconds: number;
  readonly visibilitySeconds: number;
  readonly tasks: { readonly min: number; readonly max: number };
  /** Tasks that run from the start. */
  readonly running: number;
}

/** Fargate by its documented limits (aws.md §2) and a start-up as AWS measured it in 2026; graceful stops. */
export const fargate: Plant = {
  ...{ startUp: 23, startUpSigma: 0.1, launchBurst: 100, launchesPerSecond: 20 },
  ...{ onStop: 'finish', stopSeconds: 30, visibilitySeconds: 60 },
  ...{ tasks: { min: 1, max: 200 }, running: 1 },
};
