/** What everybody did, as Markdown: a table for each plant, and one for each further figure. Medians over the seeds, means for shares. */
import type { Figures } from '../../local/simulation/figures/figures.ts';
import { table } from '../table.ts';
import { percent, ratio, seconds } from './cells.ts';
import type { Results } from './results.ts';
import type { Row } from './row.ts';
import { geometricMean, type OverSeeds, overSeeds } from './statistics.ts';

export const titleOf = ({ contestant, variant }: Pick<Row, 'contestant' | 'variant'>): string =>
  variant === 'tuned' ? `${contestant}, tuned` : contestant;

type Cell = (found: OverSeeds) => string;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The last column is over all traces. */
interface Shown {
  readonly title: string;
  readonly cell: Cell;
  readonly all: (found: readonly OverSeeds[]) => string;
}

const cost = ({ median }: OverSeeds): number => median.costRatio;
const late = ({ mean: { over60 } }: OverSeeds): number => over60;
const medianOf = (name: keyof Figures, write: (value: number) => string): Pick<Shown, 'cell' | 'all'> => ({
  cell: ({ median }) => write(median[name]),
  all: (found) => write(mean(found.map(({ median }) => median[name]))),
});

const main: Shown = {
  title: 'Task-seconds ÷ the optimum’s / share of messages that waited more than 60 s',
  cell: (found) => `${ratio(cost(found))} / ${percent(late(found))}`,
  all: (found) => `${ratio(geometricMean(found.map(cost)))} / ${percent(mean(found.map(late)))}`,
};

const between = (write: (value: number) => string, lowest: number, highest: number): string => {
  const [from, to] = [write(lowest), write(highest)];
  return from === to ? from : `${from} to ${to}`;
};

/** Nothing to see of a single run. */
const spread: Shown = {
  title: 'The same from the lowest to the highest of the seeds',
  cell: ({ min, max }) =>
    `${between(ratio, min.costRatio, max.costRatio)} / ${between(percent, min.over60, max.over60)}`,
  all: () => '',
};

const further: readonly Shown[] = [
  {
    title: 'Share of messages that waited more than 30 s',
    cell: ({ mean: { over30 } }) => percent(over30),
    all: (found) => percent(mean(found.map(({ mean: { over30 } }) => over30))),
  },
  { title: 'The wait that 99 of 100 messages stay below, in seconds', ...medianOf('p99Wait', seconds) },
  { title: 'Scaling actions per hour', ...medianOf('actionsPerHour', (value) => value.toFixed(0)) },
  { title: 'Peak overshoot: highest desired count ÷ highest demand', ...medianOf('overshoot', ratio) },
];

const elasticities: readonly (readonly [title: string, name: keyof Figures])[] = [
  ['θU %', 'thetaU'],
  ['θO %', 'thetaO'],
  ['τU %', 'tauU'],
  ['τO %', 'tauO'],
  ['υ %', 'upsilon'],
];

const byContestant = (all: readonly OverSeeds[]): ReadonlyMap<string, readonly OverSeeds[]> =>
  Map.groupBy(all, titleOf);

const tableOf = (all: readonly OverSeeds[], traces: readonly string[], shown: Shown): string =>
  table(
    ['', ...traces, 'all'],
    [...byContestant(all)].map(([title, found]) => [
      title,
      ...traces.map((trace) => {
        const run = found.find((each) => each.trace === trace);
        return run === undefined ? '–' : shown.cell(run);
      }),
      shown.all(found),
    ]),
  );

const elasticityTable = (all: readonly OverSeeds[]): string =>
  table(
    ['mean over the traces', ...elasticities.map(([title]) => title), 'dollars for tasks'],
    [...byContestant(all)].map(([title, found]) => [
      title,
      ...elasticities.map(([, name]) => mean(found.map(({ median }) => median[name])).toFixed(0)),
      found.reduce((sum, { median }) => sum + median.dollars, 0).toFixed(2),
    ]),
  );

/** Cost and lateness alone, by plant. */
export const mainTables = ({ rows, loads }: Results): string =>
  [...Map.groupBy(overSeeds(rows), ({ plant }) => plant)]
    .map(([plant, all]) => {
      const traces = loads.map(({ trace }) => trace);
      return `Tasks that take ${plant} to start: ${main.title.toLowerCase()}\n\n${tableOf(all, traces, main)}`;
    })
    .join('\n\n');

/** By plant. */
export const figureTables = ({ rows, loads, seeds: runs }: Results): string => {
  const traces = loads.map(({ trace }) => trace);
  return [...Map.groupBy(overSeeds(rows), ({ plant }) => plant)]
    .flatMap(([plant, all]) => [
      `## Tasks that take ${plant} to start`,
      ...[main, ...(runs > 1 ? [spread] : []), ...further].map(
        (shown) => `### ${shown.title}\n\n${tableOf(all, traces, shown)}`,
      ),
      `### Elasticity, and what the tasks of all traces cost\n\n${elasticityTable(all)}`,
    ])
    .join('\n\n');
};

export const loadTable = ({ loads, seeds }: Results): string =>
  table(
    ['trace', 'messages', 'seconds', 's of work', 'tasks needed: mean', 'most', 'what it is'],
    loads.map(({ trace, about, messages, seconds: length, meanWork, meanDemand, peakDemand, split, cut }) => [
      trace,
      `${messages}`,
      `${length}`,
      seconds(meanWork),
      seconds(meanDemand),
      `${peakDemand}`,
      [about, cut === undefined ? split : `${split}; the hour around its busiest minute`]
        .filter(Boolean)
        .join('; '),
    ]),
  ).concat(`\n\nEach ${seeds === 1 ? 'once' : `with ${seeds} seeds; facts are of the first`}.`);
