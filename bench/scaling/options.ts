/** The command line of `npm run bench`: what was asked for, as a plan. */
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { unknownName } from '../../lambdas/contract/wording.ts';
import { bounds } from './bounds.ts';
import { entries, MAIN } from './entries.ts';
import { ownOf } from './own.ts';
import { peers } from './peers/registry.ts';
import { fullPlan, type Plan, shortPlan, tuningPlan } from './plan.ts';
import { traces } from './traces/registry.ts';

export interface Asked {
  readonly plan: Plan;
  readonly threads: number;
}

const whole =
  (least: number, what: string) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`"${text}" is not ${what}.`);
    return value;
  };

const startUps = (text: string): readonly number[] =>
  text.split(',').map((each) => {
    const value = Number(each);
    if (!(value > 0 && value <= 3600))
      throw new InvalidArgumentError(`"${each}" is not a start-up in seconds; write them like 23,57.`);
    return value;
  });

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError(`"${text}" is not a number of seconds above 0.`);
  return value;
};

interface Options {
  readonly full?: boolean;
  readonly tune?: boolean;
  readonly trace?: string;
  readonly work?: number;
  readonly policy?: string;
  readonly only?: readonly string[];
  readonly plants?: readonly number[];
  readonly seeds?: number;
  readonly interval?: number;
  readonly threads: number;
}

const command = (): Command =>
  new Command('npm run bench --')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .description(
      'Ours and its peers on recorded and made loads in virtual time: how late messages are, and what it costs. Writes bench/results/.',
    )
    .option('--full', 'all of every trace, 5 seeds (short: the busiest hour, once)')
    .option('--tune', 'nothing but sweep the peers on the training parts, and store what is best')
    .option('--trace <file>', 'a load of your own: CSV with the header t,count or arrival,seconds')
    .option('--work <seconds>', 'mean seconds of work of a message, for a trace of counts', positive)
    .option('--policy <file>', 'a policy, a service or a configuration of your own, YAML or JSON')
    .option(
      '--only <name>',
      'only the traces, or only the contestants, whose names hold this; may be given again',
      (name: string, before: readonly string[] = []) => [...before, name],
    )
    .option('--plants <seconds>', 'medians of the start-up of a task, like 23,57', startUps)
    .option('--seeds <count>', 'runs of each load', whole(1, 'a whole number of at least 1'))
    .option(
      '--interval <seconds>',
      'from tick to tick, for all of ours',
      whole(1, 'whole seconds, at least 1'),
    )
    .option('--threads <count>', 'threads', whole(1, 'a whole number of at least 1'), availableParallelism());

const named = <T extends { readonly name: string }>(
  all: readonly T[],
  only: readonly string[],
): readonly T[] =>
  all.filter(({ name }) => only.some((part) => name.toLowerCase().includes(part.toLowerCase())));

/** The traces and the contestants that are meant; who names none of one sort means all of it. */
const narrowed = (plan: Plan, only: readonly string[]): Plan => {
  if (only.length === 0) return plan;
  const everybody = [...entries, ...peers, ...bounds].map(({ name }) => name);
  const known = [...traces.map(({ name }) => name), ...everybody];
  const strange = only.find(
    (part) =>
      named(
        known.map((name) => ({ name })),
        [part],
      ).length === 0,
  );
  if (strange !== undefined)
    throw new InvalidArgumentError(
      `--only ${strange}: ${unknownName('trace or contestant', strange, known)}`,
    );
  const loads = plan.loads.filter(({ trace }) => named([{ name: trace }], only).length > 0);
  const chosen = {
    ...{ entries: named(entries, only), peers: named(peers, only), bounds: named(bounds, only) },
  };
  const isAny = chosen.entries.length + chosen.peers.length + chosen.bounds.length > 0;
  return {
    ...{ ...plan, name: 'partial' },
    ...(loads.length > 0 ? { loads } : {}),
    ...(isAny ? chosen : {}),
  };
};

/** On a load of one's own, or for a policy of one's own: the main line and the peers at their defaults beside it. */
const ownPlan = (plan: Plan, { trace, work, policy }: Options): Plan => {
  if (trace === undefined && policy === undefined) return plan;
  const { sweep: _, ...rest } = plan;
  return {
    ...{ ...rest, name: 'own', entries: entries.filter(({ name }) => name === MAIN) },
    ...(trace === undefined
      ? {}
      : { loads: [{ trace, part: 'test', ...(work === undefined ? {} : { work }) }] }),
    ...(policy === undefined ? {} : { own: ownOf(policy) }),
  };
};

/** @throws Error with what is wrong and the remedy; CommanderError of exit code 0 when help was all that was asked for */
export const askedFor = (args: readonly string[]): Asked => {
  const program = command();
  program.parse(args, { from: 'user' });
  const options = program.opts<Options>();
  const { full, tune, only = [], plants, seeds, interval, threads } = options;
  const base = narrowed(ownPlan(tune ? tuningPlan : full ? fullPlan : shortPlan, options), only);
  const plan: Plan = {
    ...base,
    ...(plants === undefined && seeds === undefined && interval === undefined
      ? {}
      : { name: base.name === 'own' ? 'own' : 'partial' }),
    ...(plants === undefined ? {} : { startUps: plants }),
    ...(seeds === undefined ? {} : { seeds }),
    ...(interval === undefined ? {} : { interval }),
  };
  return { plan, threads };
};
