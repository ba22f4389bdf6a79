/**
 * A scripted service: what a controller sees is written down by the test, second by second, and what the controller asks for becomes
 * the desired count and, `startUp` seconds later, the running one. Nothing is served here: a backlog is what the script says it is.
 *
 *   play(controller, { visible: (t) => (t < 60 ? 0 : 500) }, { seconds: 300, desired: 2 })  →  its actions
 *   viewAt(90, { visible: 500 }, { desired: 2 })                                            →  what it would see after 90 s of that
 */
import type { Controller, Metric, View } from '../../../local/simulation/controller.ts';
import type { Action } from '../../../local/simulation/simulated.ts';

/** A metric by the second, and by how many tasks run at that second; or the same number all the time. 0 where nothing is said. */
export type Signal = number | ((t: number, running: number) => number);
export type Script = Readonly<Partial<Record<Exclude<Metric, 'desired' | 'running'>, Signal>>>;

export interface Service {
  /** Tasks asked for, and running, from the start; 1. */
  readonly desired?: number;
  /** Seconds from asking to running; 0. Stopping takes none. */
  readonly startUp?: number;
}

const told = (signal: Signal | undefined, t: number, running: number): number =>
  typeof signal === 'function' ? signal(t, running) : (signal ?? 0);

/** Takes the desired count of the next second and tells what is seen then. */
const scripted = (script: Script, startUp: number): ((desired: number) => View) => {
  const seconds: Readonly<Record<Metric, number>>[] = [];
  let arrived = 0;
  let departed = 0;

  const before = (metric: Metric, secondsAgo: number): number =>
    seconds[Math.max(0, seconds.length - 1 - secondsAgo)]?.[metric] ?? 0;

  const average: View['average'] = (metric, period, delay, nth) => {
    const from = (Math.floor((seconds.length - 1 - delay) / period) - 1 - nth) * period;
    if (from < 0) return undefined;
    return seconds.slice(from, from + period).reduce((sum, each) => sum + each[metric], 0) / period;
  };

  return (desired) => {
    const t = seconds.length;
    const asked = seconds.slice(Math.max(0, t - startUp + 1)).map((each) => each.desired);
    const running = Math.min(...asked, desired);
    const at = (metric: keyof Script) => told(script[metric], t, running);
    const now = {
      ...{ desired, running, visible: at('visible'), inFlight: at('inFlight'), oldestAge: at('oldestAge') },
      ...{ arrivals: at('arrivals'), departures: at('departures'), utilization: at('utilization') },
    };
    seconds.push(now);
    arrived += now.arrivals;
    departed += now.departures;
    return { t, ...now, arrived, departed, before, average };
  };
};

/** What the controller changes in so many seconds. It is asked as often as it wants, the first time at 0. */
export const play = (
  controller: Controller,
  script: Script,
  service: Service & { readonly seconds: number },
): readonly Action[] => {
  const next = scripted(script, service.startUp ?? 0);
  const actions: Action[] = [];
  let desired = service.desired ?? 1;
  for (let t = 0; t < service.seconds; t += 1) {
    const view = next(desired);
    if (t % controller.every !== 0) continue;
    const to = controller.decide(view) ?? desired;
    if (to !== desired) actions.push({ t, from: desired, to });
    desired = to;
  }
  return actions;
};

/** What is seen after t seconds of a script in which nobody scales. */
export const viewAt = (t: number, script: Script, service: Service = {}): View => {
  const next = scripted(script, service.startUp ?? 0);
  const desired = service.desired ?? 1;
  let view = next(desired);
  while (view.t < t) view = next(desired);
  return view;
};
