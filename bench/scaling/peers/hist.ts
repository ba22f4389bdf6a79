/**
 * Hist (Urgaonkar et al., TAAS 2008), as AtLarge compare it (opendc-autoscaling-prototype autoscalers/hist_autoscaler.py): the loads of every hour
 * of the day in a histogram, of which the 90th percentile is held in that hour; and a repair when more than half of the last errors were
 * shortages.
 *
 * Gotchas that are kept: each error is noted twice, so five looks decide about the repair; the repair adds the load and two more *to* the
 * percentile; the mean error counts only when 7,200 were noted since the last repair (30 hours at a look every 30 s), and then with the sign
 * that makes a surplus larger. Their code ends with a TypeError when a repair is due and the load fits by now: here nothing is added.
 *
 * It begins with empty histograms, as in their runs: on a trace of one day it never sees an hour again.
 */
import type { Peer } from '../peer.ts';
import { COMMON, loadOf, releasing, TICK_SECONDS } from './literature/load.ts';

const documented = { tick: TICK_SECONDS, load: 0, percentile: 0.9 };
const HOUR_SECONDS = 3600;
const ERRORS = 7200;

const insert = (sorted: number[], value: number): void => {
  let index = sorted.length;
  while (index > 0 && (sorted[index - 1] ?? 0) > value) index -= 1;
  sorted.splice(index, 0, value);
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;

export const hist: Peer = {
  name: 'Hist',
  rule: 'every 30 s: 90th percentile of the loads of this hour of the day; after shortages load + 2 more',
  source: 'atlarge-research/opendc-autoscaling-prototype autoscalers/hist_autoscaler.py',
  defaults: () => documented,
  grid: () => ({ ...COMMON, percentile: [0.5, 0.75, 0.9, 0.95, 0.99] }),
  create: (parameters, { meanWork }) => {
    const { tick, load: kind, percentile } = { ...documented, ...parameters };
    const loadNow = loadOf(kind, meanWork);
    const histogram: readonly number[][] = Array.from({ length: 24 }, () => []);
    let errors: number[] = [];
    return {
      every: tick,
      decide: (view) => {
        const load = loadNow(view);
        if (load === undefined) return undefined;
        errors.push(view.desired - load, view.desired - load);
        const loads = histogram[Math.floor(view.t / HOUR_SECONDS) % 24] ?? [];
        insert(loads, load);
        let wanted = loads[Math.floor(loads.length * percentile)] ?? load;
        if (errors.length === ERRORS) {
          wanted += mean(errors);
          errors = errors.slice(ERRORS / 2);
        }
        if (errors.slice(-10).filter((error) => error < 0).length > 5) {
          if (load > view.desired) wanted += load + 2;
          errors = [];
        }
        const to = Math.max(0, Math.ceil(wanted));
        return to < view.desired ? releasing(view, to) : to;
      },
    };
  },
};
