/**
 * How long messages waited. Every message counts, from the first second on: there is no time of grace in which a scaler may still
 * learn. Quantiles are by the nearest rank, so each of them is a wait that some message had.
 */
import type { Simulated } from '../simulated.ts';

export interface Lateness {
  readonly messages: number;
  /** Share of messages, 0 to 1, that waited more than 30 s, more than 60 s and more than the target that was given. */
  readonly over30: number;
  readonly over60: number;
  readonly overTarget: number;
  /** Seconds; 0 without messages. */
  readonly p50Wait: number;
  readonly p99Wait: number;
  readonly maxWait: number;
  /** Messages that nobody has finished by the end. */
  readonly left: number;
  /** Messages whose work was lost with a task. */
  readonly lost: number;
}

/** How many of the ascending values are above the limit. */
const countAbove = (ascending: Float64Array, limit: number): number => {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) > limit) high = middle;
    else low = middle + 1;
  }
  return ascending.length - low;
};

export const latenessOf = (
  { waits, left, lost }: Pick<Simulated, 'waits' | 'left' | 'lost'>,
  target: number,
): Lateness => {
  const ascending = waits.toSorted();
  const messages = ascending.length;
  const over = (limit: number): number => countAbove(ascending, limit) / Math.max(1, messages);
  const quantile = (q: number): number => ascending[Math.max(0, Math.ceil(q * messages) - 1)] ?? 0;
  return {
    ...{ messages, over30: over(30), over60: over(60), overTarget: over(target) },
    ...{ p50Wait: quantile(0.5), p99Wait: quantile(0.99), maxWait: quantile(1), left, lost },
  };
};
