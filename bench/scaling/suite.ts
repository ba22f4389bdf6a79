/**
 * Runs a plan: load after load, so that each is made once per thread, and within a load everybody. The rows come in the order of the
 * plan, whoever was quicker.
 */
import type { Job } from './job.ts';
import { TARGET } from './load.ts';
import type { Parameters } from './peer.ts';
import type { Plan } from './plan.ts';
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

/** Tuned parameters of every peer on one trace, by start-up: stored ones where the plan takes them. */
const tunedOn = async (
  plan: Plan,
  { trace, meanWork }: LoadRow,
  stored: Stored,
  { pool, progress }: Equipment,
): Promise<Stored[string]> => {
  const how = plan.sweep;
  if (how === undefined) return {};
  const knownOn = (plant: string) => (how.again ? {} : (stored[trace]?.[plant] ?? {}));
  const isKnown = plan.startUps.every((startUp) =>
    plan.peers.every(({ name }) => knownOn(plantName(startUp))[name] !== undefined),
  );
  const load = isKnown ? undefined : await trainingLoad(pool, trace, meanWork, how.cut);
  const all: Record<string, Record<string, Parameters>> = {};
  for (const startUp of plan.startUps) {
    const known = knownOn(plantName(startUp));
    const found = await Promise.all(
      plan.peers.map(async (peer): Promise<readonly [string, Parameters] | undefined> => {
        const parameters =
          known[peer.name] ?? (load && (await sweep(pool, peer, load, startUp, meanWork, how)));
        progress.isSwept(trace);
        return parameters && [peer.name, parameters];
      }),
    );
    all[plantName(startUp)] = Object.fromEntries(found.filter((each) => each !== undefined));
  }
  return all;
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
      return { trace: load.trace, about, split, ...facts, ...cut };
    }),
  );

/** @param stored parameters from before */
export const runPlan = async (plan: Plan, stored: Stored, equipment: Equipment): Promise<Results> => {
  const { pool, progress } = equipment;
  const found = await described(plan, pool);
  const present = found.filter((each) => typeof each !== 'string');
  progress.begin(plan, present);
  const tuned: Record<string, NonNullable<Stored[string]>> = {};
  const rows: Row[] = [];
  for (const load of plan.loads) {
    const facts = present.find(({ trace }) => trace === load.trace);
    if (facts === undefined) continue;
    const ofPeers = await tunedOn(plan, facts, stored, equipment);
    if (plan.sweep !== undefined && ofPeers !== undefined) tuned[load.trace] = ofPeers;
    rows.push(...(await rowsOn(plan, load, ofPeers, equipment)));
  }
  return {
    ...{ name: plan.name, target: TARGET, seeds: plan.seeds },
    ...(plan.interval === undefined ? {} : { interval: plan.interval }),
    ...{ loads: present, absent: found.filter((each) => typeof each === 'string') },
    ...{ rules: rulesOf(plan), tuned, rows },
  };
};
