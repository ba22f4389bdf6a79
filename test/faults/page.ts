/** `docs/failures.md` as data: its lines, and the rows of the fault table that stand under each. */
import { readFileSync } from 'node:fs';

export interface Line {
  /** The first cell, for people. */
  readonly what: string;
  /** Messages of log lines that it quotes; what is seen only at times ("nothing, or …": who waited how long for an answer) is not among them. */
  readonly quoted: readonly string[];
  /** When the loop ticks again. */
  readonly wellAgain: string;
  readonly faults: readonly string[];
}

const page = readFileSync(new URL('../../docs/failures.md', import.meta.url), 'utf8');

/** `part`: way, way; `other part`: way */
const faultsIn = (cell: string): readonly string[] =>
  cell.split(';').flatMap((piece) => {
    const [, part = '', ways = ''] = /^\s*`([^`]+)`: (.+?)\s*$/.exec(piece) ?? [];
    return ways.split(', ').map((way) => `${part}: ${way}`);
  });

const TIMES: readonly string[] = ['two intervals', 'a minute', '120 s'];

const lineOf = (cells: readonly string[]): readonly Line[] => {
  const [what = '', , seen = '', wellAgain = '', tried = ''] = cells;
  if (!TIMES.includes(wellAgain)) return [];
  const certain = seen.startsWith('nothing, or') ? '' : seen;
  const quoted = [...certain.matchAll(/"([^"]+)"/g)].map(([, message = '']) => message);
  return [{ what, quoted, wellAgain, faults: faultsIn(tried) }];
};

/** Every line of its tables. */
export const lines: readonly Line[] = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .flatMap((line) =>
    lineOf(
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    ),
  );

/** Lines of tables that are neither a head nor understood. */
export const notUnderstood: readonly string[] = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (what fails|-+) /.test(line))
  .filter(
    (line) =>
      lineOf(
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ).length === 0,
  );
