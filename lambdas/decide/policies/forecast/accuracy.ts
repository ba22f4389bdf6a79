/**
 * How far off the forecasts were of late: the mean of |forecast − need| as a share of the larger of the two, over a window of
 * time. Divided by the larger a miss is a share from 0 to 1, so that a single hour without any need can't outweigh a week.
 * One task more or less is no miss: both are whole numbers in the end, and at night 1 instead of 2 would be 50 %.
 */
export interface Accuracy {
  /** 0 to 1. */
  readonly off: number;
  /** How long forecasts have been compared, the window at most. */
  readonly seconds: number;
}

export const notCompared: Accuracy = { off: 0, seconds: 0 };

const missOf = (forecast: number, need: number): number =>
  Math.max(0, Math.abs(forecast - need) - 1) / Math.max(1, forecast, need);

/** With a forecast compared that stood for so many seconds: a plain mean at first, a moving one once the window is full. */
export const compared = (
  { off, seconds }: Accuracy,
  { forecast, need, lasted, window }: Readonly<Record<'forecast' | 'need' | 'lasted' | 'window', number>>,
): Accuracy => {
  const total = Math.min(window, seconds + lasted);
  const weight = total > 0 ? Math.min(1, lasted / total) : 0;
  return { off: off + weight * (missOf(forecast, need) - off), seconds: total };
};
