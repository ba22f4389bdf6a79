/**
 * queueDelay against the formula that it began with and the peers' rules, message by message: task-seconds as a multiple of
 * what a clairvoyant would have paid, and the share of messages that waited longer than the target.
 *
 *     node bench/queue-delay.ts [--traces FOLDER] [--target 60] [--hours 3] [--only NAME]
 *
 * The recorded loads are read from the folder of traces (default: ../shared/traces, or TRACES). Where a file is absent its row is left
 * out. They are public: twitter and nasa per second from github.com/reconfigurable-ml-pipeline/web-service-datasets, the Azure ones
 * from github.com/Azure/AzurePublicDataset (data/AzureLLMInferenceTrace_{code,conv}.csv, time and two counts of tokens per
 * request), jobs from github.com/alibaba/clusterdata (cluster-trace-v2026-GenAI).
 */
import { parseArgs } from 'node:util';
import { lognormal, randomFrom } from '../local/simulation/random.ts';
import { type BenchLoad, invented, recorded } from './queue-delay/loads.ts';
import { formula, hpa, ours, panic, withRates } from './queue-delay/rules.ts';
import { type Rule, run } from './queue-delay/simulation.ts';
import { table } from './table.ts';

const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: process.env['TRACES'] ?? '../shared/traces' },
    target: { type: 'string', default: '60' },
    hours: { type: 'string', default: '3' },
    only: { type: 'string' },
    'start-up': { type: 'string', default: '30,57' },
    blurred: { type: 'boolean', default: false },
  },
});
const target = Number(values.target);

/** What is needed at each second by the mean of the minute around it. */
const clairvoyant = ({ messages, seconds }: BenchLoad): number => {
  const totals = [0];
  for (const each of messages) totals.push((totals.at(-1) ?? 0) + each.length);
  const until = (t: number): number => totals[Math.max(0, Math.min(messages.length, t))] ?? 0;
  return messages.reduce((sum, _, t) => {
    const [from, to] = [Math.max(0, t - 30), Math.min(messages.length, t + 30)];
    return sum + Math.ceil(((until(to) - until(from)) / (to - from)) * seconds - 1e-9);
  }, 0);
};

type Contestant = readonly [name: string, rule: (load: BenchLoad, startUp: number) => Rule];

const contestants: readonly Contestant[] = [
  ['queueDelay', () => ours({ target })],
  ['queueDelay, told', ({ seconds }, startDelay) => ours({ target, secondsPerMessage: seconds, startDelay })],
  ['queueDelay, rates', () => ours({ target }, withRates)],
  ['§7', ({ seconds }, startUp) => formula({ target, secondsPerMessage: seconds, startUp })],
  // Users of the peers set what a task may have: here what it finishes in a quarter of the target, or one message.
  ['panic 70 %', ({ seconds }) => panic({ perTask: Math.max(1, (0.7 * target) / 4 / seconds) })],
  ['panic 1 each', () => panic({ perTask: 0.7 })],
  ['hpa', ({ seconds }) => hpa({ perTask: Math.max(1, target / 4 / seconds) })],
];

const percent = (share: number): string => (share === 0 ? '0' : `${(100 * share).toPrecision(2)} %`);

const cell = (
  load: BenchLoad,
  [, ruleFor]: Contestant,
  startUp: number,
): { readonly text: string; readonly cost: number; readonly late: number } => {
  const random = randomFrom(5);
  const noise = randomFrom(6);
  const blur = (count: number): number => count * (0.9 + 0.2 * noise());
  const { waits, taskSeconds, left } = run(ruleFor(load, startUp), {
    ...{ messages: load.messages, interval: 5, startUp: () => lognormal(random, startUp, 0.1) },
    ...(values.blurred ? { blur, lag: 1 } : {}),
  });
  const late = (waits.filter((wait) => wait > target).length + left) / (waits.length + left);
  const cost = taskSeconds / clairvoyant(load);
  return { text: `${cost.toFixed(2)} / ${percent(late)}`, cost, late };
};

const loads = [...recorded(values.traces, Number(values.hours)), ...invented()].filter(
  ({ name }) => values.only === undefined || name.includes(values.only),
);
for (const startUp of values['start-up'].split(',').map(Number)) {
  process.stdout.write(`\nStart-up ${startUp} s, target ${target} s: cost / late\n\n`);
  const results = loads.map((load) => ({
    load,
    cells: contestants.map((each) => cell(load, each, startUp)),
  }));
  const means = contestants.map((_, nth) =>
    Math.exp(
      results.reduce((sum, { cells }) => sum + Math.log(cells[nth]?.cost ?? 1), 0) / results.length,
    ).toFixed(2),
  );
  process.stdout.write(
    `${table(
      ['load', ...contestants.map(([name]) => name)],
      [
        ...results.map(({ load, cells }) => [load.name, ...cells.map(({ text }) => text)]),
        ['geometric mean', ...means],
      ],
    )}\n`,
  );
}
