/**
 * Knative's KPA in front of a queue: every 2 s, the concurrency of the last 60 s and of the last 6 s, a value a second. The queue is what its
 * activator is to a service, so the concurrency is all the messages in the system; a task works on one message at a time (`containerConcurrency` 1), of
 * which 70 % are used.
 *
 * Gotchas that are kept: those of its autoscaler; the last task goes only when there was something to do for a stable window, and 30 s of
 * grace after (Knative skips the grace where the activator was in the path all the time, which nobody documents as a promise); while
 * the first task starts nothing goes to 0.
 *
 * `perTask` above 1 is the soft target of a service without `containerConcurrency`: the sweep tries it, since a queue may well wait.
 */
import type { Controller, View } from '../../../local/simulation/controller.ts';
import type { Parameters, Peer, Setting } from '../peer.ts';
import { autoscaler, panicSeconds } from './knative/autoscaler.ts';
import { windowAverage } from './knative/window-average.ts';

const TICK_SECONDS = 2;

const documented = {
  ...{ perTask: 1, utilization: 70, stableSeconds: 60, panicWindowPercent: 10, panicPercent: 200 },
  ...{ upRate: 1000, downRate: 2, scaleInDelaySeconds: 0, graceSeconds: 30 },
};

/** To 0, or not yet: undefined leaves the count as it is. */
const toZero = (
  stableSeconds: number,
  graceSeconds: number,
): ((view: View, wanted: number) => number | undefined) => {
  let activeSince: number | undefined;
  let inactiveSince: number | undefined;
  return ({ t, running, desired }, wanted) => {
    if (wanted > 0) {
      inactiveSince = undefined;
      if (running > 0) activeSince ??= t;
      return wanted;
    }
    if (desired === 0) return 0;
    if (inactiveSince === undefined) {
      if (running === 0 && desired > 0) return undefined;
      activeSince ??= t;
      if (t - activeSince < stableSeconds) return 1;
      inactiveSince = t;
      activeSince = undefined;
    }
    return t - inactiveSince >= graceSeconds ? 0 : undefined;
  };
};

const create = (parameters: Parameters, { tasks: { min, max } }: Setting): Controller => {
  const options = { ...documented, ...parameters };
  const wanted = autoscaler({ ...options, target: (options.perTask * options.utilization) / 100 });
  const stable = windowAverage(options.stableSeconds);
  const panic = windowAverage(panicSeconds(options.stableSeconds, options.panicWindowPercent));
  const down = toZero(options.stableSeconds, options.graceSeconds);
  const record = (concurrency: number) => {
    stable.record(concurrency);
    panic.record(concurrency);
  };
  return {
    every: TICK_SECONDS,
    decide: (view) => {
      const { t, running, visible, inFlight, before } = view;
      for (let ago = Math.min(TICK_SECONDS - 1, t); ago > 0; ago -= 1)
        record(before('visible', ago) + before('inFlight', ago));
      record(visible + inFlight);
      const count = wanted(t, running, stable.average(), panic.average());
      return down(view, Math.min(max, Math.max(min, count)));
    },
  };
};

/** One, two, and what a task works off in a quarter, in half and in three quarters of the wait target. */
const perTasks = ({ target, meanWork }: Setting): readonly number[] => {
  const inTarget = target / meanWork;
  const tried = [1, 2, inTarget / 4, inTarget / 2, (inTarget * 3) / 4].map((each) =>
    Math.max(1, Math.round(each)),
  );
  return [...new Set(tried)].sort((a, b) => a - b);
};

export const knative: Peer = {
  name: 'Knative KPA',
  rule: 'every 2 s: mean messages of 60 s ÷ 0.7; at twice that in 6 s never less for 60 s; in ÷ 2 at most',
  source:
    'knative/serving pkg/autoscaler/{scaling,aggregation,config}, pkg/reconciler/autoscaling/kpa/scaler.go',
  defaults: () => documented,
  grid: (setting) => ({
    perTask: perTasks(setting),
    utilization: [60, 70, 85, 100],
    stableSeconds: [30, 60, 120],
  }),
  create,
};
