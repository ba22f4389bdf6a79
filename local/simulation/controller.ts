/**
 * Whoever sets the desired count of a service in virtual time: ours, or a peer's rule. All of them see the same service through the
 * same {@link View}; what differs is how often they look, and whether at the queue itself or at CloudWatch.
 */

/** Of one service, second by second. */
export type Metric =
  | 'visible'
  | 'inFlight'
  | 'desired'
  | 'running'
  /** Messages in that second. */
  | 'arrivals'
  | 'departures'
  /** Busy tasks ÷ running tasks, per cent; 0 without tasks. */
  | 'utilization'
  /** Seconds that the oldest waiting message has waited; 0 when none waits. */
  | 'oldestAge';

export interface View {
  /** Whole seconds since the beginning. */
  readonly t: number;
  readonly desired: number;
  /** Of them, those that run. */
  readonly running: number;
  readonly visible: number;
  readonly inFlight: number;
  readonly oldestAge: number;
  /** Messages since the beginning, as a broker counts them. */
  readonly arrived: number;
  readonly departed: number;
  /** A metric as it was so many whole seconds ago; its first value before the beginning. */
  readonly before: (metric: Metric, secondsAgo: number) => number;
  /**
   * A CloudWatch data point: the mean of the metric over one whole period of `period` seconds (aligned to multiples of it), the `nth` newest (0:
   * the newest) of those that are published, `delay` seconds after their end. undefined: there is none yet.
   */
  readonly average: (metric: Metric, period: number, delay: number, nth: number) => number | undefined;
}

export interface Controller {
  /** Whole seconds from look to look; the first is at 0. */
  readonly every: number;
  /** The new desired count, within any bounds it likes; undefined: as it is. Called once for each look, in order. */
  readonly decide: (view: View) => number | undefined;
}
