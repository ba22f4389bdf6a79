/** The rules that are compared: ours by its options, the formula that it began with, and the peers' as one line each. */
import { queueDelayPolicy } from '../../lambdas/contract/policies/queue-delay.ts';
import type { KnownReading } from '../../lambdas/contract/records.ts';
import type { Kept } from '../../lambdas/decide/policies/policy.ts';
import { queueDelay } from '../../lambdas/decide/policies/queue-delay.ts';
import type { Look, Rule } from './simulation.ts';

export type See = (look: Look) => KnownReading;
export const counters: See = ({ visible, inFlight }) => ({ known: true, visible, inFlight });
export const withRates: See = (look) => ({
  ...counters(look),
  arrivalsPerSecond: look.arrivalsPerSecond,
  departuresPerSecond: look.departuresPerSecond,
});

const EPOCH = 1_795_000_000;

/** `note`: is told what is kept and why after each tick. */
export const ours = (
  options: Readonly<Record<string, unknown>>,
  see: See = counters,
  note?: (kept: Kept | undefined, why: string, look: Look) => void,
): Rule => {
  const policy = queueDelayPolicy.parse({ type: 'queueDelay', ...options });
  let kept: Kept | undefined;
  return (look) => {
    const { desired, running, t } = look;
    const said = queueDelay(policy, {
      reading: see(look),
      from: desired,
      counts: { desired, running, pending: desired - running, deploying: false },
      tasks: { min: 0, max: 10_000 },
      at: EPOCH + t,
      kept,
      measure: () => ({ known: false, why: 'not asked' }),
      others: undefined,
    });
    kept = said.kept === undefined ? kept : JSON.parse(JSON.stringify(said.kept));
    note?.(kept, said.why, look);
    return said.known ? said.to : desired;
  };
};

const highestOf = (seconds: number): ((t: number, value: number) => number) => {
  let answers: { readonly t: number; readonly value: number }[] = [];
  return (t, value) => {
    answers = [...answers.filter((each) => t - each.t < seconds), { t, value }];
    return Math.max(...answers.map((each) => each.value));
  };
};

/** bench.md §7, with what it took per message: known µ and start-up, arrivals inferred from the counters. */
export const formula = ({
  target,
  secondsPerMessage,
  startUp,
  release = 60,
}: {
  readonly target: number;
  readonly secondsPerMessage: number;
  readonly startUp: number;
  readonly release?: number;
}): Rule => {
  const speed = 1 / secondsPerMessage;
  const wait = 0.8 * target;
  const released = highestOf(release);
  let before: Look | undefined;
  let fast = 0;
  let slow = 0;
  return (look) => {
    const size = look.visible + look.inFlight;
    if (before !== undefined) {
      const seconds = look.t - before.t;
      const busy = (Math.min(look.inFlight, look.running) + Math.min(before.inFlight, before.running)) / 2;
      const arrived = Math.max(0, (size - before.visible - before.inFlight) / seconds + busy * speed);
      fast += (1 - Math.exp(-seconds / Math.max(15, secondsPerMessage / 2))) * (arrived - fast);
      slow += (1 - Math.exp(-seconds / Math.max(90, 2 * secondsPerMessage))) * (arrived - slow);
    }
    before = look;
    const ready = look.running * speed * startUp;
    const now = (size - ready) / (speed * Math.max(wait - startUp, wait / 4));
    const later = (size + fast * startUp - ready) / (speed * wait);
    const work = size + fast * startUp;
    const usual = slow * secondsPerMessage + 0.3 * Math.sqrt(slow * secondsPerMessage);
    return released(
      look.t,
      Math.max(0, Math.ceil(Math.max(Math.min(Math.max(now, later), work), usual) - 1e-6)),
    );
  };
};

/** Knative's autoscaler: two averages of what is in the system, the quick one in panic. */
export const panic = ({
  perTask,
  stable = 60,
  quick = 6,
}: {
  readonly perTask: number;
  readonly stable?: number;
  readonly quick?: number;
}): Rule => {
  const sizes: { readonly t: number; readonly size: number }[] = [];
  let since: number | undefined;
  let top = 0;
  const mean = (t: number, seconds: number): number => {
    const inside = sizes.filter((each) => t - each.t < seconds);
    return inside.reduce((sum, { size }) => sum + size, 0) / Math.max(1, inside.length);
  };
  return ({ t, visible, inFlight, running }) => {
    sizes.push({ t, size: visible + inFlight });
    if (sizes.length > 100) sizes.shift();
    const ready = Math.max(1, running);
    const limit = (count: number): number => Math.max(Math.floor(ready / 2), Math.min(1000 * ready, count));
    const wanted = limit(Math.ceil(mean(t, stable) / perTask));
    const hurried = limit(Math.ceil(mean(t, Math.max(quick, 5)) / perTask));
    if (hurried / ready >= 2) since = t;
    else if (since !== undefined && t - since > stable) since = undefined;
    if (since === undefined) {
      top = 0;
      return wanted;
    }
    top = Math.max(top, wanted, hurried);
    return top;
  };
};

/** HPA on an average value with its defaults: 10 % tolerance, out +4 or +100 % per 15 s, in to the highest of 300 s. */
export const hpa = ({
  perTask,
  release = 300,
}: {
  readonly perTask: number;
  readonly release?: number;
}): Rule => {
  const released = highestOf(release);
  return ({ t, visible, inFlight, desired }) => {
    const size = visible + inFlight;
    const ratio = size / (perTask * desired);
    const wanted = desired > 0 && Math.abs(ratio - 1) <= 0.1 ? desired : Math.ceil(size / perTask);
    const held = released(t, wanted);
    return t % 15 === 0 ? Math.min(held, Math.max(desired + 4, 2 * desired)) : Math.min(held, desired);
  };
};
