/** What tuning found, for people: the YAML to paste, the runners-up, the front, and its plot. */
import { stringify } from 'yaml';
import { percent as share } from '../../plots/axis.ts';
import type { Dot } from '../../plots/field.ts';
import { scatterPlot } from '../../plots/scatter.ts';
import { columns, percent } from '../summary.ts';
import type { Tried, Tuned } from './tune.ts';

/** So many of either list are shown. */
const SHOWN = 5;

const row = ({ candidate, late, taskSeconds, cost, p99Wait }: Tried): readonly string[] => [
  candidate.said === '' ? 'as configured' : candidate.said,
  percent(late),
  `${Number(p99Wait.toPrecision(3))} s`,
  Math.round(taskSeconds).toLocaleString('en'),
  cost.toFixed(2),
];

const rows = (target: number, tried: readonly Tried[]): readonly string[] =>
  columns([['', `over ${target} s`, 'p99 wait', 'task-seconds', '÷ the optimum'], ...tried.map(row)]);

/** What differs from the file, as it can be pasted into the service. */
export const pasted = ({ configured, best }: Tuned): string => {
  const changed = ['policy', 'policies', 'cooldown'].filter(
    (key) => JSON.stringify(best.candidate.raw[key]) !== JSON.stringify(configured.candidate.raw[key]),
  );
  return changed
    .map((key) =>
      stringify({ [key]: best.candidate.raw[key] }, { lineWidth: 0, flowCollectionPadding: true }),
    )
    .join('');
};

const verdict = ({ isMet, best, configured, all }: Tuned, target: number, allowed: number): string => {
  const what = `at most ${share(allowed)} of the messages over ${target} s`;
  if (!isMet)
    return `None of ${all.length} keeps ${what}; the nearest is ${percent(best.late)}. A longer --target, more tasks (tasks.max), or a floor for the rush (tasks.min, schedule) would help.`;
  if (best === configured)
    return `Of ${all.length} that were tried the configuration as it is is the cheapest with ${what}.`;
  const saved = 1 - best.taskSeconds / configured.taskSeconds;
  const than =
    configured.late > allowed
      ? `the configuration as it is has ${percent(configured.late)}`
      : `${percent(saved)} cheaper than the configuration as it is`;
  return `The cheapest of ${all.length} with ${what}: ${than}.`;
};

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

export const tunedReport = (key: string, tuned: Tuned, target: number, allowed: number): string => {
  const { best, configured, all, front } = tuned;
  const runnersUp = all.filter((tried) => tried !== best && tried !== configured).slice(0, SHOWN);
  const step = Math.max(1, (front.length - 1) / (2 * SHOWN - 1));
  const some = front.filter((_, nth) => Math.floor(nth / step) !== Math.floor((nth - 1) / step));
  const yaml = pasted(tuned);
  return [
    `${key}: ${verdict(tuned, target, allowed)}`,
    '',
    ...(yaml === '' ? [] : [indented(yaml)]),
    indented(rows(target, [best, ...(best === configured ? [] : [configured])]).join('\n')),
    '',
    '  Runners-up',
    indented(rows(target, runnersUp).join('\n')),
    '',
    `  What punctuality costs (Pareto front${some.length < front.length ? `, ${some.length} of ${front.length}` : ''})`,
    indented(rows(target, some).join('\n')),
    '',
  ].join('\n');
};

export const tunedPlot = (key: string, tuned: Tuned, target: number, allowed: number): string => {
  const { best, configured, all, front } = tuned;
  const kindOf = (tried: Tried): Dot['kind'] =>
    tried === best ? 'best' : tried === configured ? 'mine' : front.includes(tried) ? 'tuned' : 'default';
  const dots = all.map((tried): Dot => {
    const kind = kindOf(tried);
    const label = kind === 'best' ? 'best' : kind === 'mine' ? 'as configured' : undefined;
    const said = row(tried).join(' · ');
    return {
      ...{ cost: tried.cost, late: tried.late, kind, said },
      ...(label === undefined ? {} : { label }),
    };
  });
  return scatterPlot({
    title: `${key}: what punctuality costs`,
    told: `${all.length} configurations; the best: ${row(best).join(', ')}`,
    ...{
      cost: 'task-seconds ÷ the optimum’s',
      late: `messages that waited longer than ${target} s`,
      allowed,
    },
    kinds: { mine: 'as configured', best: 'the best', tuned: 'nobody beats it in both', default: 'tried' },
    fields: [{ dots, front }],
  });
};
