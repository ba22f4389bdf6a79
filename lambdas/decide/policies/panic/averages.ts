/**
 * Averages over a stretch of time that ends now, from a handful of numbers.
 *
 * Each value stands for the time since the one before it, so that ticks of any length come to the same average, and one that
 * came later than usual stands for its usual time only: what nobody saw in between goes on as it was, or a broker that answers
 * again after a minute would fill the whole window with its first answer. Before the first value nothing is known, and the
 * average is over what is.
 *
 * `plain`: the mean of the window, from buckets that lie on a grid of whole seconds, newest first. Knative's have a second
 * each; ours are as many seconds wide as it takes to have few, and what has left the window with only a part of a bucket is
 * taken to be like the rest of it.
 *
 * `weighted`: Knative's Σ vᵢ·c·(1 − c)^i, i = 0 the newest second and c = max(1 − 0.0001^(1/n), 0.2) for a window of n seconds,
 * as a recurrence: one number. It differs where the window has not filled: Knative takes 0 for what it has not seen.
 *
 * Source: Knative `pkg/autoscaler/aggregation/bucketing.go`, see `shared/facts/scaling-rules.md`.
 */

export interface Window {
  readonly seconds: number;
  /** Of a bucket, in seconds; undefined: a weighted average. */
  readonly width: number | undefined;
}

/** What has been seen of the load, up to `at`. */
export interface Seen {
  /** Epoch seconds, whole ones. */
  readonly at: number;
  /** For how many seconds there have been values. */
  readonly seconds: number;
}

/** A value and the times that it stands for. */
interface Stretch {
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

const bucketAt = (second: number, width: number): number => Math.ceil(second / width);

/** How many numbers are kept of it. */
export const sizeOf = ({ seconds, width }: Window, seen: Seen): number => {
  if (width === undefined) return 1;
  const first = seen.at - Math.min(seen.seconds, seconds) + 1;
  return bucketAt(seen.at, width) - bucketAt(first, width) + 1;
};

const filled = (
  buckets: readonly number[],
  width: number,
  before: Seen,
  stretch: Stretch,
): readonly number[] => {
  const all = [...buckets];
  for (let time = stretch.from; time < stretch.to; ) {
    const inBucket = time % width;
    const end = Math.min(stretch.to, time - inBucket + width);
    const [newest] = all;
    if (inBucket === 0 || newest === undefined) all.unshift(stretch.value);
    else {
      const old = Math.min(inBucket, before.seconds + time - before.at);
      all[0] = (newest * old + stretch.value * (end - time)) / (old + end - time);
    }
    time = end;
  }
  return all;
};

/** The share of the newest second in a weighted average over so many. */
export const newestShare = (seconds: number): number => Math.max(1 - 0.0001 ** (1 / seconds), 0.2);

/** The numbers of a window once `value` has come, which stands for the last `covers` of the seconds from `before` to `at`. */
export const extended = (
  numbers: readonly number[],
  window: Window,
  before: Seen,
  { value, at, covers }: { readonly value: number; readonly at: number; readonly covers: number },
): readonly number[] => {
  const { seconds, width } = window;
  const [newest = value] = numbers;
  if (width === undefined) {
    const left = (1 - newestShare(seconds)) ** covers;
    return [newest * left + value * (1 - left)];
  }
  const unseen = filled(numbers, width, before, { value: newest, from: before.at, to: at - covers });
  return filled(unseen, width, before, { value, from: at - covers, to: at });
};

/** The average of the window that ends at `seen.at`. */
export const averageOf = (numbers: readonly number[], { seconds, width }: Window, seen: Seen): number => {
  const [newest = 0] = numbers;
  if (width === undefined) return newest;
  const last = bucketAt(seen.at, width);
  const begin = seen.at - Math.min(seen.seconds, seconds);
  let total = 0;
  let weight = 0;
  numbers.forEach((mean, age) => {
    const end = Math.min((last - age) * width, seen.at);
    const inside = Math.max(0, end - Math.max((last - age - 1) * width, begin));
    total += mean * inside;
    weight += inside;
  });
  return weight > 0 ? total / weight : newest;
};
