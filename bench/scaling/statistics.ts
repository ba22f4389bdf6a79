/**
 * From rows of runs to what may be said of them: median and spread over seeds, ours against one peer pair by pair, ratios in the
 * geometric mean (the one mean of ratios that doesn't depend on who is the denominator).
 */
import type { Figures } from '../../local/simulation/figures/figures.ts';
import type { Row } from './row.ts';
import { signedRank } from './signed-rank.ts';

/** The runs of one contestant on one trace and plant, over all seeds, each figure on its own. */
export interface OverSeeds extends Omit<Row, 'seed' | 'figures'> {
  readonly seeds: number;
  readonly median: Figures;
  readonly min: Figures;
  readonly max: Figures;
  /** For shares of messages: one seed in five that went wrong is not hidden by it, as it is by the median. */
  readonly mean: Figures;
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

/** The middle one, or the mean of the two in the middle; NaN of nothing. */
export const median = (values: readonly number[]): number => {
  const ascending = values.toSorted((a, b) => a - b);
  const half = ascending.length / 2;
  return ((ascending[Math.ceil(half) - 1] ?? Number.NaN) + (ascending[Math.floor(half)] ?? Number.NaN)) / 2;
};

/** Of numbers above 0; NaN of nothing. */
export const geometricMean = (values: readonly number[]): number =>
  Math.exp(sum(values.map(Math.log)) / values.length);

const reduced = (rows: readonly Row[], reduce: (values: readonly number[]) => number): Figures => {
  const names = Object.keys(rows[0]?.figures ?? {}) as (keyof Figures)[];
  return Object.fromEntries(
    names.map((name) => [name, reduce(rows.map(({ figures }) => figures[name]))]),
  ) as unknown as Figures;
};

/** In the order in which they first appear. */
export const overSeeds = (rows: readonly Row[]): readonly OverSeeds[] =>
  [
    ...Map.groupBy(rows, ({ trace, plant, contestant, variant }) =>
      JSON.stringify([trace, plant, contestant, variant]),
    ).values(),
  ].map((runs) => {
    const { seed: _, figures: __, ...who } = runs[0] as Row;
    return {
      ...{ ...who, seeds: runs.length, median: reduced(runs, median) },
      min: reduced(runs, (values) => Math.min(...values)),
      max: reduced(runs, (values) => Math.max(...values)),
      mean: reduced(runs, (values) => sum(values) / values.length),
    };
  });

export interface Pair extends Pick<Row, 'trace' | 'plant' | 'seed'> {
  readonly ours: number;
  readonly theirs: number;
}

/** Less is better. */
export interface Paired {
  readonly pairs: number;
  readonly wins: number;
  readonly ties: number;
  /** The worst first, to be printed. */
  readonly losses: readonly Pair[];
  /** Of ours minus theirs. */
  readonly medianDifference: number;
  /**
   * Of Wilcoxon's signed-rank test, two-sided, over all pairs. The seeds of one trace resemble each other, so it is too small for a claim
   * about traces that are not in the bench: for that compare one row per trace.
   */
  readonly p: number;
}

/** Rows of one contestant each; runs that the other has no partner for are left out. `tie`: a difference that counts as none for wins and losses. */
export const paired = (
  ours: readonly Row[],
  theirs: readonly Row[],
  figure: keyof Figures,
  tie = 0,
): Paired => {
  const keyOf = ({ trace, plant, seed }: Row): string => JSON.stringify([trace, plant, seed]);
  const partners = new Map(theirs.map((row) => [keyOf(row), row]));
  if (partners.size !== theirs.length || new Set(ours.map(keyOf)).size !== ours.length)
    throw new RangeError('Only one run for each trace, plant and seed can be compared with one of another');
  const pairs = ours.flatMap((row): readonly Pair[] => {
    const partner = partners.get(keyOf(row));
    const { trace, plant, seed, figures } = row;
    return partner ? [{ trace, plant, seed, ours: figures[figure], theirs: partner.figures[figure] }] : [];
  });
  const differences = pairs.map((pair) => pair.ours - pair.theirs);
  const losses = pairs
    .filter((pair) => pair.ours - pair.theirs > tie)
    .sort((a, b) => b.ours - b.theirs - (a.ours - a.theirs));
  const wins = differences.filter((difference) => difference < -tie).length;
  return {
    ...{ pairs: pairs.length, wins, ties: pairs.length - wins - losses.length, losses },
    ...{ medianDifference: median(differences), p: signedRank(differences).p },
  };
};
