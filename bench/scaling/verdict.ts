/** What a run says about the bar of the project, what falls short with its trace, and ours and each peer run by run. */
import { table } from '../table.ts';
import { barLines, comparisonTable, where } from './bar.ts';
import { besideLines } from './beside.ts';
import { percent } from './cells.ts';
import { MAIN } from './entries.ts';
import { peers } from './peers/registry.ts';
import type { Results } from './results.ts';
import { paired } from './statistics.ts';

/** A difference of lateness that counts as none: 0.1 percentage points. */
const TIE = 0.001;
const WORST = 3;

/** Ours and each peer. */
const runByRun = ({ rows }: Results): string => {
  const mine = rows.filter(({ contestant }) => contestant === MAIN);
  const lines = (['defaults', 'tuned'] as const).flatMap((variant) =>
    peers.flatMap(({ name }): readonly (readonly string[])[] => {
      const theirs = rows.filter((row) => row.contestant === name && row.variant === variant);
      if (theirs.length === 0 || mine.length === 0) return [];
      const late = paired(mine, theirs, 'over60', TIE);
      const cost = paired(mine, theirs, 'taskSeconds');
      const worst = late.losses
        .slice(0, WORST)
        .map((pair) => `${where(pair)}, seed ${pair.seed} (${percent(pair.ours)}, ${percent(pair.theirs)})`);
      const counts = ({ wins, ties, losses }: typeof late): string => `${wins} / ${ties} / ${losses.length}`;
      return [
        [
          variant === 'tuned' ? `${name}, tuned` : name,
          ...[counts(late), late.p.toPrecision(2), counts(cost), cost.p.toPrecision(2)],
          worst.join('; ') || 'none',
        ],
      ];
    }),
  );
  return table(
    [
      'ours and',
      'late: won / tied / lost',
      'p',
      'cost: won / tied / lost',
      'p',
      'worst losses in lateness (ours, theirs)',
    ],
    lines,
  );
};

/** Lines of Markdown. */
export const verdictLines = (results: Results): readonly string[] =>
  [...barLines(results), ...besideLines(results)].map((line) => (line.startsWith(' ') ? line : `- ${line}`));

export const verdictSection = (results: Results): string => {
  const lines = verdictLines(results);
  return lines.length === 0
    ? ''
    : [
        '## Does the bar hold?',
        lines.join('\n'),
        comparisonTable(results),
        '## Run by run',
        'Wilcoxon’s signed-rank test, two-sided. Who is cheap because messages wait wins in cost: read both.',
        runByRun(results),
      ].join('\n\n');
};
