/**
 * `node bench/forecast.ts`: what is a forecast worth under queueDelay? Fourteen days of each load in virtual time, once without
 * and once with each method; the first two days (or two seasons) are for learning and don't count. The real decisions, with
 * the guards as they are by default; queue and tasks as a fluid, since a day of messages one by one would take minutes.
 *
 * The recorded loads are not part of the project: `--traces FOLDER` says where `worldcup98_permin.csv` (minute, requests) and
 * `wikipedia_hourly_2008_2013.csv` (hour, requests) are; by default the shared folder beside the repository. Where they come
 * from: the World Cup's from github.com/nimamahmoudi/worldcup98-dataset (`invocation_count.csv`, its periods summed), Wikipedia's
 * from github.com/ahmedaley/SpotWeb (`data/AggReq.out`). Without them only the made loads are played.
 *
 * STUB NUMBERS
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { anySource, serviceSchema } from '../lambdas/contract/config.ts';
import type { ServiceMemory } from '../lambdas/contract/records.ts';
import { decide } from '../lambdas/decide/decide.ts';
import { toolsFor } from '../lambdas/tools.ts';
import { type DailyLoad, loads } from './forecast/loads.ts';
import { table } from './table.ts';

const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: join(import.meta.dirname, '../../shared/traces') },
    'start-up': { type: 'string', default: '60,120,300' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write('node bench/forecast.ts [--traces FOLDER] [--start-up 60,120,300] [--only NAME]\n');
  process.exit(0);
}

const INTERVAL = 15;
const TARGET = 30;
const SECONDS_PER_MESSAGE = 2;
/** Tasks that are busy on average. */
const BUSY = 20;
const MOST = 10 * BUSY;
const BEGIN = Date.parse('2026-11-02T00:00:00.000Z');

const tools = await toolsFor([]);
const parser = serviceSchema(anySource);

/** Tasks that are asked for and will run at a moment. */
interface Starting {
  readonly at: number;
  readonly count: number;
}

const pendingOf = (starting: readonly Starting[]): number =>
  starting.reduce((sum, { count }) => sum + count, 0);

/** Without so many, the youngest first. */
const without = (starting: readonly Starting[], fewer: number): readonly Starting[] => {
  const youngest = starting.at(-1);
  if (youngest === undefined || fewer <= 0) return starting;
  const rest = starting.slice(0, -1);
  if (youngest.count > fewer) return [...rest, { ...youngest, count: youngest.count - fewer }];
  return without(rest, fewer - youngest.count);
};

interface Ran {
  /** Per cent of the messages that waited longer than the target. */
  readonly late: number;
  /** Task-seconds asked for, as a multiple of what the load keeps busy. */
  readonly cost: number;
  /** Per cent of the ticks at which the forecast raised the answer, and at which it was in use. */
  readonly raised: number;
  readonly used: number;
}

const run = ({ perMinute, season }: DailyLoad, startUp: number, method: string | undefined): Ran => {
  const forecasts = method === undefined ? [] : [{ type: 'forecast', method, season, horizon: startUp }];
  const service = parser.parse({
    ...{ cluster: 'bench', service: 'worker', source: { type: 'sqs' }, tasks: { min: 1, max: MOST } },
    policies: [{ type: 'queueDelay', target: TARGET }, ...forecasts],
  });
  const mean = perMinute.reduce((sum, each) => sum + each, 0) / perMinute.length;
  const scale = BUSY / SECONDS_PER_MESSAGE / mean;
  const from = 2 * Math.max(season, 86_400);
  let memory: ServiceMemory = {};
  let starting: readonly Starting[] = [];
  let [inSystem, running] = [0, BUSY];
  let [late, arrived, cost, raised, used, ticks] = [0, 0, 0, 0, 0, 0];

  const tick = (t: number): void => {
    const pending = pendingOf(starting);
    const inFlight = Math.min(running, inSystem);
    const waiting = Math.round(inSystem - inFlight);
    const { decision, memory: next } = decide(
      {
        ...{ service, memory, readings: [{ known: true, visible: waiting, inFlight: Math.round(inFlight) }] },
        counts: { desired: running + pending, running, pending, deploying: false },
      },
      { at: new Date(BEGIN + t * 1000).toISOString(), term: 1, disableScaleIn: false, tools },
    );
    memory = JSON.parse(JSON.stringify(next));
    const more = decision.to - decision.from;
    if (more > 0) starting = [...starting, { at: t + startUp, count: more }];
    if (more < 0) {
      starting = without(starting, -more);
      running = Math.min(running, decision.to);
    }
    const floor = decision.reasons.find(({ by }) => by === 'forecast');
    if (t < from || floor === undefined) return;
    ticks += 1;
    if (floor.said > (decision.reasons[0]?.said ?? 0)) raised += 1;
    if (!/^(learning|not used)/.test(floor.why)) used += 1;
  };

  for (let t = 0; t < perMinute.length * 60; t += 1) {
    running += pendingOf(starting.filter(({ at }) => at <= t));
    starting = starting.filter(({ at }) => at > t);
    if (t % INTERVAL === 0) tick(t);
    const arrives = (perMinute[Math.floor(t / 60)] ?? 0) * scale;
    inSystem += arrives - Math.min(inSystem, running) / SECONDS_PER_MESSAGE;
    if (t < from) continue;
    arrived += arrives;
    if (inSystem - running > (TARGET * running) / SECONDS_PER_MESSAGE) late += arrives;
    cost += running + pendingOf(starting);
  }
  const share = (count: number, of: number): number => (100 * count) / Math.max(1, of);
  return {
    late: share(late, arrived),
    cost: cost / (arrived * SECONDS_PER_MESSAGE),
    raised: share(raised, ticks),
    used: share(used, ticks),
  };
};

const HEAD = ['late %', 'cost'];
const head = [
  'load',
  ...HEAD,
  'seasonal: late %',
  'cost',
  'raised/used %',
  'smoothing: late %',
  'cost',
  'raised/used %',
];

for (const startUp of values['start-up'].split(',').map(Number)) {
  const rows = loads(values.traces)
    .filter(({ name }) => name.includes(values.only))
    .map((load) => {
      const cells = [undefined, 'seasonal', 'smoothing'].flatMap((method) => {
        const { late, cost, raised, used } = run(load, startUp, method);
        const numbers = [late.toFixed(2), cost.toFixed(3)];
        return method === undefined ? numbers : [...numbers, `${raised.toFixed(0)}/${used.toFixed(0)}`];
      });
      return [load.name, ...cells];
    });
  process.stdout.write(`\nTasks take ${startUp} s to start\n${table(head, rows)}\n`);
}
