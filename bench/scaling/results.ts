/**
 * The results of a run in a file: one line for each row, numbers with five significant digits, so that 5,000 rows are less than a
 * megabyte and two runs can be compared line by line.
 */
import { readFileSync } from 'node:fs';
import type { Figures } from '../../local/simulation/figures/figures.ts';
import type { LoadFacts } from './load.ts';
import type { Row } from './row.ts';
import type { Stored } from './tuned.ts';

export interface LoadRow extends LoadFacts {
  readonly trace: string;
  readonly about: string;
  readonly split: string;
  /** Seconds of it that were run; unset: all. */
  readonly cut?: number;
}

export interface Results {
  /** `short`, `full`, or what somebody asked for. */
  readonly name: string;
  /** Seconds of waiting. */
  readonly target: number;
  readonly seeds: number;
  /** Seconds from tick to tick of all of ours, where that was asked for. */
  readonly interval?: number;
  readonly loads: readonly LoadRow[];
  /** Traces whose file is not there. */
  readonly absent: readonly string[];
  readonly rules: Readonly<Record<string, string>>;
  readonly tuned: Stored;
  readonly rows: readonly Row[];
}

const short = (value: number): number => Number(value.toPrecision(5));

export const toJson = ({ rows, ...rest }: Results): string => {
  const columns = Object.keys(rows[0]?.figures ?? {}) as (keyof Figures)[];
  const lines = rows.map(({ trace, plant, contestant, variant, seed, figures }) =>
    JSON.stringify([trace, plant, contestant, variant, seed, ...columns.map((name) => short(figures[name]))]),
  );
  const head = JSON.stringify({ ...rest, columns }, undefined, 1).slice(0, -2);
  return `${head},\n "rows": [\n${lines.join(',\n')}\n]}\n`;
};

type Line = readonly [trace: string, plant: string, contestant: string, variant: Row['variant'], ...number[]];

export const fromJson = (text: string): Results => {
  const { rows, columns, ...rest } = JSON.parse(text) as Omit<Results, 'rows'> & {
    readonly columns: readonly (keyof Figures)[];
    readonly rows: readonly Line[];
  };
  return {
    ...rest,
    rows: rows.map(([trace, plant, contestant, variant, seed = 0, ...values]) => ({
      ...{ trace, plant, contestant, variant, seed },
      figures: Object.fromEntries(columns.map((name, nth) => [name, values[nth] ?? 0])) as unknown as Figures,
    })),
  };
};

export const readResults = (file: URL): Results => fromJson(readFileSync(file, 'utf8'));
