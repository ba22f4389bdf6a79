/**
 * Level and trend of what was needed of late, by exponential smoothing after Holt (1957), with weights made of the time between
 * two ticks as Wright (1986) has them:
 *
 *   expected = level + trend × Δ,  level' = expected + (1 − e^(−Δ/a)) × (need − expected)
 *   trend' = trend + (1 − e^(−Δ/b)) × ((level' − level)/Δ − trend)
 *   forecast = level + trend × c(1 − e^(−h/c))
 *
 * for the horizon h and one tick more, with a = h, b = 3h and c = 2h. The trend is damped, as Gardner and McKenzie (1985) do it,
 * but only where it looks ahead, by a fifth at the horizon. Damped in trend' as well, it came to half of the slope of a steady
 * ramp and led it by nothing. Three forecasts at most wait for their time, to be compared with what was needed then.
 */
import type { Kept } from '../policy.ts';
import { type Accuracy, compared, notCompared } from './accuracy.ts';
import { bounded, digits, type Floor, GAP_SECONDS, MOST_TASKS, noFloor, type Told } from './method.ts';
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
  trend: Math.max(60, 3 * horizon),
  fade: Math.max(60, 2 * horizon),
  /** The error is averaged over three horizons, and believed after a minute, or one horizon. */
  window: Math.min(1800, Math.max(60, 3 * horizon)),
  enough: Math.min(900, Math.max(60, horizon)),
});
type Times = ReturnType<typeof timesFor>;

const forecastOf = ({ level, trend, tick }: Smoothed, horizon: number, { fade }: Times): number =>
  Math.max(0, Math.min(MOST_TASKS, level + trend * fade * (1 - Math.exp(-(horizon + tick) / fade))));

const afterNeed = (before: Smoothed, passed: number, need: number, times: Times) => {
  if (passed === 0) return before;
  const expected = before.level + before.trend * passed;
  const level = Math.max(0, expected + (1 - Math.exp(-passed / times.level)) * (need - expected));
  const slope = (level - before.level) / passed;
  return { level, trend: before.trend + (1 - Math.exp(-passed / times.trend)) * (slope - before.trend) };
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

const courseOf = (trend: number): string => {
  const perMinute = Math.abs(trend) * 60;
  return perMinute < 0.05 ? 'steady' : `${trend < 0 ? 'falling' : 'rising'} by ${tasks(perMinute)} a minute`;
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
  const why = `${tasks(level)} needed of late, ${courseOf(trend)}: ${tasks(forecast)} in ${spelled(horizon + now.tick)}, ${offOfLate(accuracy)}`;
  return { to: Math.round(forecast), why, kept: keeps };
};
