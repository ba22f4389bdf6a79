/**
 * React (Chieu et al., ICEBE 2009), as AtLarge compare it (opendc-autoscaling-prototype autoscalers/react_autoscaler.py): what is missing and two
 * more; and what is left over, two more too, once it is more than two.
 *
 * Gotcha that is kept: having released two tasks too many it is short at the next tick, and goes out by four.
 */
import type { Peer } from '../peer.ts';
import { COMMON, loadOf, releasing, TICK_SECONDS } from './literature/load.ts';

const documented = { tick: TICK_SECONDS, load: 0, spare: 2 };

export const react: Peer = {
  name: 'React',
  rule: 'every 30 s: load − tasks ≥ 0: that and 2 more; < −2: that and 2 fewer, idle ones only',
  source: 'atlarge-research/opendc-autoscaling-prototype autoscalers/react_autoscaler.py',
  defaults: () => documented,
  grid: () => ({ ...COMMON, spare: [0, 1, 2, 4, 8] }),
  create: (parameters, { meanWork }) => {
    const { tick, load: kind, spare } = { ...documented, ...parameters };
    const loadNow = loadOf(kind, meanWork);
    return {
      every: tick,
      decide: (view) => {
        const load = loadNow(view);
        if (load === undefined) return undefined;
        const missing = load - view.desired;
        if (missing >= 0) return load + spare;
        return missing < -spare ? releasing(view, Math.max(0, load - spare)) : undefined;
      },
    };
  },
};
