/**
 * How many tasks a load needs at each second, for one who knows it all: d_t, the yardstick of cost and elasticity.
 *
 *     d_t = max(min, ceil(rate of arrivals in the minute around t × seconds of work of a message)), and at most max
 *
 * The minute is the 60 seconds from t - 30 on. At both ends only that part of it counts that lies within the trace, divided by its own
 * length: a mean over a whole minute would halve the demand of the first and the last second. An average over a minute, since a
 * backlog may be worked off a little later and nobody is late; so it is a yardstick of cost, no bound that nobody can pass: one who lets
 * messages wait for their whole target may need less in a peak.
 */
import { meanWork, type Trace } from '../trace.ts';

const HALF_MINUTE = 30;

/** 50 messages a second of 1.1 s each are work for 55 tasks, though 50 × 1.1 is 55.00000000000001. */
const ROUNDING = 1e-9;

/** Messages that arrive in each second; one that arrives as the trace ends belongs to its last second. */
const arrivalsOf = ({ arrivals, seconds }: Trace): Uint32Array => {
  const counts = new Uint32Array(seconds);
  for (let nth = 0; nth < arrivals.length; nth += 1) {
    const second = Math.min(seconds - 1, Math.floor(arrivals[nth] ?? 0));
    counts[second] = (counts[second] ?? 0) + 1;
  }
  return counts;
};

/** Tasks, one number for each second of the trace. `work`: seconds that a task works on a message; unset: the mean of the trace. */
export const demandOf = (
  trace: Trace,
  tasks: { readonly min: number; readonly max: number },
  work: number = meanWork(trace),
): Uint16Array => {
  const counts = arrivalsOf(trace);
  const { length } = counts;
  const demand = new Uint16Array(length);
  let messages = 0;
  for (let t = 0; t < Math.min(HALF_MINUTE, length); t += 1) messages += counts[t] ?? 0;
  for (let t = 0; t < length; t += 1) {
    const [from, to] = [t - HALF_MINUTE, t + HALF_MINUTE];
    if (t > 0) messages += (counts[to - 1] ?? 0) - (counts[from - 1] ?? 0);
    const within = Math.min(length, to) - Math.max(0, from);
    const needed = Math.ceil((messages / within) * work - ROUNDING);
    demand[t] = Math.min(tasks.max, Math.max(tasks.min, needed));
  }
  return demand;
};
