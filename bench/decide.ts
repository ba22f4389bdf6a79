/**
 * `npm run bench:decide`: how many decisions a second does one core make? Each policy with all guards, its memory carried from
 * tick to tick, once through `decide()` and once through the whole room (what came in checked, the log off).
 *
 * Absolute numbers on a shared machine are noise, so each stands beside what the same core does in the same run: JSON.parse
 * and stringify of the same sample, and `target` without any guard. The parts take turns, and the median of their rounds counts.
 */
import { parseArgs } from 'node:util';
import type { Circumstances } from '../lambdas/decide/decide.ts';
import { decide } from '../lambdas/decide/decide.ts';
import { toolsFor } from '../lambdas/tools.ts';
import { type Case, guardedCases, record } from './decide/cases.ts';
import { quantile, table } from './table.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write('npm run bench:decide -- [--rounds 20]\n');
  process.exit(0);
}
const rounds = Number(values.rounds);

/** What the default policy with all guards must reach on one core. */
const GOAL_PER_SECOND = 50_000;
/** Rounds that do not count: the compiler is still at it. */
const WARM_UP = 5;
/** How often the recorded hour is decided in a round. */
const PASSES = 5;
const SERVICES = 100;
const TICKS_OF_AN_EXECUTION = 12;

// Read when the handler is loaded, hence not a static import below.
process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
const { handler } = await import('../lambdas/decide/handler.ts');

const tools = await toolsFor([{ schedule: [] }]);
const bare = record(
  'target, no guards',
  { policy: { type: 'target', backlogPerTask: 30 }, cooldown: { in: 0 } },
  tools,
);
const cases = [bare, ...guardedCases(tools)];

/**
 * How many microseconds of the processor each of `count` took this thread. Not the clock's: on a shared machine that one also
 * counts those who were let go first.
 */
const timed = async (count: number, work: () => void | Promise<void>): Promise<number> => {
  const began = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / count;
};

const circumstancesOf = ({ ticks }: Case): readonly Circumstances[] =>
  ticks.map(({ at }) => ({ at, term: 1, disableScaleIn: false, tools }));

/** @throws Error where the same samples give another count than they gave when they were recorded */
const decideAll = ({ name, service, ticks }: Case, circumstances: readonly Circumstances[]): void => {
  let memory = {};
  ticks.forEach(({ readings, counts, to }, nth) => {
    const decided = decide({ service, readings, counts, memory }, circumstances[nth] as Circumstances);
    memory = decided.memory;
    if (decided.decision.to !== to)
      throw new Error(`${name}: ${decided.decision.to} in place of ${to} at tick ${nth}`);
  });
};

const copyAll = ({ service, ticks }: Case): void => {
  for (const { readings, counts, memory } of ticks)
    JSON.parse(JSON.stringify({ service, readings, counts, memory }));
};

/** A lane of a hundred such services, for one execution. */
const handleAll = async ({ service, ticks }: Case): Promise<void> => {
  const services = Array.from({ length: SERVICES }, (_, nth) => ({
    ...service,
    service: `${service.service}-${nth}`,
  }));
  let memory = {};
  let history = {};
  for (const { at, readings, counts } of ticks.slice(0, TICKS_OF_AN_EXECUTION)) {
    const samples = services.map((each) => ({ service: each, readings, counts }));
    const answer = await handler({ at, lane: 'bench', term: 1, samples, memory, history });
    ({ memory, history } = answer);
  }
};

const run = cases.map((each) => ({
  each,
  circumstances: circumstancesOf(each),
  decided: [] as number[],
  copied: [] as number[],
  handled: [] as number[],
}));
for (let round = -WARM_UP; round < rounds; round += 1) {
  process.stderr.write(round === -WARM_UP ? 'warming up …\n' : round === 0 ? 'measuring …\n' : '');
  for (const { each, circumstances, decided, copied, handled } of run) {
    const times = [
      await timed(PASSES * each.ticks.length, () => {
        for (let pass = 0; pass < PASSES; pass += 1) decideAll(each, circumstances);
      }),
      await timed(each.ticks.length, () => copyAll(each)),
      await timed(SERVICES * TICKS_OF_AN_EXECUTION, () => handleAll(each)),
    ] as const;
    if (round < 0) continue;
    decided.push(times[0]);
    copied.push(times[1]);
    handled.push(times[2]);
  }
}

const median = (times: readonly number[]): number => quantile(times, 0.5);
const perSecond = (microseconds: number): string => Math.round(1e6 / microseconds).toLocaleString('en');
const beside = (time: number, other: number): string => `${(time / other).toFixed(2)} ×`;
const base = median(run[0]?.decided ?? []);
const remembered = ({ ticks }: Case): number =>
  Math.max(...ticks.map(({ memory }) => JSON.stringify(memory).length));

const rows = run.map(({ each, decided, copied, handled }) => {
  const time = median(decided);
  return [
    each.name,
    perSecond(time),
    beside(time, median(copied)),
    beside(time, base),
    perSecond(median(handled)),
    beside(median(handled), median(copied)),
    String(remembered(each)),
  ];
});
const head = [
  'policy, all guards',
  'decisions/s',
  ': JSON of its sample',
  ': target, no guards',
  'through the handler, /s',
  ': JSON',
  'memory, characters',
];
process.stdout.write(
  `One core, median of ${rounds} rounds of ${PASSES} × ${bare.ticks.length} ticks\n\n${table(head, rows)}\n`,
);
const ours = run.find(({ each }) => each.name === 'queueDelay');
process.exit(ours === undefined || 1e6 / median(ours.decided) < GOAL_PER_SECOND ? 1 : 0);
