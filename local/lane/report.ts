/** What `pulsescale status` prints of one lane: at most 80 columns where the terminal has no more, a table of its services, remarks below. */
import type { Look } from '../../lambdas/store/last-tick.ts';
import { column, columnsOf, cut, cutMiddle, plain } from '../views/line.ts';
import type { Condition, ServiceCondition } from './condition.ts';
import { sentenceOf } from './pauses.ts';
import { lasting, moment, past } from './times.ts';

/** An ARN of an execution tells by its end which one it is. */
const shortOwner = (owner: string): string => owner.split(':').slice(-2).join(':');

/** The schedule looks once a minute; what has not been started after two looks is not going to be. */
const REVIVED_WITHIN_MS = 150_000;

/** A look that finds nothing writes nothing, but for one every nine minutes (`lambdas/lease/peek.ts`). */
const LOOKED_WITHIN_MS = 630_000;

/** Whether the schedule has looked of late; it may be left out of the stack. */
const looksOf = ({ expiresAt, now }: Condition): string =>
  now.getTime() - Date.parse(expiresAt) < LOOKED_WITHIN_MS
    ? 'looks once a minute'
    : `looked last at ${past(expiresAt, now)}: an alarm on a queue wakes it`;

/** Why nothing ticks, and what comes of it. */
const standstill = (condition: Condition): readonly string[] => {
  const { state, held, now, expiresAt, pauses, pauseOver, asleepSince = expiresAt } = condition;
  const whole = pauses.find(({ scope }) => scope === 'lane');
  if (whole !== undefined)
    return [
      sentenceOf(whole, now),
      held ? 'nothing is changed; its loop stops within a minute' : 'its loop stands by',
    ];
  if (state === 'ticking') return [];
  if (state === 'asleep') return [`since ${past(asleepSince, now)}: no work and no task`, looksOf(condition)];
  const since = Math.max(Date.parse(expiresAt), Date.parse(pauseOver ?? expiresAt));
  const what = pauseOver === undefined ? 'its lease ran out' : 'its pause ended';
  return [
    `${what} ${past(new Date(since).toISOString(), now)}`,
    now.getTime() - since < REVIVED_WITHIN_MS
      ? 'the schedule starts it within a minute'
      : 'the schedule should have started it: is it enabled, what says its log?',
  ];
};

/** A lease outlives its execution's hand-over by an interval and 15 s: what is left of it when the next one should have begun. */
const GRACE_MS = 15_000;

const OVERDUE = 'overdue: it should have been handed over by now, perhaps its execution died';

const isOverdue = ({ expiresAt, now }: Condition): boolean =>
  Date.parse(expiresAt) - now.getTime() < GRACE_MS;

/** What is told of the lane itself, as label and text. */
const facts = (condition: Condition): readonly (readonly [label: string, text: string])[] => {
  const { term, owner, acquiredAt, expiresAt, held, now, lastTick, pauses, untold, state } = condition;
  const since = acquiredAt === undefined ? '' : `, ${held ? 'held since' : 'taken'} ${past(acquiredAt, now)}`;
  const label = state === 'not ticking' ? 'stopped' : state;
  return [
    ...standstill(condition).map((text, nth) => [nth === 0 ? label : '', text] as const),
    ['term', `${term}${since}`],
    ['lease', `until ${moment(expiresAt, now)}, ${shortOwner(owner)}`],
    ...(state === 'ticking' && isOverdue(condition) ? [['', OVERDUE] as const] : []),
    ['last tick', lastTick === undefined ? 'none that is known of yet' : past(lastTick, now)],
    ...pauses
      .filter(({ scope }) => scope !== 'lane')
      .map((pause) => ['paused', sentenceOf(pause, now)] as const),
    ...untold.map((subject) => ['untold', subject] as const),
  ];
};

const HEADINGS = ['service', 'tasks', 'waiting', 'in flight', 'decided', 'scaled'] as const;

const amount = (value: number | null | undefined): string =>
  value === undefined ? '-' : value === null ? '?' : String(value);

const decided = ({ to, desired }: Look): string => {
  if (to === null) return '-';
  if (desired === null || to === desired) return `hold ${to}`;
  return `${to > desired ? 'out' : 'in'} ${desired} -> ${to}`;
};

/** The last change, however long ago. */
const scaled = ({ lastOut, lastIn }: ServiceCondition, now: Date): string => {
  const changes = [
    ...(lastOut === undefined ? [] : [{ way: 'out', at: Date.parse(lastOut.at) }]),
    ...(lastIn === undefined ? [] : [{ way: 'in', at: Date.parse(lastIn.at) }]),
  ].sort((one, other) => other.at - one.at);
  const [last] = changes;
  return last === undefined ? '-' : `${last.way} ${lasting(now.getTime() - last.at)} ago`;
};

const tasksOf = ({ tasks, last }: ServiceCondition): string =>
  last?.running === undefined || last.running === tasks
    ? amount(tasks)
    : `${amount(last.running)}/${amount(tasks)}`;

const cells = (each: ServiceCondition, now: Date): readonly string[] => [
  plain(each.service),
  tasksOf(each),
  each.last?.value === undefined ? amount(each.last?.visible) : '-',
  amount(each.last?.inFlight),
  each.last === undefined ? '-' : decided(each.last),
  scaled(each, now),
];

/** What does not go into the table: below the service's line. */
const remarks = (each: ServiceCondition, now: Date): readonly string[] => [
  ...(each.configured ? [] : ['not in the configuration any more']),
  ...(each.last?.value === undefined ? [] : [`its source said ${each.last.value}`]),
  ...(each.unknownSince === undefined ? [] : [`unknown since ${past(each.unknownSince, now)}`]),
  ...(each.atMaxSince === undefined ? [] : [`at its maximum since ${past(each.atMaxSince, now)}`]),
  ...(each.revivedAt === undefined ? [] : [`revived, no readings of its own yet: no scale-in`]),
];

const GAP = 2;
const LEAST_NAME = 16;

const table = (services: readonly ServiceCondition[], now: Date, columns: number): readonly string[] => {
  const rows = [HEADINGS as readonly string[], ...services.map((each) => cells(each, now))];
  const widths = HEADINGS.map((_, nth) => Math.max(...rows.map((row) => columnsOf(row[nth] ?? ''))));
  const others = widths.slice(1).reduce((sum, width) => sum + GAP + width, 0);
  const name = Math.min(widths[0] ?? 0, Math.max(LEAST_NAME, columns - others));
  const line = ([service = '', ...numbers]: readonly string[]): string =>
    [
      column(cutMiddle(service, name), name),
      // Counts stand below each other at their ends, words at their beginnings.
      ...numbers.map((text, nth) => column(text, widths[nth + 1] ?? 0, nth < 3 ? 'right' : 'left')),
    ]
      .join(' '.repeat(GAP))
      .trimEnd();
  const [heading = [], ...lines] = rows;
  return [
    line(heading),
    ...lines.flatMap((row, nth) => {
      const service = services[nth];
      return [
        line(row),
        ...(service === undefined ? [] : remarks(service, now).map((text) => `    ${text}`)),
      ];
    }),
  ];
};

/** @param columns of the terminal */
export const report = (condition: Condition, columns: number): readonly string[] => {
  const { lane, state, services, now } = condition;
  const below = facts(condition).map(([label, text]) => `  ${label.padEnd(9)}  ${plain(text)}`);
  return [
    `lane ${lane}: ${state}`,
    ...below,
    ...(services.length === 0 ? [] : ['', ...table(services, now, columns)]),
  ].map((line) => cut(line, columns));
};
