/** How far a run is, and how long it may still take: one line on stderr that is written over, or a line now and then where nobody looks. */
import type { Plan } from './plan.ts';
import type { LoadRow } from './results.ts';

export interface Progress {
  readonly begin: (plan: Plan, loads: readonly LoadRow[]) => void;
  /** One run of this trace has ended. */
  readonly isRun: (trace: string) => void;
  /** One peer has its parameters for this trace and one plant. */
  readonly isSwept: (trace: string) => void;
}

const duration = (seconds: number): string => {
  const whole = Math.round(seconds);
  if (whole < 90) return `${whole} s`;
  return whole < 5400 ? `${Math.round(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`;
};

/** What a run costs, in any unit: a second of it as much as five messages. */
const weightOf = ({ seconds, messages }: LoadRow): number => seconds + messages / 5;

/** A sweep often ends before its budget is spent; and it is as long as its cut at most. */
const sweepWeight = ({ sweep }: Plan, load: LoadRow, isNew: boolean): number => {
  if (sweep === undefined || !isNew) return 0;
  return (sweep.budget * weightOf(load) * Math.min(load.seconds, sweep.cut)) / load.seconds;
};

export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly write: (text: string) => unknown;
}

const LINES_APART_SECONDS = 10;

/** @param now seconds, of any clock @param isStored whether the parameters of a trace are there already */
export const createProgress = (
  screen: Screen,
  now: () => number,
  isStored: (trace: string) => boolean,
): Progress => {
  let [all, done, begun, said] = [0, 0, 0, Number.NEGATIVE_INFINITY];
  const weights = new Map<string, { readonly run: number; readonly sweep: number }>();

  const say = (trace: string): void => {
    const at = now();
    if (at - said < (screen.isTTY ? 0.2 : LINES_APART_SECONDS) && done < all) return;
    said = at;
    const share = Math.min(1, done / Math.max(1, all));
    const left = share > 0.01 ? `, about ${duration(((at - begun) * (1 - share)) / share)} left` : '';
    const line = `${`${Math.floor(100 * share)}`.padStart(3)} % ${trace}${left}`;
    screen.write(screen.isTTY ? `\r\u001b[2K${line}${share === 1 ? '\n' : ''}` : `${line}\n`);
  };
  const add = (weight: number, trace: string): void => {
    done += weight;
    say(trace);
  };
  return {
    begin: (plan, loads) => {
      begun = now();
      const { entries, peers, bounds, own, seeds, startUps } = plan;
      const tuned = plan.sweep === undefined ? 0 : peers.length;
      const runs = plan.sweep?.only ? 0 : seeds;
      const each = entries.length + peers.length + tuned + bounds.length + (own === undefined ? 0 : 1);
      for (const load of loads) {
        const isNew = plan.sweep?.again === true || !isStored(load.trace);
        const weight = { run: weightOf(load), sweep: sweepWeight(plan, load, isNew) };
        weights.set(load.trace, weight);
        all += startUps.length * (each * runs * weight.run + peers.length * weight.sweep);
      }
    },
    isRun: (trace) => add(weights.get(trace)?.run ?? 0, trace),
    isSwept: (trace) => add(weights.get(trace)?.sweep ?? 0, trace),
  };
};
