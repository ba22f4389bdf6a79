/**
 * `npm run bench:loop`: how fast is the loop, and what does a tick cost? Bursts at random moments of the interval against the
 * local runner, from the first message to the accepted UpdateService; the work of a tick; its calls; the bundles.
 *
 * Absolute times on a shared machine are noise, so each stands beside something of the same run: half the interval, which
 * no poller can beat in the median, or a process that loads nothing.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sourceSchema } from '../lambdas/collect/sources/registry.ts';
import { parseConfig } from '../lambdas/contract/parse.ts';
import { type RunningLoop, startRunner } from '../local/runner.ts';
import { bundleRows } from './bundles.ts';
import { quantile, table } from './table.ts';

const { values } = parseArgs({
  options: {
    bursts: { type: 'string', default: '20' },
    interval: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write('npm run bench:loop -- [--bursts 20] [--interval 5] [--seed 1]\n');
  process.exit(0);
}
const bursts = Number(values.bursts);
const interval = Number(values.interval);

const config = parseConfig(
  {
    loop: { name: 'bench', interval },
    services: [
      {
        cluster: 'bench',
        service: 'worker',
        tasks: { min: 0, max: 20 },
        source: { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/1/bench' },
        policy: { type: 'target', backlogPerTask: 5 },
        cooldown: { in: 0 },
      },
    ],
  },
  sourceSchema,
);

const progress = (text: string): void => {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
};

/** Moments spread over the interval, one in each of `bursts` equal parts of it, in a shuffled order. */
const moments = (count: number, seed: number): readonly number[] => {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, (_, part) => ((part + random()) / count) * interval)
    .map((moment) => [random(), moment] as const)
    .sort(([a], [b]) => a - b)
    .map(([, moment]) => moment);
};

interface Watch {
  readonly work: number[];
  quietTicks: number;
  onOut: (() => void) | undefined;
  idle: boolean;
}

const watch = (runner: RunningLoop): Watch => {
  const seen: Watch = { work: [], quietTicks: 0, onOut: undefined, idle: true };
  runner.subscribe((event) => {
    if (event.kind === 'decision') {
      if (event.direction === 'hold') seen.work.push(Date.now() - Date.parse(event.at));
      if (event.direction === 'hold') seen.quietTicks += 1;
    }
    if (event.kind === 'outcome') {
      seen.work.push(Date.now() - Date.parse(event.at));
      if (event.applied && event.direction === 'out') seen.onOut?.();
    }
    if (event.kind === 'world')
      seen.idle = event.desired === 0 && event.backlog === 0 && event.inFlight === 0;
  });
  return seen;
};

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(20);
};

/** Sends one burst at this moment of the interval and times it to the accepted scale-out, in seconds. */
const timeBurst = async (runner: RunningLoop, seen: Watch, moment: number): Promise<number> => {
  await until(() => seen.idle);
  await sleep(((((moment - Date.now() / 1000) % interval) + interval) % interval) * 1000);
  const began = performance.now();
  const accepted = new Promise<number>((resolve) => {
    seen.onOut = () => resolve(performance.now());
  });
  await runner.actions.burst(40);
  const ended = await accepted;
  seen.onOut = undefined;
  seen.idle = false;
  return (ended - began) / 1000;
};

const runner = await startRunner({
  config,
  env: { ...process.env, DISABLE_SCALE_IN: 'no' },
  aws: false,
  demo: { seed: Number(values.seed), startUpSeconds: 0.5, workSeconds: 0.02 },
  log: process.stderr,
});
const seen = watch(runner);
runner.begin();

await until(() => seen.quietTicks >= 2);
const before = new Map(runner.calls);
const ticksBefore = seen.quietTicks;
progress('counting the calls of quiet ticks …');
await until(() => seen.quietTicks >= ticksBefore + 4);
const quiet = [...runner.calls]
  .map(([api, calls]) => [api, (calls - (before.get(api) ?? 0)) / 4] as const)
  .filter(([, calls]) => calls > 0);

const latencies: number[] = [];
for (const moment of moments(bursts, Number(values.seed))) {
  progress(`burst ${latencies.length + 1} of ${bursts} …`);
  latencies.push(await timeBurst(runner, seen, moment));
}
progress('');
await runner.stop();

const p50 = quantile(latencies, 0.5);
const seconds = (value: number): string => `${value.toFixed(2)} s`;
const ms = (value: number): string => `${value.toFixed(0)} ms`;
process.stdout.write(
  [
    `${bursts} bursts at moments spread over an interval of ${interval} s, first message → accepted UpdateService`,
    table(
      ['', 'p50', 'p99', 'beside'],
      [
        [
          'burst → UpdateService',
          seconds(p50),
          seconds(quantile(latencies, 0.99)),
          `p50 is ${(p50 / (interval / 2)).toFixed(2)} × interval / 2 (${interval / 2} s), ${(p50 - interval / 2).toFixed(2)} s more`,
        ],
        [
          'work of a tick',
          ms(quantile(seen.work, 0.5)),
          ms(quantile(seen.work, 0.99)),
          `${((100 * quantile(seen.work, 0.5)) / (interval * 1000)).toFixed(1)} % of the interval`,
        ],
      ],
    ),
    'AWS calls of a tick of one service in which nothing changes',
    table(
      ['API', 'calls a tick'],
      [
        ...quiet.map(([api, calls]) => [api, calls.toFixed(2)]),
        ['all', quiet.reduce((sum, [, calls]) => sum + calls, 0).toFixed(2)],
      ],
    ),
    'Bundles (each loaded in fresh processes)',
    table(['bundle', 'size', 'time to load', 'beside'], bundleRows()),
    '',
  ].join('\n\n'),
);
process.exit(p50 <= interval / 2 + 0.5 ? 0 : 1);
