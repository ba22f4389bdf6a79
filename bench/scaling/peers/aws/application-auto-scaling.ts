/**
 * What AWS Application Auto Scaling does with the alarms of an ECS service. Its code is unpublished; from its documents
 * (application/userguide target-tracking-scaling-policy-overview, step-scaling-policy-overview; APIReference *PolicyConfiguration) come:
 *
 * - an alarm asks again every minute for as long as it is in ALARM;
 * - the out cooldown begins when the new tasks run. Until it ends, what was added counts as part of what is asked for: of +3 after +2 only 1
 *   is added;
 * - the in cooldown refuses scale-ins, and ends with any scale-out;
 * - several policies at once: the largest count, for out and in alike. A step policy goes in without asking a target tracking policy.
 *
 * Assumed where they are silent: changes start from the *running* count, as aws/containers-roadmap#525 shows (radkawar/stackd, an emulator
 * whose comments tell of observations of AWS, does the same); while tasks are still starting the cooldown holds already; each policy has its own.
 */
import type { Controller, View } from '../../../../local/simulation/controller.ts';

export interface Proposal {
  readonly direction: 'out' | 'in';
  readonly count: number;
}

export interface Policy {
  /** Its alarm is evaluated when a data point comes: `delay` seconds after each whole multiple of `period`. Both multiples of 10. */
  readonly period: number;
  readonly delay: number;
  /** What it asks for; undefined while no alarm of its is in ALARM. */
  readonly propose: (view: View) => Proposal | undefined;
  readonly cooldown: { readonly out: number; readonly in: number };
}

interface Activity {
  readonly direction: 'out' | 'in';
  readonly from: number;
  readonly to: number;
  /** When its cooldown ends; undefined: its tasks are still starting or stopping. */
  ends: number | undefined;
}

interface State {
  readonly policy: Policy;
  askedAt: number;
  activity: Activity | undefined;
}

const LOOK_SECONDS = 10;
const ASK_AGAIN_SECONDS = 60;

const settle = ({ policy, activity }: State, { t, desired, running }: View): void => {
  if (activity === undefined || activity.ends !== undefined) return;
  const there =
    activity.direction === 'out'
      ? running >= Math.min(activity.to, desired)
      : running <= Math.max(activity.to, desired);
  if (there) activity.ends = t + policy.cooldown[activity.direction];
};

const coolingDown = ({ activity }: State, direction: 'out' | 'in', t: number): Activity | undefined =>
  activity?.direction === direction && t < (activity.ends ?? Number.POSITIVE_INFINITY) ? activity : undefined;

/** What its alarm asks for at this second. */
const asked = (state: State, view: View): Proposal | undefined => {
  const { period, delay, propose } = state.policy;
  if (view.t % period !== delay % period) return undefined;
  const proposal = propose(view);
  if (proposal === undefined) {
    state.askedAt = Number.NEGATIVE_INFINITY;
    return undefined;
  }
  if (view.t - state.askedAt < ASK_AGAIN_SECONDS) return undefined;
  state.askedAt = view.t;
  return proposal;
};

export const applicationAutoScaling = (
  policies: readonly Policy[],
  { min, max }: { readonly min: number; readonly max: number },
): Controller => {
  const states = policies.map(
    (policy): State => ({ policy, askedAt: Number.NEGATIVE_INFINITY, activity: undefined }),
  );
  return {
    every: LOOK_SECONDS,
    decide: (view) => {
      const { t, desired, running } = view;
      let best: { readonly state: State; readonly activity: Activity } | undefined;
      for (const state of states) {
        settle(state, view);
        const proposal = asked(state, view);
        if (proposal === undefined) continue;
        const { direction, count } = proposal;
        const cooling = coolingDown(state, direction, t);
        if (direction === 'in' && cooling !== undefined) continue;
        const credit = cooling === undefined ? 0 : cooling.to - cooling.from;
        const to = Math.max(min, Math.min(max, count - credit));
        if (direction === 'out' ? to <= desired : to >= desired) continue;
        if (best !== undefined && to <= best.activity.to) continue;
        best = { state, activity: { direction, from: cooling?.from ?? running, to, ends: undefined } };
      }
      if (best === undefined) return undefined;
      best.state.activity = best.activity;
      if (best.activity.direction === 'out')
        for (const state of states) if (state.activity?.direction === 'in') state.activity = undefined;
      return best.activity.to;
    },
  };
};
