/**
 * The one burst that all policies answer in `docs/policies.md`, and what each answer cost. Virtual time, one message at a time
 * (`local/simulation/story.ts`), so the same code gives the same numbers everywhere.
 *
 * 2 messages a second, 60 a second for 40 s after the first minute, none from the seventh minute on. A message is 1 s of work,
 * a task needs 20 s to start, a tick comes every 5 s. The guards are at their defaults.
 */

import type { Decision, Reason } from '../../lambdas/contract/records.ts';
import { toolsFor } from '../../lambdas/tools.ts';
import { type Story, steady, tell } from '../../local/simulation/story.ts';

export const BURST = {
  seconds: 600,
  interval: 5,
  startUp: 20,
  base: 2,
  peak: 60,
  from: 60,
  until: 100,
  silentFrom: 420,
  secondsPerMessage: 1,
  /** For so long the load has been there when the picture begins, with one such burst, from which one can learn. */
  warmUp: 600,
  /** What that load needs without the burst, and so what runs from the start. */
  tasks: 2,
  mostTasks: 125,
  /** The wait that counts as late. */
  late: 30,
} as const;

/** `t`: seconds since the beginning of the first ten minutes. */
const perSecond = (t: number): number => {
  const { seconds, warmUp, silentFrom, from, until, peak, base } = BURST;
  const inside = t < 0 ? t + warmUp : t % seconds;
  if (t >= 0 && inside >= silentFrom) return 0;
  return inside >= from && inside < until ? peak : base;
};

export interface Shown {
  /** As it stands in a configuration: `policy`, or `policies` and whatever else it needs. */
  readonly service: Readonly<Record<string, unknown>>;
  readonly see?: Story['see'];
  /** How often the same ten minutes have been before those that are drawn. Unset: never. */
  readonly seasons?: number;
}

/** What was so at one tick. */
export interface Moment {
  /** Seconds since the beginning of the plot. */
  readonly t: number;
  /** Waiting and in flight. */
  readonly backlog: number;
  /** After the decision. */
  readonly desired: number;
  readonly running: number;
  readonly reasons: readonly Reason[];
}

export interface Answer {
  readonly moments: readonly Moment[];
  /** Tasks asked for, running or not, summed over the seconds. */
  readonly taskSeconds: number;
  /** The seconds of work in the messages: what no scaler can stay under. */
  readonly workSeconds: number;
  /** Seconds; a message that nobody has taken counts with what it has waited by the end. */
  readonly longestWait: number;
  /** The share of the messages that waited longer than {@link BURST.late}. */
  readonly late: number;
}

const tools = await toolsFor([]);

/** @throws Error where a rule has no answer: a picture of that would show nothing of it */
const refuseUnseen = (decisions: readonly Decision[]): void => {
  const unseen = decisions.flatMap(({ reasons }) => reasons).find(({ by }) => by === 'unknown');
  if (unseen !== undefined) throw new Error(unseen.why);
};

/** Lets a policy answer the burst. @throws Error where it can't */
export const answer = ({ service, see, seasons = 0 }: Shown): Answer => {
  const { seconds, interval, startUp, warmUp, tasks, mostTasks, secondsPerMessage } = BURST;
  const load = steady((t) => perSecond(t - warmUp), secondsPerMessage);
  const begin = warmUp + seasons * seconds;
  const told = tell({
    ...{ tools, interval, startUp, tasks, load, seconds: begin + seconds },
    service: { tasks: { max: mostTasks }, ...service },
    ...(see === undefined ? {} : { see }),
  });
  refuseUnseen(told.ticks.map(({ decision }) => decision));
  const arrivals = Array.from({ length: begin + seconds }, (_, t) => load(t)).flat();
  // The queue hands out in the order of arrival, so the nth wait is that of the nth message.
  const waits = arrivals.flatMap(({ arrivedAt }, nth) =>
    arrivedAt <= begin ? [] : [told.waits[nth] ?? begin + seconds - arrivedAt],
  );
  const moments = told.ticks.flatMap(({ t, visible, inFlight, running, decision }) =>
    t < begin
      ? []
      : [
          {
            t: t - begin,
            backlog: visible + inFlight,
            desired: decision.to,
            running,
            reasons: decision.reasons,
          },
        ],
  );
  return {
    moments,
    taskSeconds: moments.reduce((total, { desired }) => total + desired * interval, 0),
    workSeconds: waits.length * secondsPerMessage,
    longestWait: Math.max(...waits),
    late: waits.filter((wait) => wait > BURST.late).length / waits.length,
  };
};
