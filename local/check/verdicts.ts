/** One line for each file: what it is, and how much is in it or wrong with it. */
import type { ConfigProblem } from '../../lambdas/contract/errors.ts';
import type { Outcome } from '../../lib/config-file.ts';
import { counted } from '../../lib/translation-notice.ts';

const WHAT = [
  ['services', 'service'],
  ['groups', 'group'],
  ['clusters', 'cluster'],
] as const;

const SETTINGS = [
  ['loop', 'the loop'],
  ['defaults', 'defaults'],
] as const;

const settings = (raws: readonly unknown[]): readonly string[] =>
  SETTINGS.flatMap(([key, what]) =>
    raws.some((raw) => typeof raw === 'object' && raw !== null && Object.hasOwn(raw, key)) ? [what] : [],
  );

const contents = (raws: readonly unknown[]): readonly string[] =>
  WHAT.flatMap(([list, one]) => {
    const items = raws.flatMap((raw) => {
      const found: unknown = (raw as Readonly<Record<string, unknown>> | null)?.[list];
      return Array.isArray(found) ? found : [];
    });
    return items.length === 0 ? [] : [counted(items.length, one)];
  });

const verdictOf = (outcome: Outcome, problems: readonly ConfigProblem[]): string => {
  const { file } = outcome;
  if ('problems' in outcome) return `${file}: ${counted(outcome.problems.length, 'problem')}`;
  const { dialect, parts, differences } = outcome.read;
  const raws = parts.map(({ raw }) => raw);
  const own = problems.filter(({ path }) => path.startsWith(`${file}:`) || path.startsWith(`${file} `));
  const what = [
    dialect ?? 'our own shape',
    ...(dialect === undefined ? settings(raws) : []),
    ...contents(raws),
    ...(differences.length === 0 ? [] : [counted(differences.length, 'difference')]),
    ...(own.length === 0 ? [] : [counted(own.length, 'problem')]),
  ];
  return `${file}: ${what.join(', ')}`;
};

/** @param problems of all files together */
export const verdicts = (
  outcomes: readonly Outcome[],
  problems: readonly ConfigProblem[],
): readonly string[] => outcomes.map((outcome) => verdictOf(outcome, problems));
