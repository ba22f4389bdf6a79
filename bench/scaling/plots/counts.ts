/**
 * Count against demand over time: one panel for each contestant on one load. Rows of results have no seconds in them, so the runs are
 * done again; they give the same bytes.
 */
import { type Panel, panelsPlot } from '../../../local/plots/panels.ts';
import { latePerSecond } from '../../../local/plots/series.ts';
import { latenessOf } from '../../../local/simulation/figures/lateness.ts';
import { percent, ratio, seconds } from '../cells.ts';
import type { Own } from '../contestants.ts';
import { LEARNED, MAIN } from '../entries.ts';
import { type Job, type Series, seriesOf } from '../job.ts';
import type { LoadName } from '../load.ts';
import type { Parameters } from '../peer.ts';
import { peers } from '../peers/registry.ts';

/** A load on a plant, and who is drawn on it besides the usual ones. */
export interface Drawing {
  readonly load: Omit<LoadName, 'seed'>;
  readonly startUp: number;
  /** Seconds of waiting that count as late. */
  readonly target: number;
  readonly own?: { readonly name: string; readonly own: Own } | undefined;
  /** Seconds from tick to tick of all of ours. */
  readonly interval?: number | undefined;
  /** Who has run: nobody else is drawn. */
  readonly contestants: ReadonlySet<string>;
  /** Of peers. */
  readonly tuned?: Readonly<Record<string, Parameters>> | undefined;
}

/** The peer to beat is shown tuned too. */
const ALSO_TUNED = 'Knative KPA';

type Drawn = Pick<Job, 'contestant' | 'parameters' | 'interval' | 'own'> & {
  readonly name: string;
  readonly isOurs: boolean;
};

const drawnIn = ({ own, interval, contestants, tuned = {} }: Drawing): readonly Drawn[] => {
  const ticks = interval === undefined ? {} : { interval };
  const parameters = tuned[ALSO_TUNED];
  const all: readonly Drawn[] = [
    ...(own === undefined
      ? []
      : [{ ...{ name: own.name, contestant: own.name, own: own.own, isOurs: true }, ...ticks }]),
    ...[MAIN, LEARNED].map((name) => ({ name, contestant: name, isOurs: true, ...ticks })),
    ...peers.flatMap(({ name }): readonly Drawn[] => [
      { name, contestant: name, isOurs: false },
      ...(name === ALSO_TUNED && parameters !== undefined
        ? [{ name: `${name}, tuned`, contestant: name, parameters, isOurs: false }]
        : []),
    ]),
  ];
  return all.filter(({ contestant }) => contestants.has(contestant));
};

const costOf = ({ simulated, demand }: Series): number => {
  let [paid, needed] = [0, 0];
  for (let t = 0; t < demand.length; t += 1) {
    paid += simulated.paid[t] ?? 0;
    needed += demand[t] ?? 0;
  }
  return paid / Math.max(1, needed);
};

const panelOf = ({ name, isOurs, ...drawn }: Drawn, { load, startUp, target }: Drawing): Panel => {
  const series = seriesOf({ load: { ...load, seed: 1 }, startUp, ...drawn });
  const { simulated, demand, trace } = series;
  const { overTarget, p99Wait } = latenessOf(simulated, target);
  const hours = Math.max(1, trace.seconds) / 3600;
  const figures = [
    `${percent(overTarget)} late`,
    `p99 ${seconds(p99Wait)} s`,
    `${ratio(costOf(series))} × the optimum`,
    `${Math.round(simulated.actions.length / hours)} actions/h`,
  ];
  return {
    ...{ name, isOurs, said: figures.join(' · '), demand, running: simulated.running },
    late: latePerSecond(trace, simulated.waits, target),
  };
};

/** @throws Error when the file of the trace is not there */
export const counts = (drawing: Drawing): string => {
  const { load, startUp, target } = drawing;
  const panels = drawnIn(drawing).map((drawn) => panelOf(drawn, drawing));
  return panelsPlot({
    title: `${load.trace}: tasks against demand (a task takes ${startUp} s to start)`,
    told: panels.map(({ name, said }) => `${name}: ${said}`).join('; '),
    ...{ panels, columns: 2, target },
  });
};
