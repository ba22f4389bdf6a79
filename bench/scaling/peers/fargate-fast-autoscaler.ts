/**
 * aws-fargate-fast-autoscaler (an AWS sample): a state machine that reads nginx's active connections from up to three tasks, takes the mean in
 * whole numbers, and sets the first count whose threshold it reaches; then it waits for 60 s, otherwise for 3.
 *
 * Here a connection is a message in the system, so the mean is visible + in flight ÷ running tasks.
 * Gotchas that are kept: the thresholds are of each task, the counts absolute, so it never asks for more than 20 and, where scale-in is
 * allowed, a well-spread load over many tasks asks for fewer; below 50 it asks for nothing, so it never comes down to less than 2; the
 * 60 s pass also after a count that was refused.
 * As documented, not as coded: scale-in is refused unless `disableScaleIn` is 0. Its shell counts the tasks as 1 always, so in truth every count
 * of the list would pass. Left out: the seconds its Lambda takes, and the end of its Standard execution after some 90 minutes.
 */
import type { Peer } from '../peer.ts';

const WAIT_SECONDS = 3;
const WAIT_AFTER_CHANGE = 60;

/** Connections of a task, and the count from there on: the first that is reached. */
const STEPS = [
  [500, 20],
  [300, 15],
  [100, 10],
  [50, 2],
] as const;

const documented = { thresholds: 1, counts: 1, disableScaleIn: 1 };

export const fargateFastAutoscaler: Peer = {
  name: 'aws-fargate-fast-autoscaler',
  rule: 'every 3 s, 60 s after a change: messages per task ≥ 50: 2 tasks, ≥ 100: 10, ≥ 300: 15, ≥ 500: 20; never in',
  source:
    'aws-samples/aws-fargate-fast-autoscaler src/autoscaler.ts, cdk/sam/fargateWatcherFunc/func.d/main.sh',
  defaults: () => documented,
  // Multiples of its thresholds and of its counts: without them it is made for another load.
  grid: () => ({ thresholds: [1, 0.2, 0.05, 0.02], counts: [1, 2, 5, 10], disableScaleIn: [1, 0] }),
  create: (parameters, { tasks: { min, max } }) => {
    const { thresholds, counts, disableScaleIn } = { ...documented, ...parameters };
    let next = 0;
    return {
      every: WAIT_SECONDS,
      decide: ({ t, desired, running, visible, inFlight }) => {
        if (t < next || running === 0) return undefined;
        const mean = Math.floor((visible + inFlight) / running);
        const step = STEPS.find(([least]) => mean >= least * thresholds);
        if (step === undefined) return undefined;
        next = t + WAIT_AFTER_CHANGE;
        const to = Math.max(min, Math.min(max, Math.round(step[1] * counts)));
        return disableScaleIn === 1 && to <= desired ? undefined : to;
      },
    };
  },
};
