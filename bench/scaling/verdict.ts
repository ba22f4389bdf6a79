/**
 * Does the bar of the project hold? On every trace no more messages over 60 s than the best peer (within 0.1 percentage points) at no
 * more than 0.70 times the task-seconds of the cheapest peer that is as good, in the geometric mean (0.80 times against tuned peers), never
 * more than 1.0 times; learning at most 10 % dearer than being told. What falls short is printed with its trace.
 */
import { table } from '../table.ts';
import { percent, ratio } from './cells.ts';
import { EVERY_MINUTE, LEARNED, MAIN } from './entries.ts';
import { type AtEqualLateness, atEqualLateness, summaryOf } from './equal-lateness.ts';
import { peers } from './peers/registry.ts';
import type { Results } from './results.ts';
import type { Row, Variant } from './row.ts';
import { geometricMean, type OverSeeds, overSeeds, paired } from './statistics.ts';

const names = new Set(peers.map(({ name }) => name));

const isPeer = (variant: Variant) => (row: Row) => names.has(row.contestant) && row.variant === variant;
const isOurs = (name: string) => (row: Row) => row.contestant === name;

const where = ({ trace, plant }: { readonly trace: string; readonly plant: string }): string =>
  `${trace} at ${plant}`;

const nearTo = (found: readonly AtEqualLateness[], entry: OverSeeds): AtEqualLateness | undefined =>
  found.find(({ trace, plant }) => trace === entry.trace && plant === entry.plant);

const matchCells = (found: AtEqualLateness | undefined): readonly string[] =>
  found === undefined
    ? ['–', '–', '–']
    : [
        found.peer.contestant + (found.matched ? '' : ' (later than ours)'),
        percent(found.peer.mean.over60),
        ratio(found.ratio),
      ];

/** A line for each trace and plant. */
const comparison = (rows: readonly Row[]): string => {
  const mine = rows.filter(isOurs(MAIN));
  const byDefault = atEqualLateness(mine, rows.filter(isPeer('defaults')));
  const byTuning = atEqualLateness(mine, rows.filter(isPeer('tuned')));
  const lowest = (entry: OverSeeds): number =>
    Math.min(
      ...overSeeds(
        rows.filter(
          (row) => names.has(row.contestant) && row.plant === entry.plant && row.trace === entry.trace,
        ),
      ).map(({ mean }) => mean.over60),
    );
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
      ...matchCells(nearTo(byDefault, entry)),
      ...matchCells(nearTo(byTuning, entry)),
    ]),
  );
};

const list = (found: readonly AtEqualLateness[], said: (each: AtEqualLateness) => string): string =>
  found.length === 0 ? 'none' : found.map((each) => `${where(each)} (${said(each)})`).join(', ');

const lateSaid = ({ ours, peer }: AtEqualLateness): string =>
  `${percent(ours.mean.over60)} against ${percent(peer.mean.over60)} of ${peer.contestant}`;

const bar = (rows: readonly Row[], variant: Variant, most: number): readonly string[] => {
  const compared = atEqualLateness(rows.filter(isOurs(MAIN)), rows.filter(isPeer(variant)));
  if (compared.length === 0) return [];
  const { geometricMean: mean, worst, later, dearer } = summaryOf(compared);
  const who = variant === 'tuned' ? 'tuned peers' : 'peers at their defaults';
  const unmatched = compared.filter(({ matched }) => !matched);
  return [
    `Against ${who}: ${ratio(mean)} × the task-seconds of the cheapest that is as good, in the geometric mean over ${compared.length} traces and plants (bar: ${most.toFixed(2)}) — ${mean <= most ? 'holds' : 'FALLS SHORT'}.`,
    `Worst: ${worst === undefined ? '–' : `${where(worst)}, ${ratio(worst.ratio)} × ${worst.peer.contestant}`}. Dearer than it: ${list(dearer, ({ ratio: value, peer }) => `${ratio(value)} × ${peer.contestant}`)}.`,
    `Later than the best by more than 0.1 percentage points: ${list(later, lateSaid)}.`,
    `No peer is as punctual, and ours is compared with the most punctual: ${list(unmatched, lateSaid)}.`,
  ];
};

interface Beside {
  readonly where: string;
  readonly cost: number;
  readonly late: number;
}

/** The other one's task-seconds ÷ those of the main line, and how much more of its messages are late. */
const beside = (rows: readonly Row[], name: string): readonly Beside[] => {
  const main = overSeeds(rows.filter(isOurs(MAIN)));
  return overSeeds(rows.filter(isOurs(name))).flatMap((other): readonly Beside[] => {
    const mine = main.find(({ trace, plant }) => trace === other.trace && plant === other.plant);
    if (mine === undefined) return [];
    const cost = other.median.taskSeconds / Math.max(1, mine.median.taskSeconds);
    return [{ where: where(other), cost, late: other.mean.over60 - mine.mean.over60 }];
  });
};

const points = (share: number): string =>
  `${share < 0 ? '−' : '+'}${(100 * Math.abs(share)).toFixed(2)} points late`;
const besideSaid = ({ where: place, cost, late }: Beside): string =>
  `${place} (${ratio(cost)} ×, ${points(late)})`;

const learning = (rows: readonly Row[]): readonly string[] => {
  const found = beside(rows, LEARNED);
  if (found.length === 0) return [];
  const mean = geometricMean(found.map(({ cost }) => cost));
  const worse = found.filter(({ cost, late }) => cost > 1.1 || late > 0.001);
  return [
    `Learned instead of told the seconds of work: ${ratio(mean)} × the task-seconds in the geometric mean (bar: 1.10) — ${mean <= 1.1 ? 'holds' : 'FALLS SHORT'}. More than 10 % dearer, or later by more than 0.1 points: ${worse.length === 0 ? 'none' : worse.map(besideSaid).join(', ')}.`,
  ];
};

/** Loads that come and go within minutes: what looking every few seconds is for. */
const ON_OFF = [
  'azure-code',
  'azure-code-long',
  'functions',
  'functions-sporadic',
  'on-off',
  'bursts',
  'flash-crowd',
];

const seldom = (rows: readonly Row[]): readonly string[] => {
  const found = beside(
    rows.filter(({ trace }) => ON_OFF.includes(trace)),
    EVERY_MINUTE,
  );
  if (found.length === 0) return [];
  const rest = beside(
    rows.filter(({ trace }) => !ON_OFF.includes(trace)),
    EVERY_MINUTE,
  );
  const mean = (all: readonly Beside[]): string =>
    `${ratio(geometricMean(all.map(({ cost }) => cost)))} ×, ${points(all.reduce((sum, { late }) => sum + late, 0) / all.length)}`;
  return [
    `A tick every 60 s instead of every 5 s, on the loads that come and go: ${mean(found)} in the mean; ${found.map(besideSaid).join(', ')}.${rest.length === 0 ? '' : ` On the others: ${mean(rest)}.`}`,
  ];
};

/** Ours and each peer, run by run. A tie of lateness: 0.1 percentage points. */
const pairs = (rows: readonly Row[]): string => {
  const mine = rows.filter(isOurs(MAIN));
  const lines = (['defaults', 'tuned'] as const).flatMap((variant) =>
    peers.flatMap(({ name }): readonly (readonly string[])[] => {
      const theirs = rows.filter((row) => row.contestant === name && row.variant === variant);
      if (theirs.length === 0) return [];
      const late = paired(mine, theirs, 'over60', 0.001);
      const cost = paired(mine, theirs, 'taskSeconds');
      const worst = late.losses
        .slice(0, 3)
        .map(
          ({ trace, plant, ours, theirs: other }) =>
            `${where({ trace, plant })} (${percent(ours)}, ${percent(other)})`,
        );
      return [
        [
          variant === 'tuned' ? `${name}, tuned` : name,
          `${late.wins} / ${late.ties} / ${late.losses.length}`,
          late.p.toPrecision(2),
          `${cost.wins} / ${cost.ties} / ${cost.losses.length}`,
          cost.p.toPrecision(2),
          worst.join('; ') || 'none',
        ],
      ];
    }),
  );
  return table(
    [
      'ours and',
      'lateness: won / tied / lost',
      'p',
      'cost: won / tied / lost',
      'p',
      'the worst losses in lateness (ours, theirs)',
    ],
    lines,
  );
};

export const verdictLines = ({ rows }: Results): readonly string[] => [
  ...bar(rows, 'defaults', 0.7),
  ...bar(rows, 'tuned', 0.8),
  ...learning(rows),
  ...seldom(rows),
];

export const verdictSection = (results: Results): string =>
  [
    '## Does the bar hold?',
    verdictLines(results)
      .map((line) => `- ${line}`)
      .join('\n'),
    comparison(results.rows),
    '## Run by run',
    pairs(results.rows),
  ].join('\n\n');
