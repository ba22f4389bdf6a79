/** The figures of a replay for people, beside those of the log. */
import type { Case } from './loads.ts';
import type { Measured, Replayed } from './replayed.ts';

const rounded = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6 });

export const percent = (share: number): string => `${share === 0 ? '0' : rounded(share * 100)} %`;

export const span = (seconds: number): string => {
  const [days, hours, minutes] = [seconds / 86_400, (seconds % 86_400) / 3600, (seconds % 3600) / 60].map(
    Math.floor,
  );
  if (seconds < 180) return `${Math.round(seconds)} s`;
  return [
    ...(days ? [`${days} d`] : []),
    ...(hours ? [`${hours} h`] : []),
    ...(minutes ? [`${minutes} min`] : []),
  ].join(' ');
};

const highest = (counts: ArrayLike<number>): number => {
  let most = 0;
  for (let t = 0; t < counts.length; t += 1) most = Math.max(most, counts[t] ?? 0);
  return most;
};

/** Name and value of each figure. */
const figures = ({ figures: found, simulated: { actions, desired, left } }: Measured, target: number) => {
  const out = actions.filter(({ from, to }) => to > from).length;
  return [
    [`waited over ${rounded(target)} s`, percent(found.overTarget)],
    ['p99 wait', `${rounded(found.p99Wait)} s`],
    ['longest wait', `${rounded(found.maxWait)} s`],
    ['task-seconds', Math.round(found.taskSeconds).toLocaleString('en')],
    ['÷ the optimum', rounded(found.costRatio)],
    ['dollars', found.dollars.toFixed(found.dollars < 1 ? 4 : 2)],
    ['scale-outs, -ins', `${out}, ${actions.length - out}`],
    ['highest count', String(highest(desired))],
    ['unfinished', left.toLocaleString('en')],
  ] as const;
};

/** Dollars are of the smallest Fargate task; a bigger one costs so many times as much. */
const DOLLARS = 'dollars: tasks of 0.25 vCPU and 0.5 GB on Fargate, arm64, us-east-1, on demand';

export const columns = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = rows[0]?.map((_, nth) => Math.max(...rows.map((row) => row[nth]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, nth) => (nth === 0 ? cell.padEnd(widths[nth] ?? 0) : cell.padStart(widths[nth] ?? 0)))
      .join('   '),
  );
};

/** Whose figures stand beside those of the configuration. */
export interface Other {
  readonly name: string;
  readonly run: Measured;
}

export interface Shown {
  readonly asked: Case;
  readonly name: string;
  readonly config: Replayed;
  readonly others: readonly Other[];
  readonly target: number;
}

/** How this loop was watched, and the table. */
export const summary = ({ asked, name, config, others, target }: Shown): string => {
  const { key, trace, plant, said, logged } = asked;
  const runs = [config, ...others.map(({ run }) => run)].map((run) => figures(run, target));
  const rows = runs[0]?.map(([figure], nth) => [figure, ...runs.map((run) => run[nth]?.[1] ?? '')]) ?? [];
  const notes = [
    ...said,
    `a task takes about ${plant.startUp} s to start`,
    ...(logged === undefined ? [] : ['the waits of the log are worked out from its backlog']),
    ...(config.unknown === undefined
      ? []
      : [`at ${config.unknown.ticks} ticks something was unknown: ${config.unknown.why}`]),
    DOLLARS,
  ];
  const head = ['', name, ...others.map((other) => other.name)];
  return [
    `${key}: ${trace.arrivals.length.toLocaleString('en')} messages in ${span(trace.seconds)}`,
    ...notes.map((note) => `  ${note}`),
    '',
    ...columns([head, ...rows]).map((row) => `  ${row}`.trimEnd()),
    '',
  ].join('\n');
};
