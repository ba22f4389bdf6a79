/**
 * Ours beside the cheapest peer that is as good (`equal-lateness.ts`), trace by trace, and the bar of the project: no more messages over
 * 60 s than the best peer within 0.1 percentage points, at no more than 0.70 times the task-seconds of the cheapest as good one in the geometric
 * mean (0.80 times against tuned peers), and nowhere more than 1.0 times.
 *
 * The bar is about recorded loads. Those that are made here are told apart from them: they run everywhere, and prove nothing.
 */
import { table } from '../table.ts';
import { percent, ratio } from './cells.ts';
import { MAIN } from './entries.ts';
import { type AtEqualLateness, atEqualLateness, summaryOf } from './equal-lateness.ts';
import { peers } from './peers/registry.ts';
import type { Results } from './results.ts';
import type { Row, Variant } from './row.ts';
import { geometricMean, type OverSeeds, overSeeds } from './statistics.ts';

/**
 * Rules of papers, which nobody can install: here they are told the mean work, count every arrival themselves and see it at once, as one reads
 * RabbitMQ. SQS tells nobody.
 */
const LITERATURE: ReadonlySet<string> = new Set(['React', 'Reg', 'Hist', 'Adapt']);

const OPTIMUM = 'zero-delay optimum';

const names = new Set(peers.map(({ name }) => name));
const isPeer = ({ contestant }: Row): boolean => names.has(contestant);
const isInstallable = ({ contestant }: Row): boolean => !LITERATURE.has(contestant);

const sharesPlace = (one: Pick<Row, 'trace' | 'plant'>) => (other: Pick<Row, 'trace' | 'plant'>) =>
  one.trace === other.trace && one.plant === other.plant;

export const where = ({ trace, plant }: Pick<Row, 'trace' | 'plant'>): string => `${trace} at ${plant}`;

const listed = (found: readonly AtEqualLateness[], said: (each: AtEqualLateness) => string): string =>
  found.length === 0
    ? 'none'
    : `${found.length}: ${found.map((each) => `${where(each)} (${said(each)})`).join(', ')}`;

const lateSaid = ({ ours, peer }: AtEqualLateness): string =>
  `${percent(ours.mean.over60)}, ${peer.contestant} ${percent(peer.mean.over60)}`;
const costSaid = ({ ratio: value, peer }: AtEqualLateness): string => `${ratio(value)} × ${peer.contestant}`;

/** What the clairvoyant whose tasks start at once pays in the same places: much below it nobody comes. Nothing where it did not run. */
const optimumBeside = (compared: readonly AtEqualLateness[], rows: readonly Row[]): string => {
  const runs = overSeeds(rows.filter(({ contestant }) => contestant === OPTIMUM));
  const ratios = compared.flatMap(({ peer }) => {
    const optimum = runs.find(sharesPlace(peer));
    return optimum === undefined ? [] : [optimum.median.taskSeconds / Math.max(1, peer.median.taskSeconds)];
  });
  if (ratios.length < compared.length) return '';
  return `; the ${OPTIMUM} itself comes to ${ratio(geometricMean(ratios))}`;
};

/** @param rows all of them */
const against = (
  who: string,
  {
    mine,
    theirs,
    rows,
  }: { readonly mine: readonly Row[]; readonly theirs: readonly Row[]; readonly rows: readonly Row[] },
  most: number,
): readonly string[] => {
  const compared = atEqualLateness(mine, theirs);
  if (compared.length === 0) return [];
  const { geometricMean: mean, dearer, later } = summaryOf(compared);
  const holds = mean <= most && dearer.length === 0 && later.length === 0;
  const unmatched = compared.filter(({ matched }) => !matched);
  return [
    `Against ${who}, ${compared.length} traces × plants: ${ratio(mean)} × the task-seconds of the cheapest that is as good, in the geometric mean (the bar is ${most.toFixed(2)}${optimumBeside(compared, rows)}): ${holds ? 'holds' : 'FALLS SHORT'}.`,
    `  - dearer: ${listed(
      dearer.toSorted((a, b) => b.ratio - a.ratio),
      costSaid,
    )}`,
    `  - later than the best by more than 0.1 percentage points: ${listed(later, lateSaid)}`,
    ...(unmatched.length === 0
      ? []
      : [
          `  - no peer is as punctual, so it is compared with the most punctual: ${listed(unmatched, lateSaid)}`,
        ]),
  ];
};

const withVariant = (rows: readonly Row[], variant: Variant): readonly Row[] =>
  rows.filter((row) => isPeer(row) && row.variant === variant);

/** Lines of Markdown. */
export const barLines = ({ rows, loads }: Results): readonly string[] => {
  const recorded = new Set(loads.flatMap((load) => (load.recorded ? [load.trace] : [])));
  const isRecorded = ({ trace }: Row): boolean => recorded.has(trace);
  const mine = rows.filter(({ contestant }) => contestant === MAIN);
  const [usual, tuned] = [withVariant(rows, 'defaults'), withVariant(rows, 'tuned')];
  const places = [
    { name: 'recorded loads', mine: mine.filter(isRecorded) },
    { name: 'made loads', mine: mine.filter((row) => !isRecorded(row)) },
  ];
  return places.flatMap(({ name, mine: ours }) => [
    ...against(`peers at their defaults, ${name}`, { mine: ours, theirs: usual, rows }, 0.7),
    ...against(`tuned peers, ${name}`, { mine: ours, theirs: tuned, rows }, 0.8),
    ...against(
      `peers that can be installed, at their defaults, ${name}`,
      { mine: ours, theirs: usual.filter(isInstallable), rows },
      0.7,
    ),
    ...against(
      `peers that can be installed, tuned, ${name}`,
      { mine: ours, theirs: tuned.filter(isInstallable), rows },
      0.8,
    ),
  ]);
};

const matchCells = (found: AtEqualLateness | undefined): readonly string[] =>
  found === undefined
    ? ['–', '–', '–']
    : [
        `${found.peer.contestant}${found.matched ? '' : ' (later than ours)'}`,
        percent(found.peer.mean.over60),
        ratio(found.ratio),
      ];

/** A line for each trace and plant. */
export const comparisonTable = ({ rows }: Results): string => {
  const mine = rows.filter(({ contestant }) => contestant === MAIN);
  const all = overSeeds(rows.filter(isPeer));
  const [byDefault, byTuning] = (['defaults', 'tuned'] as const).map((variant) =>
    atEqualLateness(mine, withVariant(rows, variant)),
  );
  const lowest = (entry: OverSeeds): number =>
    Math.min(...all.filter(sharesPlace(entry)).map(({ mean }) => mean.over60));
  return table(
    [
      ...['trace', 'start-up', 'ours: late', 'best peer: late', 'ours: cost'],
      ...['cheapest as good at defaults', 'its late', 'ours ÷ its cost'],
      ...['cheapest as good, tuned', 'its late', 'ours ÷ its cost'],
    ],
    overSeeds(mine).map((entry) => [
      ...[
        entry.trace,
        entry.plant,
        percent(entry.mean.over60),
        percent(lowest(entry)),
        ratio(entry.median.costRatio),
      ],
      ...matchCells(byDefault?.find(sharesPlace(entry))),
      ...matchCells(byTuning?.find(sharesPlace(entry))),
    ]),
  );
};
