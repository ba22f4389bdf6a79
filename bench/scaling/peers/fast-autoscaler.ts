/**
 * fast-autoscaler 0.2.0 (StepScale): a Lambda once a minute. Above a number of messages it adds a hundredth of them to the desired count, below
 * another one it takes 1 % of the tasks off.
 *
 * Gotchas that are kept: it adds anew at every run, whatever is still starting (its override of the scale-out cooldown is always on); the
 * thresholds are of all messages, not of each task's; a scale-out writes the time of the last scale-in anew, so the next scale-in waits
 * for the cooldown after either; the cooldown must be exceeded, and runs a minute apart exceed 120 s after 180.
 * Left out: its SQS collector is called with the wrong argument and fails; here it works. `SCALING_STEP_COUNT` is read and never used.
 */
import type { Parameters, Peer } from '../peer.ts';

const RUN_SECONDS = 60;

const documented = {
  ...{ upThreshold: 100, downThreshold: 99, tasksPerMessage: 0.01, maxScaleDownFactor: 0.99 },
  ...{ scaleInCooldown: 120, combined: 0 },
};

type Options = typeof documented;

/** The count for so many messages and tasks, before the bounds of the service: `calculate_new_task_count`. */
const count = (messages: number, tasks: number, min: number, options: Options): number => {
  const asked = Math.trunc(messages * options.tasksPerMessage);
  if (messages > options.upThreshold) return tasks + Math.max(1, asked);
  if (messages >= options.downThreshold) return tasks;
  return Math.max(min, asked, Math.trunc(tasks * options.maxScaleDownFactor));
};

export const fastAutoscaler: Peer = {
  name: 'fast-autoscaler',
  rule: 'every 60 s: over 100 messages +1 % of them, without credit for starting tasks; under 99 tasks × 0.99, 120 s apart',
  source: 'stepscale/fast-autoscaler autoscaler/scaler.py, main.py, config.py, state/s3_state.py',
  defaults: () => documented,
  grid: () => ({
    // The lower threshold moves along, or it would never come to its turn.
    upThreshold: [100, 10, 0],
    tasksPerMessage: [0.01, 0.05, 0.2, 1],
    maxScaleDownFactor: [0.99, 0.9, 0.5],
    combined: [0, 1],
  }),
  create: (parameters: Parameters, { tasks: { min, max } }) => {
    const given = { ...documented, ...parameters };
    const options = {
      ...given,
      downThreshold: Math.min(given.downThreshold, Math.max(1, given.upThreshold)),
    };
    let lastScaleIn = Number.NEGATIVE_INFINITY;
    return {
      every: RUN_SECONDS,
      decide: ({ t, desired, visible, inFlight }) => {
        const messages = visible + (options.combined === 1 ? inFlight : 0);
        const to = Math.max(min, Math.min(max, count(messages, desired, min, options)));
        if (to === desired) return undefined;
        if (to < desired && t - lastScaleIn <= options.scaleInCooldown) return undefined;
        lastScaleIn = t;
        return to;
      },
    };
  },
};
