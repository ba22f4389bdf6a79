/**
 * The mean of one value a second over the last seconds (knative/serving pkg/autoscaler/aggregation/bucketing.go): while fewer have been
 * recorded than the window is long, the mean of those. Rounded to six digits, as theirs.
 */
export interface WindowAverage {
  readonly record: (value: number) => void;
  readonly average: () => number;
}

export const windowAverage = (seconds: number): WindowAverage => {
  const ring = new Float64Array(seconds);
  let recorded = 0;
  let sum = 0;
  return {
    record: (value) => {
      const index = recorded % seconds;
      sum += value - (ring[index] ?? 0);
      ring[index] = value;
      recorded += 1;
    },
    average: () => Math.round((sum / Math.max(1, Math.min(recorded, seconds))) * 1e6) / 1e6,
  };
};
