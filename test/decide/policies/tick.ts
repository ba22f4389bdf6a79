/** One policy alone, tick by tick, through `decide`; no guard is configured that could hide its answer. */
import type { Service } from '../../../lambdas/contract/config.ts';
import type { Counts, Decision, Reading, ServiceMemory } from '../../../lambdas/contract/records.ts';
import { decide } from '../../../lambdas/decide/decide.ts';
import { circumstances, counts, later, sample, service } from '../../samples.ts';

export interface Tick {
  /** Seconds since the first. */
  readonly at?: number;
  readonly reading: Reading;
  /** The desired count, all of it running, or the counts. */
  readonly tasks: number | Counts;
  /** What the policy is told that it kept. */
  readonly kept?: readonly number[];
}

/** A policy as a configuration gives it. */
export type Options = { readonly type: string } & Readonly<Record<string, unknown>>;

export const measure = (value: number): Reading => ({ known: true, value });

const services = new Map<string, Service>();

const serviceWith = (given: Readonly<Record<string, unknown>>): Service => {
  const key = JSON.stringify(given);
  const parsed =
    services.get(key) ??
    service({ tasks: { min: 0, max: 100_000 }, cooldown: { out: 0, in: 0 }, emptyFor: 0, ...given });
  services.set(key, parsed);
  return parsed;
};

const decided = (
  policy: Options,
  { at = 0, reading, tasks, kept }: Tick,
  before: ServiceMemory,
  config: Readonly<Record<string, unknown>>,
) => {
  const memory = kept === undefined ? before : { ...before, kept: { [policy.type]: [...kept] } };
  const decidedThen = decide(
    sample({
      service: serviceWith({ policy, ...config }),
      readings: [reading],
      counts: typeof tasks === 'number' ? counts(tasks) : tasks,
      memory,
    }),
    circumstances({ at: later(at) }),
  );
  return { ...decidedThen, memory: JSON.parse(JSON.stringify(decidedThen.memory)) as ServiceMemory };
};

/** What the policy said and why, what was decided, and what it keeps. */
export const ask = (policy: Options, tick: Tick) => {
  const { decision, memory } = decided(policy, tick, {}, {});
  const [reason] = decision.reasons;
  return { said: reason?.said, why: reason?.why, to: decision.to, kept: memory.kept?.[policy.type] };
};

/** Decides tick by tick, the memory going from each to the next. */
export const story = (
  policy: Options,
  ticks: readonly Tick[],
  config: Readonly<Record<string, unknown>> = {},
): readonly Decision[] => {
  let memory: ServiceMemory = {};
  return ticks.map((tick) => {
    const next = decided(policy, tick, memory, config);
    memory = next.memory;
    return next.decision;
  });
};
