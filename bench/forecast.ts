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
 * Messages that wait longer than 30 s, task-seconds as a multiple of what the load keeps busy, and the share of the ticks at which the
 * forecast raised the answer and at which it was in use. Tasks take 60 s to start:
 *
 * | load               | late % | cost  | seasonal: late % | cost  | raised/used % | smoothing: late % | cost  | raised/used % |
 * |--------------------|--------|-------|------------------|-------|---------------|-------------------|-------|---------------|
 * | worldcup98, day 40 | 0.00   | 1.115 | 0.00             | 1.139 | 13/70         | 0.00              | 1.115 | 6/100         |
 * | worldcup98, day 56 | 0.00   | 1.102 | 0.00             | 1.118 | 8/61          | 0.00              | 1.109 | 5/100         |
 * | wikipedia          | 0.00   | 1.083 | 0.00             | 1.098 | 9/100         | 0.00              | 1.083 | 1/100         |
 * | office hours       | 0.16   | 1.172 | 0.02             | 1.184 | 8/84          | 0.16              | 1.267 | 6/98          |
 * | hourly batch       | 5.27   | 1.546 | 0.34             | 1.380 | 11/98         | 5.27              | 1.578 | 4/74          |
 * | batch every 4 h    | 2.10   | 1.269 | 0.31             | 1.304 | 15/96         | 2.08              | 1.284 | 9/93          |
 * | wave               | 0.00   | 1.157 | 0.00             | 1.162 | 20/100        | 0.00              | 1.174 | 11/99         |
 * | random             | 0.90   | 1.933 | 0.19             | 1.797 | 32/100        | 0.55              | 1.879 | 15/62         |
 * | random, season 1 h | 0.86   | 1.924 | 0.24             | 1.807 | 23/99         | 0.57              | 1.876 | 14/62         |
 *
 * Tasks take 120 s to start:
 *
 * | load               | late % | cost  | seasonal: late % | cost  | raised/used % | smoothing: late % | cost  | raised/used % |
 * |--------------------|--------|-------|------------------|-------|---------------|-------------------|-------|---------------|
 * | worldcup98, day 40 | 0.00   | 1.188 | 0.00             | 1.209 | 13/69         | 0.00              | 1.234 | 7/96          |
 * | worldcup98, day 56 | 0.00   | 1.195 | 0.00             | 1.197 | 8/61          | 0.00              | 1.196 | 6/98          |
 * | wikipedia          | 0.00   | 1.089 | 0.00             | 1.102 | 8/100         | 0.00              | 1.092 | 2/100         |
 * | office hours       | 0.30   | 1.434 | 0.05             | 1.383 | 8/84          | 0.30              | 1.521 | 3/86          |
 * | hourly batch       | 9.98   | 1.837 | 0.70             | 1.723 | 12/100        | 9.98              | 1.856 | 2/43          |
 * | batch every 4 h    | 4.81   | 1.333 | 1.03             | 1.425 | 15/96         | 4.81              | 1.346 | 8/86          |
 * | wave               | 0.00   | 1.537 | 0.00             | 1.435 | 22/100        | 0.00              | 1.603 | 9/75          |
 * | random             | 1.55   | 3.322 | 0.32             | 3.019 | 30/100        | 1.54              | 3.302 | 1/8           |
 * | random, season 1 h | 1.56   | 3.314 | 0.55             | 3.059 | 19/99         | 1.56              | 3.295 | 1/9           |
 *
 * Tasks take 300 s to start, ten times the target, which queueDelay says it can't hold:
 *
 * | load               | late % | cost  | seasonal: late % | cost  | raised/used % | smoothing: late % | cost  | raised/used % |
 * |--------------------|--------|-------|------------------|-------|---------------|-------------------|-------|---------------|
 * | worldcup98, day 40 | 0.33   | 1.480 | 0.26             | 1.438 | 12/69         | 0.32              | 1.452 | 8/82          |
 * | worldcup98, day 56 | 0.45   | 1.299 | 0.38             | 1.301 | 7/62          | 0.41              | 1.309 | 9/94          |
 * | wikipedia          | 0.00   | 1.103 | 0.00             | 1.100 | 6/100         | 0.00              | 1.109 | 5/100         |
 * | office hours       | 0.93   | 1.933 | 0.35             | 1.838 | 6/82          | 1.03              | 1.892 | 2/73          |
 * | hourly batch       | 27.98  | 2.340 | 3.39             | 2.327 | 20/98         | 27.98             | 2.340 | 0/0           |
 * | batch every 4 h    | 13.65  | 1.622 | 10.24            | 1.607 | 11/96         | 13.77             | 1.590 | 12/62         |
 * | wave               | 0.19   | 2.697 | 0.01             | 2.409 | 19/100        | 0.10              | 2.648 | 4/34          |
 * | random             | 7.17   | 5.204 | 3.27             | 5.064 | 11/100        | 7.37              | 5.231 | 0/0           |
 * | random, season 1 h | 7.09   | 5.138 | 1.82             | 4.226 | 40/92         | 7.09              | 5.138 | 0/0           |
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
