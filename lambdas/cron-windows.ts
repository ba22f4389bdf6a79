/**
 * When the windows of a schedule are open. croner does the arithmetic of cron lines and time zones.
 *
 * A window is open when of the openings and closings up to now the last was an opening: exactly from the second of an
 * opening to the second of a closing. KEDA asks whether the next closing comes before the next opening, which is the same
 * for one of each a day; with several openings to a closing (`0 8,10 * * *`, or every day from Monday on until Saturday) it
 * would close the window between two openings.
 *
 * Where clocks change, ours is cron's rule and not EventBridge's, which skips what falls into the gap. A line without `*` and
 * `/` in its minute and hour happens once a day: at the end of the gap when its time is skipped, the first time when it
 * comes twice. Any other follows the clock on the wall: not at all in the gap, and in both hours of the same name.
 *
 * Gotchas: a compiled line takes 80 kB (croner has a list of 10,000 years in each), so none is kept; what is kept is until
 * when an answer holds, and in that time it costs a look-up in place of a third of a millisecond. A window that lies in the
 * gap altogether opens and closes in the same instant: the order of its times decides, and it stays closed.
 */
import type { ScheduleWindow } from './contract/guards.ts';

export type Croner = typeof import('croner');

/** From one opening or closing to the next. Milliseconds. */
interface Span {
  readonly isOpen: boolean;
  readonly from: number;
  readonly until: number;
}

/** A lane has at most 100 × 20 windows; whatever comes on top is from configurations of former executions. */
const MOST_SPANS = 5000;
const spans = new Map<string, Span>();

const lineOf = ({ Cron }: Croner, line: string, timezone: string) =>
  new Cron(line, { timezone, paused: true, mode: '5-part', fixedTimeRule: 'no-wildcard' });

/** What the clock on the wall shows at `instant`, as if it were UTC. */
const onTheWall = ({ CronDate }: Croner, instant: number, timezone: string): Date => {
  const { year, month, day, hour, minute, second } = new CronDate(new Date(instant), timezone);
  return new Date(Date.UTC(year, month, day, hour, minute, second));
};

/** The last time up to `now`, a whole second. croner looks for what lies before a time. */
const lastOf = (croner: Croner, line: string, timezone: string, now: number): number =>
  lineOf(croner, line, timezone)
    .previousRuns(1, new Date(now + 1))[0]
    ?.getTime() ?? Number.NEGATIVE_INFINITY;

const nextOf = (croner: Croner, line: string, timezone: string, now: number): number =>
  lineOf(croner, line, timezone).nextRun(new Date(now))?.getTime() ?? Number.POSITIVE_INFINITY;

const spanAt = (croner: Croner, { start, end, timezone }: ScheduleWindow, now: number): Span => {
  const last = (line: string) => lastOf(croner, line, timezone, now);
  const [opened, closed] = [last(start), last(end)];
  const from = Math.max(opened, closed);
  const until = Math.min(...[start, end].map((line) => nextOf(croner, line, timezone, now)));
  if (opened !== closed || !Number.isFinite(from)) return { isOpen: opened > closed, from, until };
  const wall = onTheWall(croner, from, timezone).getTime();
  return { isOpen: lastOf(croner, start, 'UTC', wall) >= lastOf(croner, end, 'UTC', wall), from, until };
};

/**
 * @param at epoch seconds
 * @throws Error for a cron line or a time zone that is none
 */
export const isOpen = (croner: Croner, window: ScheduleWindow, at: number): boolean => {
  const key = `${window.start}|${window.end}|${window.timezone}`;
  const now = Math.floor(at) * 1000;
  const known = spans.get(key);
  if (known !== undefined && known.from <= now && now < known.until) return known.isOpen;
  const span = spanAt(croner, window, now);
  if (spans.size >= MOST_SPANS) spans.clear();
  spans.set(key, span);
  return span.isOpen;
};
