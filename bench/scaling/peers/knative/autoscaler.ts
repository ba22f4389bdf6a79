/**
 * Knative's pod autoscaler for one revision (knative/serving pkg/autoscaler/scaling/autoscaler.go): two averages of the concurrency, a long one
 * for the count and a short one for panic.
 *
 * Gotchas that are kept: `ready` are running tasks, so a panic goes on for as long as the new ones start; in panic the count never falls;
 * whoever meets more than one ready task at the first look begins in panic; scale-in per look is bounded (÷ 2), scale-out in effect not (× 1000).
 */
export interface Options {
  /** Concurrency that one task is meant to have. */
  readonly target: number;
  readonly upRate: number;
  readonly downRate: number;
  /** Per cent of the ready tasks' target at which panic begins. */
  readonly panicPercent: number;
  readonly stableSeconds: number;
  /** A lower count counts when it has been the highest for so long. */
  readonly scaleInDelaySeconds: number;
}

/** How long the short window is: whole seconds, at least one. */
export const panicSeconds = (stableSeconds: number, percent: number): number =>
  Math.max(1, Math.round((stableSeconds * percent) / 100));

interface Asked {
  readonly at: number;
  readonly count: number;
}

const delayed = (seconds: number): ((now: number, count: number) => number) => {
  let asked: readonly Asked[] = [];
  return (now, count) => {
    if (seconds === 0) return count;
    asked = [...asked.filter((each) => now - each.at < seconds && each.count > count), { at: now, count }];
    return asked[0]?.count ?? count;
  };
};

/** Takes the time in seconds, the ready tasks and both averages; gives the wanted count, before any bounds of the operator. */
export const autoscaler = (
  options: Options,
): ((now: number, ready: number, stable: number, panic: number) => number) => {
  const { target, upRate, downRate, panicPercent, stableSeconds, scaleInDelaySeconds } = options;
  const slowly = delayed(scaleInDelaySeconds);
  let panicked: number | undefined;
  let highest: number | undefined;
  return (now, readyTasks, stable, panic) => {
    if (highest === undefined) {
      highest = readyTasks;
      panicked = readyTasks > 1 ? now : undefined;
    }
    const ready = Math.max(1, readyTasks);
    const least = Math.floor(ready / downRate);
    const most = Math.ceil(ready * upRate);
    const bounded = (average: number) => Math.min(most, Math.max(least, Math.ceil(average / target)));
    if (Math.ceil(panic / target) / ready >= panicPercent / 100) panicked = now;
    else if (panicked !== undefined && now > panicked + stableSeconds) {
      panicked = undefined;
      highest = 0;
    }
    if (panicked === undefined) return slowly(now, bounded(stable));
    highest = Math.max(highest, bounded(stable), bounded(panic));
    return slowly(now, highest);
  };
};
