/**
 * The load that the scalers of the literature take, in tasks. Their authors give it in two ways, and so can each of them here:
 *
 *   0  requests of the last period ÷ what a server handles in one (ahmedaley/Autoscalers): the rate of arrivals × mean work. It knows
 *      nothing of a backlog, since what was not served in its period is gone in their simulators.
 *   1  tasks that run or wait (atlarge-research/opendc-autoscaling-prototype, get_total_load): messages in the system, each a task's worth.
 *
 * Rounded up to whole tasks, as both do. The mean work is told, where they learn or assume the speed of a server. What they call the
 * capacity is there at once when they ask for it; ours takes its time, and is taken to be the count that was asked for, so that no tick asks
 * again for what is on its way.
 */
import type { View } from '../../../../local/simulation/controller.ts';

/** AtLarge's evaluation period, N_TICKS_PER_EVALUATE of one second; a period of the trace, mostly a minute, with Ali-Eldin. */
export const TICK_SECONDS = 30;

/** What a sweep tries of what they have in common. */
export const COMMON = { tick: [10, 30, 60], load: [0, 1] };

/** undefined at the first look, when there is no period yet. */
export const loadOf = (kind: number, meanWork: number): ((view: View) => number | undefined) => {
  let before: View | undefined;
  return (view) => {
    const last = before;
    before = view;
    if (kind === 1) return view.visible + view.inFlight;
    return last && Math.ceil(((view.arrived - last.arrived) / (view.t - last.t)) * meanWork);
  };
};

/** AtLarge's release_resources_best_effort: of the tasks that are too many, only those that are idle go. */
export const releasing = ({ desired, inFlight }: View, to: number): number =>
  Math.max(to, Math.min(desired, inFlight));
