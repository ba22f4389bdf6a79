/** Cost against lateness: one point for each contestant and trace, medians of the cost and means of the lateness over the seeds. */
import type { Kind } from '../../../local/plots/dots.ts';
import type { Dot, Field } from '../../../local/plots/field.ts';
import { type Scatter, scatterPlot } from '../../../local/plots/scatter.ts';
import { percent, ratio } from '../cells.ts';
import { entries, MAIN } from '../entries.ts';
import { peers } from '../peers/registry.ts';
import type { Results } from '../results.ts';
import { type OverSeeds, overSeeds } from '../statistics.ts';

const known = new Set(peers.map(({ name }) => name));
const mine = new Set(entries.map(({ name }) => name));

const kindOf = ({ contestant, variant }: OverSeeds, own: boolean): Kind => {
  if (contestant === MAIN || own) return 'mine';
  if (mine.has(contestant)) return 'other';
  if (known.has(contestant)) return variant === 'tuned' ? 'tuned' : 'default';
  return 'bound';
};

const titleOf = ({ contestant, variant }: OverSeeds): string =>
  variant === 'tuned' ? `${contestant}, tuned` : contestant;

const dotsOf = ({ rows, rules }: Results, plant: string): readonly (Dot & { readonly trace: string })[] =>
  overSeeds(rows.filter((row) => row.plant === plant)).map((found) => {
    const { trace, contestant, median, mean } = found;
    const [cost, late] = [median.costRatio, mean.overTarget];
    const title = titleOf(found);
    return {
      ...{ trace, cost, late, kind: kindOf(found, rules[contestant] === 'as configured'), label: title },
      said: `${title} on ${trace}: ${ratio(cost)} × the optimum, ${percent(late)} late`,
    };
  });

const words = ({ target }: Results): Omit<Scatter, 'title' | 'told' | 'fields'> => ({
  cost: 'task-seconds ÷ the optimum’s',
  late: `messages that waited longer than ${target} s`,
  kinds: {
    ...{ mine: `ours: ${MAIN}`, other: 'ours: other policies and settings' },
    ...{ default: 'peers at their defaults', tuned: 'peers tuned', bound: 'bounds' },
  },
});

export const plantsOf = ({ rows }: Results): readonly string[] => [
  ...new Set(rows.map(({ plant }) => plant)),
];

/** What an overview of all loads has room for: ours at its defaults, and all peers. */
const OVERVIEW: ReadonlySet<Kind> = new Set(['mine', 'default', 'tuned']);

/** All traces together, a field for each plant: who stands where. */
export const overview = (results: Results): string => {
  const plants = plantsOf(results);
  const fields = plants.map((plant): Field => {
    const dots = dotsOf(results, plant)
      .filter(({ kind }) => OVERVIEW.has(kind))
      .map(({ label: _, ...dot }): Dot => dot);
    return { name: `a task takes ${plant} to start`, dots };
  });
  const traces = results.loads.length;
  return scatterPlot({
    ...words(results),
    title: `What punctuality costs: a point for each scaler and load (${traces} ${traces === 1 ? 'load' : 'loads'})`,
    told: `Left and low is good. ${plants.map((plant) => toldOf(results, plant)).join(' ')}`,
    ...{ fields, columns: Math.min(2, plants.length) },
  });
};

/** For who can't see it: where ours lies. */
const toldOf = (results: Results, plant: string): string => {
  const ours = dotsOf(results, plant).filter(({ kind }) => kind === 'mine');
  const costs = ours.map(({ cost }) => cost);
  const late = Math.max(...ours.map((dot) => dot.late));
  return `At ${plant} ${MAIN} pays ${ratio(Math.min(...costs))} to ${ratio(Math.max(...costs))} times the optimum and is at most ${percent(late)} late.`;
};

/** Trace by trace, with names. */
export const byTrace = (results: Results, plant: string): string => {
  const all = dotsOf(results, plant);
  return scatterPlot({
    ...words(results),
    title: `What punctuality costs, load by load: a task takes ${plant} to start`,
    told: toldOf(results, plant),
    fields: results.loads.map(({ trace }) => ({
      name: trace,
      dots: all.filter((dot) => dot.trace === trace),
    })),
    columns: Math.min(2, results.loads.length),
  });
};
