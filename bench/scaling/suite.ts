/**
 * Runs a plan: load after load, so that each is made once per thread, and within a load everybody. The rows come in the order of the
 * plan, whoever was quicker.
 */
import type { Job } from './job.ts';
import { TARGET } from './load.ts';
import type { Parameters } from './peer.ts';
import type { Plan, Sweep } from './plan.ts';
import type { Pool } from './pool.ts';
import type { Progress } from './progress.ts';
import type { LoadRow, Results } from './results.ts';
import type { Row, Variant } from './row.ts';
import { traces } from './traces/registry.ts';
import { type Stored, sweep, trainingLoad } from './tuned.ts';

/** How a plant is called in tables. */
export const plantName = (startUp: number): string => `${startUp} s`;

interface Starter {
  readonly contestant: string;
  readonly variant: Variant;
  readonly job: Pick<Job, 'parameters' | 'interval' | 'own'>;
}

const startersOf = (plan: Plan, tuned: Readonly<Record<string, Parameters>>): readonly Starter[] => {
  const interval = plan.interval === undefined ? {} : { interval: plan.interval };
  const usual = (contestant: string, job: Starter['job'] = {}): Starter => ({
    ...{ contestant, variant: 'defaults', job },
  });
  return [
    ...(plan.own === undefined ? [] : [usual(plan.own.name, { own: plan.own.own, ...interval })]),
    ...plan.entries.map(({ name }) => usual(name, interval)),
    ...plan.peers.map(({ name }) => usual(name)),
    ...Object.entries(tuned).map(
      ([contestant, parameters]): Starter => ({ contestant, variant: 'tuned', job: { parameters } }),
    ),
    ...plan.bounds.map(({ name }) => usual(name)),
  ];
};

/** What is stored for each start-up and peer; undefined: something is missing. */
const storedFor = (plan: Plan, trace: string, stored: Stored): Stored[string] | undefined => {
  const found = plan.startUps.map((startUp) => {
    const known = stored[trace]?.[plantName(startUp)] ?? {};
    const ofPeers = plan.peers.flatMap(({ name }) => {
      const parameters = known[name];
      return parameters === undefined ? [] : [[name, parameters] as const];
    });
    return [plantName(startUp), Object.fromEntries(ofPeers)] as const;
  });
  const isWhole = found.every(([, known]) => Object.keys(known).length === plan.peers.length);
  return isWhole ? Object.fromEntries(found) : undefined;
};

/** Tuned parameters of every peer on one trace, by start-up: a sweep on its training part. Nothing where its file is not there. */
const sweptOn = async (
  { peers, startUps }: Plan,
  how: Sweep,
  { trace, meanWork }: LoadRow,
  { pool, progress }: Equipment,
): Promise<Stored[string]> => {
  const load = await trainingLoad(pool, trace, meanWork, how.cut);
  if (load === undefined) return {};
  const all: [string, Readonly<Record<string, Parameters>>][] = [];
  for (const startUp of startUps) {
    const found = await Promise.all(
      peers.map(async (peer) => {
        const parameters = await sweep(pool, peer, load, startUp, meanWork, how);
        progress.isSwept(trace);
        return [peer.name, parameters] as const;
      }),
    );
    all.push([plantName(startUp), Object.fromEntries(found)]);
  }
  return Object.fromEntries(all);
};

export interface Equipment {
  readonly pool: Pool;
  readonly progress: Progress;
}

const rowsOn = async (
  plan: Plan,
  load: Plan['loads'][number],
  tuned: Stored[string],
  { pool, progress }: Equipment,
): Promise<readonly Row[]> => {
  const runs: Promise<Row>[] = [];
  for (let seed = 1; seed <= plan.seeds; seed += 1) {
    for (const startUp of plan.startUps) {
      const plant = plantName(startUp);
      for (const { contestant, variant, job } of startersOf(plan, tuned?.[plant] ?? {})) {
        const run = pool
          .run({ load: { ...load, seed }, startUp, contestant, ...job })
          .then((figures): Row => {
            progress.isRun(load.trace);
            return { trace: load.trace, plant, contestant, variant, seed, figures };
          });
        runs.push(run);
      }
    }
  }
  return await Promise.all(runs);
};

const rulesOf = ({ own, entries, peers, bounds }: Plan): Results['rules'] =>
  Object.fromEntries([
    ...(own === undefined ? [] : [[own.name, 'as configured'] as const]),
    ...[...entries, ...peers, ...bounds].map(({ name, rule }) => [name, rule] as const),
  ]);

const described = async (plan: Plan, pool: Pool): Promise<readonly (LoadRow | string)[]> =>
  await Promise.all(
    plan.loads.map(async (load): Promise<LoadRow | string> => {
      const facts = await pool.describe({ ...load, seed: 1 });
      if (facts === undefined) return load.trace;
      const kind = traces.find(({ name }) => name === load.trace);
      const { about = "a file of one's own", split = '' } = kind ?? {};
      const cut = load.cut !== undefined && load.cut === facts.seconds ? { cut: load.cut } : {};
      return { trace: load.trace, about, split, recorded: kind?.file !== undefined, ...facts, ...cut };
    }),
  );

/** @param stored parameters from before */
export const runPlan = async (plan: Plan, stored: Stored, equipment: Equipment): Promise<Results> => {
  const { pool, progress } = equipment;
  const found = await described(plan, pool);
  const present = found.filter((each) => typeof each !== 'string');
  progress.begin(plan, present);
  const tuned: Record<string, NonNullable<Stored[string]>> = {};
  const sweptHere: string[] = [];
  const rows: Row[] = [];
  for (const load of plan.loads) {
    const facts = present.find(({ trace }) => trace === load.trace);
    if (facts === undefined) continue;
    const known = plan.sweep?.again ? undefined : storedFor(plan, load.trace, stored);
    if (plan.sweep !== undefined) {
      tuned[load.trace] = known ?? (await sweptOn(plan, plan.sweep, facts, equipment)) ?? {};
      if (known === undefined) sweptHere.push(load.trace);
    }
    if (!plan.sweep?.only) rows.push(...(await rowsOn(plan, load, tuned[load.trace] ?? {}, equipment)));
  }
  return {
    ...{ name: plan.name, target: TARGET, seeds: plan.seeds },
    ...(plan.interval === undefined ? {} : { interval: plan.interval }),
    ...{ loads: present, absent: found.filter((each) => typeof each === 'string') },
    ...{ rules: rulesOf(plan), tuned, sweptHere, rows },
  };
};
