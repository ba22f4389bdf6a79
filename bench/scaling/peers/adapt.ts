/**
 * Adapt (Ali-Eldin, Tordsson, Elmroth, NOMS 2012), by its author's own code (ahmedaley/Autoscalers AKTE.py): a controller whose gain is the capacity of
 * late ÷ the capacity of all time adds up what is missing; whole tasks of the sum are taken at once, and a load above the capacity is met
 * reactively besides, with a tenth more. A shrinking load counts a quarter.
 *
 * AtLarge's copy of it (adapt_autoscaler.py) is not followed: there the change that the controller gives is taken for a count.
 *
 * Gotchas that are kept: of the sum, what is to be added is used up also where the load fits, and then nothing is added; the first estimate
 * comes after five looks, and the capacity of all time begins with one task too many.
 */
import type { Peer } from '../peer.ts';
import { COMMON, loadOf, TICK_SECONDS } from './literature/load.ts';

const documented = { tick: TICK_SECONDS, load: 0, headroom: 1.1, shrink: 4 };

/** Looks between two estimates are 5 × D ÷ capacity with D = a hundredth of the capacity, that is one; and five before the first. */
const FIRST_ESTIMATE = 5;

export const adapt: Peer = {
  name: 'Adapt',
  rule: 'every 30 s: Σ (load − tasks) × recent ÷ all-time capacity, a quarter of it downwards; above: 1.1 × load',
  source: 'ahmedaley/Autoscalers AKTE.py',
  defaults: () => documented,
  grid: () => ({ ...COMMON, headroom: [1, 1.1, 1.3], shrink: [1, 4, 15] }),
  create: (parameters, { meanWork }) => {
    const { tick, load: kind, headroom, shrink } = { ...documented, ...parameters };
    const loadNow = loadOf(kind, meanWork);
    let looks = 0;
    let capacitySum = 1;
    let sinceEstimate = 0;
    let gain = 0;
    let repair = 0;

    /** Missing tasks, times the capacity since the last estimate ÷ that of all time. */
    const estimate = (missing: number): void => {
      const recent = sinceEstimate / (looks === FIRST_ESTIMATE ? FIRST_ESTIMATE : 1);
      const change = (missing * recent * looks) / capacitySum;
      gain = change < 0 ? change / shrink : change;
      sinceEstimate = 0;
    };

    return {
      every: tick,
      decide: (view) => {
        const load = loadNow(view);
        if (load === undefined) return undefined;
        const capacity = view.desired;
        looks += 1;
        sinceEstimate += capacity;
        if (looks >= FIRST_ESTIMATE) estimate(load - capacity);
        repair += gain;
        const shrinks = repair < 0;
        const whole = Math.trunc(repair);
        repair -= whole;
        const kept = shrinks ? Math.max(load, capacity + whole) : capacity;
        capacitySum += kept;
        return !shrinks && load > capacity ? Math.ceil(headroom * load) + whole : kept;
      },
    };
  },
};
