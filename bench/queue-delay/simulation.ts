/** One service and one rule in virtual time, message by message, without the guards: what a rule is worth by itself. */
import { createQueue, type Message } from '../../local/simulation/queue.ts';

export interface Look {
  /** Seconds since the beginning. */
  readonly t: number;
  readonly visible: number;
  readonly inFlight: number;
  readonly arrivalsPerSecond: number;
  readonly departuresPerSecond: number;
  readonly desired: number;
  readonly running: number;
}

/** The new count; what it remembers is its own business. */
export type Rule = (look: Look) => number;

export interface Run {
  readonly messages: readonly (readonly Message[])[];
  readonly interval: number;
  /** The start-up of a task, in seconds; asked once for each. */
  readonly startUp: () => number;
  readonly tasks?: number;
  readonly most?: number;
  /** What the counters show of the truth. */
  readonly blur?: (count: number) => number;
  /** Ticks that the counters lag behind. */
  readonly lag?: number;
}

export interface Ran {
  readonly waits: readonly number[];
  /** Tasks asked for, running or not, summed over the seconds. */
  readonly taskSeconds: number;
  readonly looks: readonly (Look & { readonly to: number })[];
  readonly left: number;
}

export const run = (
  rule: Rule,
  { messages, interval, startUp, tasks = 0, most = 10_000, blur = (n) => n, lag = 0 }: Run,
): Ran => {
  const queue = createQueue();
  let running = tasks;
  /** When those that are starting will run, soonest first. */
  let starting: number[] = [];
  let taskSeconds = 0;
  let before = { arrived: 0, departed: 0 };
  const looks: (Look & { readonly to: number })[] = [];
  const seen: { readonly visible: number; readonly inFlight: number }[] = [];
  for (let t = 0; t < messages.length; t += 1) {
    const ready = starting.filter((at) => at <= t).length;
    starting = starting.slice(ready);
    running += ready;
    if (t % interval === 0) {
      const { arrived, departed } = queue.totals();
      seen.push({ visible: Math.round(blur(queue.visible())), inFlight: Math.round(blur(queue.inFlight())) });
      const { visible, inFlight } = seen[Math.max(0, seen.length - 1 - lag)] ?? { visible: 0, inFlight: 0 };
      const look: Look = {
        ...{ t, visible, inFlight, running, desired: running + starting.length },
        arrivalsPerSecond: (arrived - before.arrived) / interval,
        departuresPerSecond: (departed - before.departed) / interval,
      };
      before = { arrived, departed };
      const to = Math.max(0, Math.min(most, rule(look)));
      looks.push({ ...look, to });
      if (to < running) {
        running = to;
        starting = [];
      } else {
        starting = starting.slice(0, to - running);
        while (running + starting.length < to) starting.push(t + startUp());
        starting.sort((a, b) => a - b);
      }
    }
    queue.add(messages[t] ?? []);
    queue.work(running, t + 1);
    taskSeconds += running + starting.length;
  }
  return { waits: queue.waits(), taskSeconds, looks, left: queue.visible() };
};
