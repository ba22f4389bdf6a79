/**
 * Reg (Iqbal et al., FGCS 2011), as AtLarge compare it (opendc-autoscaling-prototype autoscalers/reg_autoscaler.py): out to the load at once; in
 * to where a parabola through the last 72 loads says that it is now.
 *
 * Gotcha that is kept: a parabola that says more than there is means 0, and all tasks go that are idle.
 */
import type { Peer } from '../peer.ts';
import { COMMON, loadOf, releasing, TICK_SECONDS } from './literature/load.ts';
import { parabolaAtEnd } from './literature/parabola.ts';

const documented = { tick: TICK_SECONDS, load: 0, points: 72 };

/** A load of 3 fitted by a parabola is 3.0000000000000004, and not 4 tasks. */
const wholeTasks = (fitted: number): number => Math.ceil(Math.round(fitted * 1e9) / 1e9);

export const reg: Peer = {
  name: 'Reg',
  rule: 'every 30 s: load ≥ tasks: load; else a parabola through the last 72 loads, idle ones only',
  source: 'atlarge-research/opendc-autoscaling-prototype autoscalers/reg_autoscaler.py',
  defaults: () => documented,
  grid: () => ({ ...COMMON, points: [12, 36, 72, 144] }),
  create: (parameters, { meanWork }) => {
    const { tick, load: kind, points } = { ...documented, ...parameters };
    const loadNow = loadOf(kind, meanWork);
    let loads: readonly number[] = [];
    return {
      every: tick,
      decide: (view) => {
        const load = loadNow(view);
        if (load === undefined) return undefined;
        loads = [...loads, load].slice(-points);
        if (load >= view.desired) return load;
        const fitted = wholeTasks(parabolaAtEnd(loads));
        return releasing(view, fitted > view.desired ? 0 : Math.max(0, fitted));
      },
    };
  },
};
