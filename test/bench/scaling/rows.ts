/** Rows of a bench that never ran: all figures 0 but those that a test is about. */
import type { Row } from '../../../bench/scaling/row.ts';
import type { Figures } from '../../../local/simulation/figures/figures.ts';

const nothing: Figures = {
  ...{
    messages: 0,
    over30: 0,
    over60: 0,
    overTarget: 0,
    p50Wait: 0,
    p99Wait: 0,
    maxWait: 0,
    left: 0,
    lost: 0,
  },
  ...{ thetaU: 0, thetaO: 0, tauU: 0, tauO: 0, upsilon: 0, excess: 0 },
  ...{ taskSeconds: 0, optimumSeconds: 0, costRatio: 0, dollars: 0 },
  ...{ actionsPerHour: 0, overshoot: 0, atMax: 0 },
};

export const rowOf = ({
  figures,
  ...row
}: Partial<Omit<Row, 'figures'>> & { readonly figures?: Partial<Figures> } = {}): Row => ({
  ...{ trace: 'steps', plant: '23 s', contestant: 'ours', variant: 'defaults', seed: 1, ...row },
  figures: { ...nothing, ...figures },
});
