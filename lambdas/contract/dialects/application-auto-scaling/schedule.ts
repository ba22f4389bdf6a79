/**
 * Scheduled actions. Each sets bounds that stay until the next one; here a window has a beginning and an end. So actions of the same days become
 * windows from each to the next, round the clock.
 */
import { cronProblem, isTimeZone } from '../../cron.ts';
import type { Ledger } from '../ledger.ts';
import type { Fields } from '../values.ts';

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** `cron(0 8 ? * 2-6 *)`: six fields, `?` for any, and Sunday is 1. */
const cronIn = (schedule: string): string | undefined => {
  const fields = /^cron\((.*)\)$/.exec(schedule.trim())?.[1]?.trim().split(/\s+/) ?? [];
  const [minute, hour, day, month, weekday = '*', year = '*'] = fields;
  if (fields.length < 5 || fields.length > 6 || year !== '*') return undefined;
  const named = weekday.replace(/(?<![/\w])[1-7](?!\w)/g, (digit) => DAYS[Number(digit) - 1] ?? digit);
  const line = [minute, hour, day, month, named].map((field) => (field === '?' ? '*' : field)).join(' ');
  return cronProblem(line) === undefined ? line : undefined;
};

interface Action {
  readonly read: Ledger;
  readonly line: string;
  readonly timezone: string;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

const ONCE =
  'No equivalent, and left out: a window of the schedule comes back, this happens once, at a rate, or by cron that only AWS has (L, W, #, a year).';
const ENDS = 'No equivalent: a window of the schedule has no first and no last day.';
const ALONE =
  'It sets bounds that stay until another action sets others, and there is none that could end the window: left out, write tasks, or schedule: [{ start, end, min, max }].';
const ORDER =
  'No equivalent: of several actions the order is only clear where all are of the same days and time zone, each at one time. Left out, write schedule: [{ start, end, min, max }].';

const actionIn = (read: Ledger): Action | undefined => {
  const line = cronIn(read.text('Schedule') ?? '');
  const timezone = read.text('Timezone') ?? 'UTC';
  read.ignore(
    'ScheduledActionName',
    'ScheduledActionARN',
    'ServiceNamespace',
    'ResourceId',
    'ScalableDimension',
    'CreationTime',
  );
  for (const key of ['StartTime', 'EndTime']) if (read.has(key)) read.tell(key, ENDS);
  const bounds = read.at('ScalableTargetAction');
  const [min, max] = [bounds.whole('MinCapacity'), bounds.whole('MaxCapacity')];
  if (!isTimeZone(timezone)) read.refuse('Timezone', 'expected an IANA time zone like "Europe/Berlin"');
  if (line !== undefined) return { read, line, timezone, min, max };
  read.leaveOut(ONCE);
  return undefined;
};

/** The minute of the day, where it is one. */
const minuteOf = ({ line }: Action): number => {
  const [minute, hour] = line.split(' ').map(Number);
  return (hour ?? Number.NaN) * 60 + (minute ?? Number.NaN);
};

const daysOf = ({ line, timezone }: Action): string => `${line.split(' ').slice(2).join(' ')} ${timezone}`;

/** In the order of time; undefined: it is not clear. Of two it does not matter. */
const inOrder = (actions: readonly Action[]): readonly Action[] | undefined => {
  const isSameZone = actions.every(({ timezone }) => timezone === actions[0]?.timezone);
  if (actions.length === 2) return isSameZone ? actions : undefined;
  const isClear = actions.every(
    (each) => daysOf(each) === daysOf(actions[0] as Action) && Number.isFinite(minuteOf(each)),
  );
  return isClear ? [...actions].sort((one, other) => minuteOf(one) - minuteOf(other)) : undefined;
};

export interface Scheduled {
  readonly tasks: { readonly min: number; readonly max: number };
  readonly schedule: readonly Fields[];
}

/** Windows, and the bounds widened so that each window has room. */
export const scheduledBy = (reads: readonly Ledger[], tasks: Scheduled['tasks']): Scheduled => {
  const actions = reads.map(actionIn).filter((action) => action !== undefined);
  const ordered = actions.length > 1 ? inOrder(actions) : undefined;
  if (ordered === undefined) {
    for (const { read } of actions) read.leaveOut(actions.length === 1 ? ALONE : ORDER);
    return { tasks, schedule: [] };
  }
  const bounded = ordered.map((action) => {
    const min = action.min ?? tasks.min;
    return { ...action, min, max: Math.max(min, action.max ?? tasks.max) };
  });
  const least = Math.min(...bounded.map(({ min }) => min));
  const most = Math.max(...bounded.map(({ max }) => max));
  const schedule = bounded.flatMap(({ line, timezone, min, max }, nth): readonly Fields[] => {
    const end = bounded[(nth + 1) % bounded.length]?.line;
    if (min === least && max === most) return [];
    return [
      { start: line, end, timezone, ...(min === least ? {} : { min }), ...(max === most ? {} : { max }) },
    ];
  });
  for (const { read } of bounded)
    read.note(
      'ScalableTargetAction',
      'There bounds that stay until the next action; here a window of the schedule until then, and outside of it tasks, which has room for all of them.',
    );
  return { tasks: { min: least, max: most }, schedule };
};
