/**
 * The results of a run, and as a file: one line for everybody on each trace and plant, with a list of figures for each seed. What follows from
 * the rest is left out, and all but the task-seconds have three significant digits, so that 10,000 runs are less than a megabyte.
 */
import type { Figures } from '../../local/simulation/figures/figures.ts';
import type { LoadFacts } from './load.ts';
import type { Row } from './row.ts';
import type { Stored } from './tuned.ts';

export interface LoadRow extends LoadFacts {
  readonly trace: string;
  readonly about: string;
  readonly split: string;
  /** It was recorded, not made here. */
  readonly recorded: boolean;
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
  /** Parameters of the tuned peers; in the file only what `tuned.json` does not have. */
  readonly tuned: Stored;
  /** Traces whose peers were tuned in this run, on a small grid, since nothing was stored. */
  readonly sweptHere: readonly string[];
  readonly rows: readonly Row[];
}

/** Left out: the same for everybody, or made of another by a constant. */
const FOLLOWS: ReadonlySet<keyof Figures> = new Set(['messages', 'optimumSeconds', 'overTarget', 'dollars']);

const short = (name: keyof Figures, value: number): number =>
  Number(value.toPrecision(name === 'taskSeconds' ? 7 : 3));

export const toJson = ({ rows, tuned, ...rest }: Results): string => {
  const columns = (Object.keys(rows[0]?.figures ?? {}) as (keyof Figures)[]).filter(
    (name) => !FOLLOWS.has(name),
  );
  const ofEverybody = Map.groupBy(rows, ({ trace, plant, contestant, variant }) =>
    JSON.stringify([trace, plant, contestant, variant]),
  );
  const lines = [...ofEverybody.values()].map((runs) => {
    const { trace, plant, contestant, variant } = runs[0] as Row;
    const seeds = runs.map(({ figures }) => columns.map((name) => short(name, figures[name])));
    return JSON.stringify([trace, plant, contestant, variant, seeds]);
  });
  const swept = Object.fromEntries(Object.entries(tuned).filter(([trace]) => rest.sweptHere.includes(trace)));
  const head = JSON.stringify({ ...rest, tuned: swept, columns }, undefined, 1).slice(0, -2);
  return `${head},\n "runs": [\n${lines.join(',\n')}\n]}\n`;
};
