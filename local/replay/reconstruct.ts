/**
 * The load behind a log: what arrived between two looks is what the backlog grew by and what departed meanwhile.
 *
 *     arrivals = Δ(visible + in flight) + departures
 *
 * Arrivals or departures that the source counted are taken as they are. Elsewhere departures are busy tasks ÷ seconds of work, where busy are the messages in flight, at most one for
 * each task (of what does not tell what is in flight: all tasks that run, while anything waits).
 *
 * Gotchas
 * - Seconds of work are told, or learned (`work.ts`).
 * - Every message is given the mean: how work varies is not in a log.
 * - Fractions and what noise makes negative are carried on, so that no message is lost or invented over time.
 * - What the log finds waiting at its beginning arrives in its first second.
 */
import type { Trace } from '../simulation/trace.ts';
import type { LogTick } from './log.ts';
import { fromBends, fromCounts, mostByFalls, type Span } from './work.ts';

/** A tick at which the queue was seen. */
interface Seen extends LogTick {
  readonly visible: number;
}

export interface Load {
  readonly trace: Trace;
  /** Epoch seconds of its beginning. */
  readonly begin: number;
  /** Mean seconds of work of a message. */
  readonly work: number;
  /** Tasks at its beginning. */
  readonly running: number;
  /** Whether its source counts arrivals and departures. */
  readonly hasRates: boolean;
  /** What is known, and what was guessed: sentences for people. */
  readonly said: readonly string[];
}

export interface Given {
  /** Seconds of work of a message, and who says so. */
  readonly work?: { readonly seconds: number; readonly by: string } | undefined;
}

const LONG_GAP = 300;

const backlog = ({ visible, inFlight = 0 }: Seen): number => visible + inFlight;

const tasksAt = ({ running, desired, to }: LogTick): number => running ?? desired ?? to ?? 0;

const busyAt = (tick: Seen): number =>
  tick.inFlight === undefined
    ? tick.visible > 0
      ? tasksAt(tick)
      : 0
    : Math.min(tick.inFlight, tasksAt(tick));

/**
 * Where a backlog ran out between two looks all tasks were busy until then, and as many as at the end from then on: that is what
 * arrivals kept busy. Seconds until then, with `idle` tasks to work it off.
 */
const drainSeconds = (before: Seen, after: Seen, work: number): number => {
  if (before.visible === 0 || after.visible > 0) return 0;
  const idle = Math.max(0, tasksAt(after) - busyAt(after));
  return idle === 0 ? 0 : Math.min(after.at - before.at, (before.visible * work) / idle);
};

/** Messages that the busy tasks have finished from one look to the next. */
const finished = (before: Seen, after: Seen, work: number): number => {
  const seconds = after.at - before.at;
  const drain = drainSeconds(before, after, work);
  const [first, last] = drain > 0 ? [busyAt(after), busyAt(after)] : [busyAt(before), busyAt(after)];
  return (drain * tasksAt(after) + (seconds - drain) * ((first + last) / 2)) / work;
};

const spansOf = (seen: readonly Seen[]): readonly Span[] =>
  seen.slice(1).flatMap((tick, nth) => {
    const before = seen[nth];
    if (before === undefined) return [];
    const seconds = tick.at - before.at;
    const counted = (rate: number | undefined) => (rate === undefined ? undefined : rate * seconds);
    return [
      {
        isFull: before.visible > 0 && tick.visible > 0,
        ...{ from: before.at, seconds, grown: backlog(tick) - backlog(before) },
        busySeconds: ((busyAt(before) + busyAt(tick)) / 2) * seconds,
        ...{ arrived: counted(tick.arrivalsPerSecond), departed: counted(tick.departuresPerSecond) },
        finished: (work: number) => finished(before, tick, work),
      },
    ];
  });

const seconds = (value: number): string => `${Number(value.toPrecision(3))} s`;

const workOf = (spans: readonly Span[], { work }: Given): readonly [work: number, said: string] => {
  if (work !== undefined)
    return [work.seconds, `a message is ${seconds(work.seconds)} of work, as ${work.by} says`];
  const counted = fromCounts(spans);
  if (counted !== undefined)
    return [
      counted,
      `a message is ${seconds(counted)} of work, by what busy tasks and counted messages tell`,
    ];
  const learned = fromBends(spans);
  if (learned !== undefined)
    return [
      learned,
      `a message is about ${seconds(learned)} of work, by how the backlog bent as tasks came and went (--work SECONDS, where you know better: what is said below hangs on it)`,
    ];
  const most = mostByFalls(spans);
  const hint = most === undefined ? '' : ` (${seconds(most)} or less, as fast as its backlog fell)`;
  throw new Error(
    `the log does not tell how long a task works on a message: its source counts no departures, and too few tasks came and went while messages waited; give --work SECONDS${hint}`,
  );
};

const isSeen = (tick: LogTick): tick is Seen => tick.visible !== undefined;

const remarks = (
  ticks: readonly LogTick[],
  seen: readonly Seen[],
  spans: readonly Span[],
): readonly string[] => {
  const gaps = spans.filter((span) => span.seconds > LONG_GAP);
  const unseen = ticks.length - seen.length;
  return [
    ...(unseen > 0
      ? [
          `at ${unseen} of ${ticks.length} ticks the queue could not be seen: what arrived around them is spread evenly`,
        ]
      : []),
    ...(gaps.length > 0
      ? [
          `${gaps.length} ${gaps.length === 1 ? 'gap is' : 'gaps are'} longer than ${LONG_GAP / 60} minutes (the longest ${Math.round(Math.max(...gaps.map((span) => span.seconds)) / 60)}): what arrived in them is guessed from both ends; keep the lines of the ticks (message "ticks") in the log`,
        ]
      : []),
    ...(seen.every(({ inFlight }) => inFlight === undefined)
      ? ['the source does not tell what is in flight: while nothing waits, what arrives is not seen']
      : []),
    ...(seen.every(({ running }) => running === undefined)
      ? ['the log does not tell how many tasks ran: as many as desired are taken']
      : []),
  ];
};

/** The load behind the ticks of one service. @throws Error that says what is missing, and what to do */
export const reconstruct = (name: string, ticks: readonly LogTick[], given: Given): Load => {
  const seen = ticks.filter(isSeen);
  const [first] = seen;
  const last = seen.at(-1);
  if (first === undefined || last === undefined) {
    throw new Error(
      `no reading has a count of waiting messages (${ticks.length} ticks): a load can't be made of a source that is no queue; give it as --trace FILE`,
    );
  }
  if (last.at <= first.at)
    throw new Error('the log has a single tick: at least two are needed, and better some minutes of them');
  const spans = spansOf(seen);
  const [work, saidWork] = workOf(spans, given);

  const arrivals: number[] = Array.from({ length: Math.round(backlog(first)) }, () => 0);
  let owed = 0;
  let deepest = 0;
  for (const span of spans) {
    owed += span.arrived ?? span.grown + (span.departed ?? span.finished(work));
    deepest = Math.min(deepest, owed);
    const whole = Math.max(0, Math.floor(owed + 1e-6));
    for (let nth = 0; nth < whole; nth += 1)
      arrivals.push(span.from - first.at + ((nth + 0.5) / whole) * span.seconds);
    owed -= whole;
  }
  const total = arrivals.length;
  const hasRates = seen.some((tick) => tick.arrivalsPerSecond !== undefined);
  return {
    trace: {
      ...{ name, arrivals: Float64Array.from(arrivals), work: new Float64Array(total).fill(work) },
      seconds: last.at - first.at,
    },
    ...{ begin: first.at, work, running: tasksAt(first), hasRates },
    said: [
      saidWork,
      ...remarks(ticks, seen, spans),
      ...(-deepest > Math.max(10, total / 20)
        ? [
            `the backlog fell by ${Math.round(-deepest)} messages more than the busy tasks could finish: --work is too large, or messages expired`,
          ]
        : []),
    ],
  };
};
