/**
 * Level and trend of what was needed of late, by exponential smoothing after Holt, the trend damped after Gardner and
 * McKenzie (1985), its weights made of the time between two ticks after Wright (1986).
 *
 * With α = 1 − e^(−Δ/a), β = 1 − e^(−Δ/b) and the trend fading as e^(−t/c), which comes to c(1 − e^(−t/c)) of it in t seconds:
 *
 *   expected = level + trend × c(1 − e^(−Δ/c)),  level' = expected + α(need − expected)
 *   trend' = fading + β((level' − level)/Δ − fading),  fading = trend × e^(−Δ/c)
 *   forecast = level + trend × c(1 − e^(−h/c))
 *
 * for the horizon h and one tick more. The constants grow with it: a = h, b = c = 2h, at least 30 s and 60 s. Three
 * forecasts at most wait for their time, to be compared with what was needed then.
 */
import type { Kept } from '../policy.ts';
import { type Accuracy, compared, notCompared } from './accuracy.ts';
import { digits, type Floor, GAP_SECONDS, MOST_TASKS, noFloor, type Told } from './method.ts';
import { notUsed, offOfLate, shareOf, spelled, tasks, tooOld } from './sentence.ts';

interface Due {
  /** Epoch seconds. */
  readonly at: number;
  readonly forecast: number;
}

interface Smoothed {
  readonly last: number;
  readonly tick: number;
  readonly level: number;
  /** Tasks per second. */
  readonly trend: number;
  readonly accuracy: Accuracy;
  readonly due: readonly Due[];
}

const MOST_DUE = 3;

const timesFor = (horizon: number) => ({
  level: Math.max(30, horizon),
  trend: Math.max(60, 2 * horizon),
  fade: Math.max(60, 2 * horizon),
  /** The error is averaged over three horizons, and believed after a minute, or one horizon. */
  window: Math.min(1800, Math.max(60, 3 * horizon)),
  enough: Math.min(900, Math.max(60, horizon)),
});
type Times = ReturnType<typeof timesFor>;

const total = (trend: number, seconds: number, { fade }: Times): number =>
  trend * fade * (1 - Math.exp(-seconds / fade));

const forecastOf = ({ level, trend, tick }: Smoothed, horizon: number, times: Times): number =>
  Math.max(0, Math.min(MOST_TASKS, level + total(trend, horizon + tick, times)));

const afterNeed = (before: Smoothed, passed: number, need: number, times: Times) => {
  if (passed === 0) return before;
  const expected = before.level + total(before.trend, passed, times);
  const level = Math.max(0, expected + (1 - Math.exp(-passed / times.level)) * (need - expected));
  const fading = before.trend * Math.exp(-passed / times.fade);
  const slope = (level - before.level) / passed;
  return { level, trend: fading + (1 - Math.exp(-passed / times.trend)) * (slope - fading) };
};

const learned = (before: Smoothed | undefined, at: number, given: number, horizon: number): Smoothed => {
  const need = Math.min(given, MOST_TASKS);
  const passed = before === undefined ? -1 : at - before.last;
  if (before === undefined || passed < 0 || passed > GAP_SECONDS)
    return { last: at, tick: 0, level: need, trend: 0, accuracy: notCompared, due: [] };
  const times = timesFor(horizon);
  const lasted = Math.max(passed, horizon / 2);
  const accuracy = before.due
    .filter((each) => each.at <= at)
    .reduce(
      (sofar, { forecast }) => compared(sofar, { forecast, need, lasted, window: times.window }),
      before.accuracy,
    );
  const due = before.due.filter((each) => each.at > at);
  const now = { ...before, last: at, tick: passed, accuracy, due, ...afterNeed(before, passed, need, times) };
  const latest = due.at(-1)?.at ?? at;
  const isTime = due.length < MOST_DUE && at + horizon - latest >= horizon / 2;
  if (!isTime) return now;
  return {
    ...now,
    due: [...due, { at: Math.ceil(at + horizon), forecast: forecastOf(now, horizon, times) }],
  };
};

/** Stands where the seasonal forecast has its season. */
const MARK = -1;
const LENGTH = 6;

const toKept = ({ last, level, trend, accuracy, due }: Smoothed): Kept => [
  MARK,
  last,
  digits(level, 6),
  digits(trend, 4),
  digits(accuracy.off, 4),
  digits(accuracy.seconds, 5),
  ...due.flatMap(({ at, forecast }) => [at - last, digits(forecast, 4)]),
];

const fromKept = (kept: Kept | undefined): Smoothed | undefined => {
  const [mark, last = 0, level = 0, trend = 0, off = 0, seconds = 0, ...rest] = kept ?? [];
  if (kept === undefined || mark !== MARK || kept.length < LENGTH || rest.length % 2 === 1) return undefined;
  const bounded = (value: number, most: number): number => Math.max(0, Math.min(most, value));
  return {
    last: Math.round(last),
    tick: 0,
    level: bounded(level, MOST_TASKS),
    trend: Math.max(-MOST_TASKS, Math.min(MOST_TASKS, trend)),
    accuracy: { off: bounded(off, 1), seconds: bounded(seconds, 1800) },
    due: Array.from({ length: Math.min(MOST_DUE, rest.length / 2) }, (_, nth) => ({
      at: Math.round(last + bounded(rest[2 * nth] ?? 0, 3600)),
      forecast: bounded(rest[2 * nth + 1] ?? 0, MOST_TASKS),
    })),
  };
};

export const smoothing = ({ policy, at, kept, need }: Told): Floor => {
  const { horizon, maxError } = policy;
  const before = fromKept(kept);
  const now = need === undefined ? before : learned(before, at, need, horizon);
  if (now === undefined) return noFloor('learning: nothing seen yet');
  const ago = at - now.last;
  if (ago < 0 || ago > GAP_SECONDS) return noFloor(tooOld(ago));
  const keeps = need === undefined ? undefined : toKept(now);
  const { accuracy, level, trend } = now;
  const times = timesFor(horizon);
  if (accuracy.seconds < times.enough)
    return noFloor(`learning: compared for ${shareOf(accuracy.seconds, times.enough)}`, keeps);
  if (accuracy.off > maxError) return noFloor(notUsed(accuracy, maxError), keeps);
  const forecast = forecastOf(now, horizon, times);
  const course = `${trend < 0 ? '-' : '+'}${tasks(Math.abs(trend) * 60)} a minute`;
  const why = `${tasks(level)} needed of late, ${course}: ${tasks(forecast)} in ${spelled(horizon + now.tick)}, ${offOfLate(accuracy)}`;
  return { to: Math.round(forecast), why, kept: keeps };
};
