/**
 * What the desired count was of late, kept in a few numbers whatever the length: from each moment on it lay between a low and a high.
 *
 * What was seen is what counts. A decision that nobody carried out leaves no trace: the next tick sees the count that was there before.
 * A count that is neither the one decided nor the one before it was set by somebody else, or by an answer that got lost. The HPA
 * ignores such changes; here they make every earlier *high* at least as high or every earlier *low* at least as low, so that somebody
 * else's change never makes room for one of ours.
 *
 * When there are more spans than `MOST`, the two neighbours that lose least by it become one, from the lower low to the higher
 * high. So the count at any moment is never outside, and a limit worked out from the right end never allows more than it would
 * with all counts at hand.
 */
import type { Kept } from './policies/policy.ts';
import { isLost } from './window.ts';

export interface Span {
  /** Epoch seconds from which on it holds. */
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

/** Six spans take at most about 70 characters of memory. */
const MOST = 6;

/** A span for each moment at which the count changed, oldest first. The last one holds now. */
export type Past = readonly Span[];

const hull = (one: Span, other: Span): Span => ({
  at: one.at,
  low: Math.min(one.low, other.low),
  high: Math.max(one.high, other.high),
});

/** What it was when it was last looked at, and then: age of each span, its low, and by how much its high is more. */
const fromKept = (kept: Kept): { readonly last: number; readonly spans: Past } => {
  const last = kept[0] ?? 0;
  const spans: Span[] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (let index = 1; index < kept.length; index += 3) {
    const at = last - (kept[index] ?? Number.NaN);
    const low = kept[index + 1] ?? Number.NaN;
    const high = low + (kept[index + 2] ?? Number.NaN);
    const isSound = Number.isSafeInteger(low) && Number.isSafeInteger(high) && 0 <= low && low <= high;
    if (!isSound || !(before <= at && at <= last)) return { last, spans: [] };
    spans.push({ at, low, high });
    before = at;
  }
  return { last, spans };
};

/** @param seconds for how long back anybody will ask */
export const keptOf = (past: Past, now: number, seconds: number): Kept => {
  const oldest = now - seconds;
  // The last span that had begun by then is the first that anybody will ask for.
  const first = past.findLastIndex(({ at }) => at <= oldest);
  const kept = [now];
  for (const { at, low, high } of bounded(past.slice(Math.max(0, first))))
    kept.push(now - Math.max(at, oldest), low, high - low);
  return kept;
};

/** The last two stay apart: the next tick compares the count with both. */
const bounded = (past: Past): Past => {
  if (past.length <= MOST) return past;
  const cost = (index: number): number => {
    const [one, other, next] = past.slice(index, index + 3);
    if (!one || !other || !next) return Number.POSITIVE_INFINITY;
    const { low, high } = hull(one, other);
    const width = high - low;
    return (
      (width - one.high + one.low) * (other.at - one.at) +
      (width - other.high + other.low) * (next.at - other.at)
    );
  };
  let cheapest = 0;
  for (let index = 1; index < past.length - 3; index += 1) if (cost(index) < cost(cheapest)) cheapest = index;
  return bounded(
    past.flatMap((span, index) => {
      const next = past[index + 1];
      if (index === cheapest && next !== undefined) return [hull(span, next)];
      return index === cheapest + 1 ? [] : [span];
    }),
  );
};

/** With another count from `at` on. */
export const withCount = (past: Past, at: number, count: number): Past => {
  const last = past.at(-1);
  return last?.low === count && last.high === count ? past : [...past, { at, low: count, high: count }];
};

/** What is remembered, with the count of now; that alone, where nothing is. */
export const pastCounts = (kept: Kept | undefined, now: number, desired: number): Past => {
  const { last, spans } = fromKept(kept ?? []);
  const expected = spans.at(-1);
  if (expected === undefined || isLost(last, now)) return [{ at: now, low: desired, high: desired }];
  if (expected.low === desired && expected.high === desired) return spans;
  const before = expected.at === last && spans.length > 1 ? spans.slice(0, -1) : spans;
  const { low: least, high: most } = before.at(-1) ?? expected;
  const widened = before.map(({ at, low, high }) => ({
    at,
    low: desired < least ? Math.min(low, desired) : low,
    high: desired > most ? Math.max(high, desired) : high,
  }));
  return withCount(widened, last, desired);
};

/** Between which counts it was so many seconds ago; `known`: that far back is remembered. */
export const countAgo = (past: Past, now: number, seconds: number) => {
  const then = past.findLast(({ at }) => at <= now - seconds);
  const { low, high } = then ?? past[0] ?? { low: 0, high: 0 };
  return { known: then !== undefined, low, high };
};
