/**
 * Target tracking: out when three data points in a row are above the target, in when 15 are below 0.9 × the target (of 20 s metrics: 30). Both alarms
 * as AWS makes them: aws/containers-roadmap#1208, and alarms of that name in public Terraform state (70 and 63 %, 3 and 15 periods); the 30
 * from radkawar/stackd, an emulator. The new count is running × metric ÷ target, rounded up, so that a scale-in never goes past the target.
 *
 * Unpublished, and assumed: the newest data point is the metric, not a mean of the three; a scale-in goes to the computed count at once.
 * No data (no task runs, so ECS reports nothing; or the metric divides by 0 tasks) is neither above nor below: nothing happens.
 */
import type { View } from '../../../../local/simulation/controller.ts';
import { breached, type Points } from './alarm.ts';
import type { Policy, Proposal } from './application-auto-scaling.ts';

const OUT_POINTS = 3;
const LOW = 0.9;
/** What is a whole number but for its last bits is not rounded up. */
const ROUNDING = 1e-9;

interface Tracking {
  readonly target: number;
  readonly points: Points;
  readonly period: number;
  readonly delay: number;
  /** Data points below until it goes in; 15. */
  readonly inPoints?: number;
  readonly cooldown: { readonly out: number; readonly in: number };
}

export const targetTracking = ({ target, points, inPoints = 15, ...timing }: Tracking): Policy => {
  const countFor = (view: View): number => {
    const ratio = (points(view, 0) ?? 0) / target;
    return view.running === 0 ? Math.ceil(Math.min(1, ratio)) : Math.ceil(view.running * ratio - ROUNDING);
  };
  const propose = (view: View): Proposal | undefined => {
    if (breached(view, points, OUT_POINTS, (value) => value > target))
      return { direction: 'out', count: countFor(view) };
    if (breached(view, points, inPoints, (value) => value < LOW * target))
      return { direction: 'in', count: countFor(view) };
    return undefined;
  };
  return { ...timing, propose };
};

/** A service's own metric in periods of so many seconds; ECS reports none for a time in which no task runs. */
export const utilization =
  (period: number, delay: number): Points =>
  (view, nth) =>
    view.average('running', period, delay, nth) === 0
      ? undefined
      : view.average('utilization', period, delay, nth);
