/**
 * Knative's pod autoscaler for two averages of the load:
 *
 * - wanted = ceil(average of the stable window / target), panicWanted the same of the panic window, both held between
 *   floor(ready / maxScaleDownRate) and ceil(ready × maxScaleUpRate), ready at least 1
 * - panic: while ceil(panic average / target) / ready ≥ panicThreshold, and for one stable window after. In panic the answer is the
 *   highest there has been since it began, without: wanted
 * - of the last `scaleInDelay` seconds the highest answer is given
 *
 * Source: Knative `pkg/autoscaler/scaling/autoscaler.go`, see `shared/facts/scaling-rules.md`.
 */
import type { PolicyOf } from '../../../contract/policies.ts';
import { roundedDown, roundedUp } from '../../rounding.ts';
import { highestOf } from '../../window.ts';
import type { Kept } from '../policy.ts';

export type Rates = Pick<
  PolicyOf<'panic'>,
  'target' | 'panicThreshold' | 'maxScaleUpRate' | 'maxScaleDownRate' | 'stableWindow' | 'scaleInDelay'
>;

export interface Panic {
  /** Epoch seconds: when the load was last too much for the running tasks; undefined: no panic. */
  readonly since: number | undefined;
  /** The highest answer since it began. */
  readonly most: number;
  /** The answers of the delay before scale-in. */
  readonly answers: Kept | undefined;
}

export interface Load {
  readonly stable: number;
  readonly panic: number;
  /** Tasks that run. */
  readonly ready: number;
  /** Tasks that are asked for. */
  readonly from: number;
  /** Epoch seconds. */
  readonly at: number;
}

export interface Scaled {
  readonly to: number;
  readonly after: Panic;
  /** What limited the answer, each with its number. */
  readonly because: readonly string[];
}

export const scaled = (rates: Rates, { stable, panic, ready, from, at }: Load, before: Panic): Scaled => {
  const { target, panicThreshold, stableWindow, scaleInDelay } = rates;
  const tasks = Math.max(1, ready);
  const most = roundedUp(rates.maxScaleUpRate * tasks);
  const least = roundedDown(tasks / rates.maxScaleDownRate);
  const limited = (count: number): number => Math.min(Math.max(count, least), most);

  const wanted = roundedUp(stable / target);
  const panicWanted = roundedUp(panic / target);
  const isTooMuch = panicWanted / tasks >= panicThreshold;
  const goesOn = before.since !== undefined && at - before.since <= stableWindow;
  const since = isTooMuch ? at : goesOn ? before.since : undefined;

  const highest = since === undefined ? wanted : Math.max(wanted, panicWanted);
  const now = limited(highest);
  const inPanic = since === undefined ? now : Math.max(now, before.most);
  const because = [
    ...(now < highest ? [`at most ${most} with ${tasks} running`] : []),
    ...(now > highest ? [`at least ${least} with ${tasks} running`] : []),
    ...(since === undefined ? [] : [`panic: never fewer than ${inPanic}`]),
  ];
  const calm = { since, most: since === undefined ? 0 : inPanic };
  if (scaleInDelay === 0) return { to: inPanic, after: { ...calm, answers: undefined }, because };
  const delay = { kept: before.answers, at, seconds: scaleInDelay, value: inPanic, unknown: from, most: 4 };
  const { highest: to, kept: answers } = highestOf(delay);
  const delayed = to > inPanic ? [`${to}, the highest answer of ${scaleInDelay} s`] : [];
  return { to, after: { ...calm, answers }, because: [...because, ...delayed] };
};
