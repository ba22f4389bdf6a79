/** One service tick by tick on a scripted clock, through the whole of decide; the memory travels as JSON. */
import type { Service } from '../../../lambdas/contract/config.ts';
import type { Counts, Decision, Reading, ServiceMemory } from '../../../lambdas/contract/records.ts';
import { decide } from '../../../lambdas/decide/decide.ts';
import type { Guarded } from '../../../lambdas/decide/guards/guard.ts';
import type { Kept } from '../../../lambdas/decide/policies/policy.ts';
import { AT, circumstances, counts, later, sample, seen, service, tools } from '../../samples.ts';

export interface Tick {
  /** Seconds after the story begins. */
  readonly at: number;
  /** What the policy asks for; in its place, what it sees. */
  readonly wish?: number;
  readonly readings?: readonly Reading[];
  /** The desired count, all running; or all counts. */
  readonly counts: number | Counts;
}

/** Asks for as many tasks as messages are waiting, and for nothing else. */
export const asWished = {
  policy: { type: 'target', backlogPerTask: 1, tolerance: { out: 0, in: 0 } },
  tasks: { min: 0, max: 1000 },
  cooldown: { out: 0, in: 0 },
};

export interface Told {
  readonly decisions: readonly Decision[];
  readonly memory: ServiceMemory;
}

export const tellTicks = (
  config: Readonly<Record<string, unknown>>,
  ticks: readonly Tick[],
  memory: ServiceMemory = {},
): Told => {
  const owner = service({ ...asWished, ...config });
  return ticks.reduce<Told>(
    (told, { at, wish, readings, counts: there }) => {
      const decided = decide(
        sample({
          service: owner,
          readings: [...(readings ?? [seen(wish ?? 0)])],
          counts: typeof there === 'number' ? counts(there) : there,
          memory: told.memory,
        }),
        circumstances({ at: later(at) }),
      );
      return {
        decisions: [...told.decisions, decided.decision],
        memory: JSON.parse(JSON.stringify(decided.memory)),
      };
    },
    { decisions: [], memory },
  );
};

/** The same wish and count from one moment until another, every so many seconds, both ends included. */
export const every = (
  seconds: number,
  from: number,
  until: number,
  tick: Omit<Tick, 'at'>,
): readonly Tick[] =>
  Array.from({ length: Math.floor((until - from) / seconds) + 1 }, (_, nth) => ({
    ...tick,
    at: from + nth * seconds,
  }));

/** The counts that were decided. */
export const toOf = ({ decisions }: Told): readonly number[] => decisions.map(({ to }) => to);

/** What a guard said last, and why. */
export const saidBy = ({ decisions }: Told, by: string) =>
  decisions.at(-1)?.reasons.find((reason) => reason.by === by);

/** What one guard is given so many seconds after the story begins, for properties that ask it thousands of times. */
export const guarded = (owner: Service, at: number, desired: number, kept: Kept | undefined): Guarded => ({
  ...{
    service: owner,
    counts: { desired, running: desired, pending: 0, deploying: false },
    readings: [],
    memory: {},
  },
  ...{ kept, at: later(at), seconds: Date.parse(AT) / 1000 + at, adds: undefined, unknown: undefined },
  ...{ disableScaleIn: false, tools },
});
