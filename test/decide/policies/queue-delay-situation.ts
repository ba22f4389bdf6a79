/** queueDelay alone: asked with a reading and counts, without the rest of the room, and in closed loop with a simulated queue. */

import { counters, ours, type See } from '../../../bench/queue-delay/rules.ts';
import { run } from '../../../bench/queue-delay/simulation.ts';
import { queueDelayPolicy } from '../../../lambdas/contract/policies/queue-delay.ts';
import type { KnownCounts, KnownReading } from '../../../lambdas/contract/records.ts';
import type { Kept } from '../../../lambdas/decide/policies/policy.ts';
import { queueDelay } from '../../../lambdas/decide/policies/queue-delay.ts';
import { steady } from '../../../local/simulation/story.ts';

export const NOW = 1_795_348_800;

export interface Asked {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly reading?: Partial<KnownReading>;
  readonly counts?: Partial<KnownCounts>;
  readonly kept?: Kept | undefined;
  /** Seconds since NOW. */
  readonly at?: number;
}

export const ask = ({ options = {}, reading = {}, counts = {}, kept, at = 0 }: Asked) => {
  const desired = counts.desired ?? 0;
  const said = queueDelay(queueDelayPolicy.parse({ type: 'queueDelay', ...options }), {
    reading: { known: true, ...reading },
    from: desired,
    counts: { desired, running: desired, pending: 0, deploying: false, ...counts },
    tasks: { min: 0, max: 1e9 },
    ...{ at: NOW + at, kept, measure: () => ({ known: false, why: 'not asked' }), others: undefined },
  });
  return { ...said, to: said.known ? said.to : undefined };
};

export interface Loop {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly perSecond: (t: number) => number;
  readonly serviceTime: number;
  readonly startUp?: number;
  readonly interval?: number;
  readonly seconds: number;
  readonly tasks?: number;
  readonly see?: See;
}

/** Evenly spread messages that each take the same time, and tasks that all take the same time to start. */
export const loop = (given: Loop) => {
  const {
    options = {},
    perSecond,
    serviceTime,
    startUp = 30,
    interval = 5,
    seconds,
    tasks = 0,
    see = counters,
  } = given;
  const load = steady(perSecond, serviceTime);
  const notes: { readonly kept: Kept; readonly why: string }[] = [];
  const rule = ours(options, see, (kept = [], why) => notes.push({ kept, why }));
  const messages = Array.from({ length: seconds }, (_, t) => load(t));
  const ran = run(rule, { messages, interval, startUp: () => startUp, tasks });
  const noted = ran.looks.map(({ t, to, running }, nth) => ({
    t,
    to,
    running,
    ...(notes[nth] ?? { kept: [], why: '' }),
  }));
  return { ...ran, noted, at: (t: number) => noted.findLast((each) => each.t <= t) };
};
