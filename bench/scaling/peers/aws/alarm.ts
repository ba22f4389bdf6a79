/**
 * A CloudWatch alarm as far as scaling needs it: the newest data points of a metric, all of which must breach.
 *
 * How long after the end of its period a data point reaches its alarm is documented nowhere. The delays are therefore set so that
 * the emulation takes as long as AWS's own test of 2026-06-18 (aws/containers-roadmap#2113): 363 s from the load to the scale-out with
 * 60 s metrics, 86 s with 20 s metrics. Three periods, less what a first one that is breached in part saves, are 195 and 65 s of that
 * in the mean over all phases, with a load from 0 to 100 % and a target of 75 %; the rest is the delay. The test takes 365 and 85 s.
 * Reports of users speak of 3 to 5 minutes with 60 s metrics, so this may be up to 110 s too much; a delay of 60 s makes it 255 s.
 * What hangs on it, one seed, start-up 23 s: with 60 s the 60 s peer at its defaults is late for 26.4 % in place of 26.9 (twitter), 8.9 in place of
 * 15.5 (nasa), 47.7 in place of 51.4 (flash-crowd), 26.8 in place of 26.9 (on-off), and costs the same within 2 %.
 */
import type { View } from '../../../../local/simulation/controller.ts';

export const DELAY = {
  /** CPUUtilization of ECS, one data point a minute. */
  cpu: 170,
  /** The same every 20 s, since 2026-06-18 with *optimized metric publishing*. */
  cpuHighResolution: 20,
  /** SQS and Container Insights, one data point a minute: nobody measured them, so this is the least that is plausible, in their favour. */
  queue: 60,
} as const;

/** The `nth` newest data point of a metric; undefined: there is none, which never breaches. */
export type Points = (view: View, nth: number) => number | undefined;

/** Whether the newest `count` data points are all there and all breach. */
export const breached = (
  view: View,
  points: Points,
  count: number,
  breaches: (value: number) => boolean,
): boolean => {
  for (let nth = 0; nth < count; nth += 1) {
    const value = points(view, nth);
    if (value === undefined || !breaches(value)) return false;
  }
  return true;
};
