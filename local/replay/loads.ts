/** Which services are replayed, each with its load: the one trace for all of them, or what the log says of each. */
import { sources } from '../../lambdas/collect/sources/registry.ts';
import { type Config, keyOf, policiesOf, type Service, sourcesOf } from '../../lambdas/contract/config.ts';
import { demandOf } from '../simulation/figures/demand.ts';
import { fargate, type Plant } from '../simulation/plant.ts';
import type { Simulated } from '../simulation/simulated.ts';
import { meanWork, type Trace } from '../simulation/trace.ts';
import { readTrace } from '../simulation/trace-csv.ts';
import { readLog } from './log.ts';
import { loggedRun } from './logged.ts';
import { reconstruct } from './reconstruct.ts';

export interface Asked {
  readonly trace?: string | undefined;
  readonly decisions?: string | undefined;
  /** `cluster/service`; unset: all. */
  readonly service?: string | undefined;
  /** Seconds. */
  readonly startUp: number;
  readonly work?: number | undefined;
  readonly seed: number;
}

export interface Case {
  readonly key: string;
  readonly service: Service;
  readonly trace: Trace;
  readonly plant: Plant;
  readonly sight: 'counters' | 'rates';
  /** Epoch milliseconds of second 0; unset: the log does not say. */
  readonly begin?: number;
  /** What the loop that wrote the log has done. */
  readonly logged?: Simulated;
  /** What is known and what was guessed, for people. */
  readonly said: readonly string[];
}

/** One source and the policies that look at it: a load is of one queue. */
const withOneSource = (service: Service): readonly [Service, ...said: string[]] => {
  const [first, ...others] = sourcesOf(service);
  if (first === undefined || others.length === 0) return [service];
  const policies = policiesOf(service).filter(
    ({ source }) => source === undefined || source === first['name'],
  );
  const { source: _source, sources: _sources, policy: _policy, policies: _policies, ...rest } = service;
  if (policies.length === 0)
    throw new Error(
      `${keyOf(service)}: no policy looks at its first source, and the load is given to that one`,
    );
  return [
    { ...rest, source: first, policies },
    `the whole load is given to the first of ${others.length + 1} sources`,
  ];
};

/** As it would act: a dry run changes nothing, and that is no answer. */
const acting = (service: Service): readonly [Service, ...said: string[]] =>
  service.dryRun
    ? [{ ...service, dryRun: false }, 'dryRun is left out: what would have been changed is changed']
    : [service];

export const replayable = (given: Service): readonly [Service, readonly string[]] => {
  const [one, ...said] = withOneSource(given);
  const [service, ...more] = acting(one);
  return [service, [...said, ...more]];
};

const countsRates = (service: Service): boolean =>
  sourcesOf(service).some(({ type }) => sources[type]?.reports.includes('arrivalsPerSecond'));

const plantOf = ({ tasks }: Service, startUp: number, running: number): Plant => ({
  ...fargate,
  ...{ startUp, tasks, running: Math.max(tasks.min, Math.min(tasks.max, running)) },
});

/** Seconds of work that a policy has been told. */
const toldWork = (service: Service): number | undefined =>
  policiesOf(service)
    .map((policy) => (policy.type === 'queueDelay' ? policy.secondsPerMessage : undefined))
    .find((told) => told !== undefined);

const choose = ({ services }: Config, wanted: string | undefined): readonly Service[] => {
  const chosen = services.filter((service) => wanted === undefined || keyOf(service) === wanted);
  if (chosen.length > 0) return chosen;
  throw new Error(`--service ${wanted}: the configuration has ${services.map(keyOf).join(', ')}`);
};

const tracedCases = (
  file: string,
  chosen: readonly Service[],
  { startUp, work, seed }: Asked,
): readonly Case[] =>
  chosen.map((given) => {
    const [service, said] = replayable(given);
    const seconds = work ?? toldWork(service);
    const trace = readTraceOf(file, seed, seconds);
    // What the load needs as it begins is there: a service does not start from nothing on an ordinary day.
    const running = demandOf(trace, service.tasks)[0] ?? 0;
    return {
      ...{ key: keyOf(service), service, trace, plant: plantOf(service, startUp, running) },
      sight: countsRates(service) ? 'rates' : 'counters',
      said: [...said, `a message is ${Number(meanWork(trace).toPrecision(3))} s of work in the mean`],
    };
  });

const readTraceOf = (file: string, seed: number, work: number | undefined): Trace => {
  try {
    return readTrace(file, { seed, ...(work === undefined ? {} : { meanWork: work }) });
  } catch (thrown) {
    // The reader doesn't know by which option of whose command line it can be told.
    if (thrown instanceof Error && work === undefined && /mean seconds must be given/.test(thrown.message))
      thrown.message += '; give --work SECONDS';
    throw thrown;
  }
};

const loggedCases = (
  file: string,
  chosen: readonly Service[],
  { startUp, work, service: wanted }: Asked,
  tell: (said: string) => void,
): readonly Case[] => {
  const log = readLog(file);
  for (const said of log.said) tell(`${file}: ${said}`);
  const keys = [...log.services.keys()];
  const known = chosen.filter((service) => log.services.has(keyOf(service)));
  if (known.length === 0) {
    throw new Error(
      `${file}: the log tells of ${keys.join(', ')}, the configuration of ${chosen.map(keyOf).join(', ')}; give the configuration of these services, with the same cluster and service`,
    );
  }
  const unknown = keys.filter(
    (key) => wanted === undefined && !known.some((service) => keyOf(service) === key),
  );
  if (unknown.length > 0) tell(`not in the configuration, and left out: ${unknown.join(', ')}`);
  const missing = chosen.filter((service) => !known.includes(service)).map(keyOf);
  if (missing.length > 0) tell(`not in the log, and left out: ${missing.join(', ')}`);
  return known.map((given) => {
    const [service, said] = replayable(given);
    const key = keyOf(service);
    const ticks = log.services.get(key) ?? [];
    const told = toldWork(service);
    const byConfig = told === undefined ? undefined : { seconds: told, by: 'secondsPerMessage' };
    const load = loadOf(file, key, () =>
      reconstruct(key, ticks, { work: work === undefined ? byConfig : { seconds: work, by: '--work' } }),
    );
    return {
      ...{ key, service, trace: load.trace, plant: plantOf(service, startUp, load.running) },
      ...{ sight: load.hasRates ? 'rates' : 'counters', begin: load.begin * 1000 },
      ...{ logged: loggedRun(ticks, load, startUp), said: [...said, ...load.said] },
    };
  });
};

const loadOf = <T>(file: string, key: string, make: () => T): T => {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof Error) thrown.message = `${file}: ${key}: ${thrown.message}`;
    throw thrown;
  }
};

/** @param tell is told what was read and what was left out. @throws Error that names the file and what to do */
export const casesOf = (config: Config, asked: Asked, tell: (said: string) => void): readonly Case[] => {
  const { trace, decisions, service } = asked;
  const chosen = choose(config, service);
  if (trace !== undefined && decisions === undefined) return tracedCases(trace, chosen, asked);
  if (decisions !== undefined && trace === undefined) return loggedCases(decisions, chosen, asked, tell);
  throw new Error('give the load as --trace FILE (a CSV) or as --decisions LOG, one of the two');
};
