/** The main line beside other lines of ours: what it is worth to tell it the seconds of work, and to look every five seconds. */
import { where } from './bar.ts';
import { ratio } from './cells.ts';
import { EVERY_MINUTE, LEARNED, MAIN } from './entries.ts';
import type { Results } from './results.ts';
import type { Row } from './row.ts';
import { geometricMean, overSeeds } from './statistics.ts';

interface Beside {
  readonly where: string;
  /** Task-seconds ÷ those of the main line. */
  readonly cost: number;
  /** How much more of the messages are late, as a share. */
  readonly late: number;
}

const beside = (rows: readonly Row[], name: string): readonly Beside[] => {
  const main = overSeeds(rows.filter(({ contestant }) => contestant === MAIN));
  return overSeeds(rows.filter(({ contestant }) => contestant === name)).flatMap(
    (other): readonly Beside[] => {
      const mine = main.find(({ trace, plant }) => trace === other.trace && plant === other.plant);
      if (mine === undefined) return [];
      const cost = other.median.taskSeconds / Math.max(1, mine.median.taskSeconds);
      return [{ where: where(other), cost, late: other.mean.over60 - mine.mean.over60 }];
    },
  );
};

const points = (share: number): string =>
  `${share < 0 ? '−' : '+'}${(100 * Math.abs(share)).toFixed(2)} points late`;
const said = ({ where: place, cost, late }: Beside): string => `${place} (${ratio(cost)} ×, ${points(late)})`;
const listed = (found: readonly Beside[]): string =>
  found.length === 0 ? 'none' : `${found.length}: ${found.map(said).join(', ')}`;
const together = (found: readonly Beside[]): string => {
  const late = found.reduce((sum, each) => sum + each.late, 0) / found.length;
  return `${ratio(geometricMean(found.map(({ cost }) => cost)))} × the task-seconds, ${points(late)} in the mean`;
};

const MOST = 1.1;

const learning = (rows: readonly Row[]): readonly string[] => {
  const found = beside(rows, LEARNED);
  if (found.length === 0) return [];
  const mean = geometricMean(found.map(({ cost }) => cost));
  const later = found.filter(({ late }) => late > 0.001);
  const dearer = found.filter(({ cost }) => cost > MOST);
  const holds = mean <= MOST && later.length === 0;
  return [
    `Learning the seconds of work instead of being told: ${together(found)} (the bar is ${MOST.toFixed(2)} ×, as punctual): ${holds ? 'holds' : 'FALLS SHORT'}.`,
    `  - more than 10 % dearer: ${listed(dearer)}`,
    `  - later by more than 0.1 percentage points: ${listed(later)}`,
  ];
};

/** Loads that come and go within minutes: what looking every few seconds is for. */
const ON_OFF: ReadonlySet<string> = new Set([
  ...['azure-code', 'azure-code-long', 'functions', 'functions-sporadic'],
  ...['on-off', 'bursts', 'flash-crowd'],
]);

const seldom = (rows: readonly Row[]): readonly string[] => {
  const found = beside(
    rows.filter(({ trace }) => ON_OFF.has(trace)),
    EVERY_MINUTE,
  );
  const others = beside(
    rows.filter(({ trace }) => !ON_OFF.has(trace)),
    EVERY_MINUTE,
  );
  return [
    ...(found.length === 0
      ? []
      : [
          `A tick every 60 s instead of every 5 s, on loads that come and go: ${together(found)}.`,
          `  - ${listed(found)}`,
        ]),
    ...(others.length === 0
      ? []
      : [`A tick every 60 s instead of every 5 s, on the other loads: ${together(others)}.`]),
  ];
};

/** Lines of Markdown. */
export const besideLines = ({ rows }: Results): readonly string[] => [...learning(rows), ...seldom(rows)];
