/**
 * ecs-autoscale (structurely): a Lambda on a schedule. The first event whose metric lies within its bounds changes the count; the worker of
 * its README goes out by one at 5 waiting messages and in by one at 3.
 *
 * Gotchas that are kept: it changes the *running* count, so what is still starting is not counted, and at a run within the start-up it asks for
 * the same count once more; an event that would pass a bound at which the count already is gives way to the next one; a count outside the
 * bounds is brought to the nearest first. Its README runs it every 5 minutes; a sweep may run it each minute, EventBridge's shortest.
 */
import type { Peer } from '../peer.ts';

interface Event {
  readonly action: number;
  readonly least: number;
  readonly most: number;
}

const documented = { every: 300, out: 1, outFrom: 5, in: 1, inUpTo: 3 };

/** `Service.pretend_scale`: the count to set, undefined where no event holds. */
const changed = (
  running: number,
  metric: number,
  events: readonly Event[],
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined => {
  if (running < min) return min;
  if (running > max) return max;
  for (const { action, least, most } of events) {
    if (metric < least || metric > most) continue;
    const to = running + action;
    if ((to < min && running === min) || (to > max && running === max)) continue;
    return Math.max(min, Math.min(max, to));
  }
  return undefined;
};

export const ecsAutoscale: Peer = {
  name: 'ecs-autoscale',
  rule: 'every 5 min: running tasks +1 at 5 waiting messages or more, −1 at 3 or fewer',
  source: 'structurely/ecs-autoscale README.md, lambda/ecsautoscale/services.py',
  defaults: () => documented,
  grid: () => ({ every: [300, 60], out: [1, 5, 20], outFrom: [1, 5, 20], in: [1, 5] }),
  create: (parameters, { tasks }) => {
    const options = { ...documented, ...parameters };
    const events = [
      { action: options.out, least: options.outFrom, most: Number.POSITIVE_INFINITY },
      // The second event ends where the first begins, also where a sweep moves that.
      {
        action: -options.in,
        least: Number.NEGATIVE_INFINITY,
        most: Math.min(options.inUpTo, options.outFrom - 1),
      },
    ];
    return {
      every: options.every,
      decide: ({ running, visible }) => changed(running, visible, events, tasks),
    };
  },
};
