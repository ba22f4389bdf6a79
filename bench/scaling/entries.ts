/**
 * Ours in the bench: whole service configurations, as somebody would write them who knows the wait target, the bounds and (only where it says *told*)
 * the mean seconds of work. Everything that is not named here, guards included, is at its default.
 *
 * `queueDelay` by itself is the main line. The other policies are there so that each has its place; their numbers are those of
 * `docs/policies.md` (`bench/plots/shown.ts`), `target` as AWS derives it: the wait divided by the work.
 */

import type { Sight } from '../../local/simulation/seen.ts';
import { shown } from '../plots/shown.ts';
import type { Setting } from './peer.ts';

export interface Entry {
  readonly name: string;
  /** One line for the table. */
  readonly rule: string;
  /** Seconds from tick to tick. */
  readonly interval: number;
  readonly see: Sight;
  /** All of a service's configuration but its names, source and bounds. */
  readonly service: (setting: Setting) => Readonly<Record<string, unknown>>;
}

const USUAL_INTERVAL = 5;

const entry = (
  name: string,
  rule: string,
  service: Entry['service'],
  { interval = USUAL_INTERVAL, see = 'counters' }: Partial<Pick<Entry, 'interval' | 'see'>> = {},
): Entry => ({ name, rule, interval, see, service });

const told = ({ target, meanWork }: Setting) => ({
  policy: { type: 'queueDelay', target, secondsPerMessage: meanWork },
});
const learns = ({ target }: Setting) => ({ policy: { type: 'queueDelay', target } });

/** The one that is compared with the peers. */
export const MAIN = 'queueDelay';
export const LEARNED = 'queueDelay, learned';
export const EVERY_MINUTE = 'queueDelay, every 60 s';

const queueDelays: readonly Entry[] = [
  entry(MAIN, 'told the wait target and the mean seconds of work; reads both counters every 5 s', told),
  entry(LEARNED, 'told the wait target alone', learns),
  entry('queueDelay, rates', 'told; its source also counts arrivals and departures', told, { see: 'rates' }),
  entry('queueDelay, late', 'told; counters 2 to 10 s old and up to 10 % wrong', told, { see: 'late' }),
  entry(EVERY_MINUTE, 'told; a tick a minute', told, { interval: 60 }),
  entry('queueDelay, no cooldown', 'told; scale-in without its cooldown of 120 s', (setting) => ({
    ...told(setting),
    cooldown: { in: 0 },
  })),
  entry('queueDelay + forecast', 'told; with a floor of level and trend', ({ target, meanWork }) => ({
    policies: [
      { type: 'queueDelay', target, secondsPerMessage: meanWork },
      { type: 'forecast', method: 'smoothing' },
    ],
  })),
];

const documented = (type: keyof typeof shown, rule: string): Entry =>
  entry(type, `${rule}, as in docs/policies.md`, () => {
    const { tasks: _, ...service } = shown[type].service;
    return service;
  });

/** Tasks that one has in mind who has nothing better: what is busy at the mean of the trace is 20 in this bench. */
const others: readonly Entry[] = [
  entry('target', 'the wait target ÷ the mean seconds of work per task', ({ target, meanWork }) => ({
    policy: { type: 'target', backlogPerTask: Math.max(1, target / meanWork) },
  })),
  entry('panic', '70 % of the one message that a task works on at once', () => ({
    policy: { type: 'panic', target: 0.7 },
  })),
  documented('value', '70 % of the running tasks busy'),
  documented('steps', 'a table of counts'),
  entry('threshold', "fast-autoscaler's rule at its defaults, every 5 s", () => ({
    policy: { type: 'threshold' },
  })),
  documented('rules', 'tasks to add and remove'),
  documented('presence', '20 tasks while there is work'),
  documented('formula', 'a square root of the backlog'),
];

export const entries: readonly Entry[] = [...queueDelays, ...others];
