/**
 * What was measured second by second, as a controller may look back on it: at the queue itself, or as data points of CloudWatch.
 *
 * The sample at `t` is of the second that ends at `t`: counters as they are at its end (before anybody decides), arrivals and departures in it,
 * utilization as its mean. So a data point over one period is the mean of as many samples as the period has seconds, none missing or counted twice.
 */
import type { Metric, View } from './controller.ts';

export type Measured = Readonly<Record<Metric, number>>;

export interface History extends Pick<View, 'before' | 'average'> {
  /** The next sample; the first one is that of 0. */
  readonly add: (measured: Measured) => void;
}

interface Series {
  readonly values: Float64Array;
  /** Of the values before each one. */
  readonly sums: Float64Array;
}

const METRICS: readonly Metric[] = [
  ...(['visible', 'inFlight', 'desired', 'running'] as const),
  ...(['arrivals', 'departures', 'utilization', 'oldestAge'] as const),
];

/** @param seconds that are going to be measured */
export const createHistory = (seconds: number): History => {
  const all = Object.fromEntries(
    METRICS.map((metric) => [
      metric,
      { values: new Float64Array(seconds + 1), sums: new Float64Array(seconds + 2) },
    ]),
  ) as Readonly<Record<Metric, Series>>;
  let now = -1;
  return {
    add: (measured) => {
      now += 1;
      for (const metric of METRICS) {
        const { values, sums } = all[metric];
        values[now] = measured[metric];
        sums[now + 1] = (sums[now] as number) + measured[metric];
      }
    },
    before: (metric, secondsAgo) => all[metric].values[Math.max(0, now - secondsAgo)] as number,
    average: (metric, period, delay, nth) => {
      const end = (Math.floor((now - delay) / period) - nth) * period;
      if (end < period) return undefined;
      const { sums } = all[metric];
      return ((sums[end + 1] as number) - (sums[end - period + 1] as number)) / period;
    },
  };
};
