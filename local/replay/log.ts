/**
 * What a log of decisions says of each service, tick by tick. Four kinds of line tell something: a decision (bare, of `--json`, or
 * under the key `decision` of a line of the deployed loop), the ticks of one execution (`ticks`), and what the local runner prints once a
 * second (`world`, which needs an `event` before it to know the time of day). Everything else is none of our business.
 *
 * One tick may be told several times; what is known of it is put together, second by second.
 */

import { keyOf } from '../../lambdas/contract/config.ts';
import { type Columns, numberAt, type Ticks, ticksSchema } from '../../lambdas/contract/history.ts';
import { type Decision, decisionSchema, type KnownReading } from '../../lambdas/contract/records.ts';
import { type LogLine, type LogLines, logLinesOf, textOf } from './log-lines.ts';

/** What is known of one second. */
export interface LogTick {
  /** Epoch seconds. */
  readonly at: number;
  /** Messages; undefined: not looked at, or unknown. */
  readonly visible?: number | undefined;
  readonly inFlight?: number | undefined;
  readonly arrivalsPerSecond?: number | undefined;
  readonly departuresPerSecond?: number | undefined;
  /** Before the decision. */
  readonly desired?: number | undefined;
  readonly running?: number | undefined;
  /** What was decided; undefined: nothing was. */
  readonly to?: number | undefined;
}

export interface Log {
  /** By `cluster/service`; each in the order of time, one for each second of which something is known. */
  readonly services: ReadonlyMap<string, readonly LogTick[]>;
  /** What was made of the file's lines, and of which of them nothing could be made: sentences for people. */
  readonly said: readonly string[];
}

type Told = readonly [key: string, tick: LogTick];

const SIGNALS = ['visible', 'inFlight', 'arrivalsPerSecond', 'departuresPerSecond'] as const;

const fromReading = ({ visible, inFlight, arrivalsPerSecond, departuresPerSecond }: KnownReading) => ({
  ...{ visible, inFlight, arrivalsPerSecond, departuresPerSecond },
});

const fromDecision = (decision: Decision): Told => {
  const { at, from, to, reading } = decision;
  const seen = reading.known ? fromReading(reading) : {};
  return [keyOf(decision), { at: Math.round(Date.parse(at) / 1000), ...seen, desired: from, to }];
};

/** The sum over all sources that tell of it at all. */
const summed = (readings: readonly Columns[], signal: string, nth: number): number | undefined => {
  const known = readings.map((columns) => numberAt(columns[signal], nth)).filter((value) => value !== null);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value);
};

const wasRead = (columns: Columns, nth: number): boolean =>
  Object.values(columns).some((column) => numberAt(column, nth) !== null);

const fromTicks = ({ at, services }: Ticks): readonly Told[] =>
  Object.entries(services).flatMap(([key, { readings, counts, to }]) =>
    at.flatMap((second, nth): readonly Told[] => {
      const decided = numberAt(to, nth);
      if (decided === null) return [];
      // With one of them unknown the sum would be too little.
      const read = readings.every((columns) => wasRead(columns, nth)) ? readings : [];
      const seen = SIGNALS.map((signal) => [signal, summed(read, signal, nth)]);
      const count = (name: string): number | undefined => numberAt(counts[name], nth) ?? undefined;
      const tick: LogTick = { at: Math.round(second), ...Object.fromEntries(seen), to: decided };
      return [[key, { ...tick, desired: count('desired'), running: count('running') }]];
    }),
  );

const finite = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** @param begin epoch seconds of the runner's second 0 */
const fromWorld = (value: LogLine['value'], begin: number): readonly Told[] => {
  const { t, cluster, service, backlog, inFlight, desired, running } = value;
  if (typeof cluster !== 'string' || typeof service !== 'string' || finite(t) === undefined) return [];
  const tick: LogTick = {
    at: Math.round(begin + Number(t)),
    ...{ visible: finite(backlog), inFlight: finite(inFlight) },
    ...{ desired: finite(desired), running: finite(running) },
  };
  return [[keyOf({ cluster, service }), tick]];
};

const beginOf = ({ kind, at, t }: LogLine['value']): number | undefined =>
  kind === 'event' && typeof at === 'string' && typeof t === 'number' ? Date.parse(at) / 1000 - t : undefined;

/** What looks like a decision, wherever the line keeps it. Outcomes and notices repeat one that was logged already. */
const decisionIn = ({ kind, decision, ...value }: LogLine['value']): unknown =>
  decision ?? (kind === undefined || kind === 'decision' ? value : undefined);

interface Sorted {
  readonly decisions: readonly Told[];
  readonly ticks: readonly Told[];
  readonly world: readonly Told[];
  readonly counts: Readonly<Record<'decisions' | 'ticks' | 'world' | 'other', number>>;
}

const sorted = (lines: readonly LogLine[]): Sorted => {
  const [decisions, ticks, world]: [Told[], Told[], Told[]] = [[], [], []];
  const counts = { decisions: 0, ticks: 0, world: 0, other: 0 };
  let begin: number | undefined;
  for (const { value } of lines) {
    begin = beginOf(value) ?? begin;
    const several = ticksSchema.safeParse(value['ticks'] ?? value);
    const one = several.success ? undefined : decisionSchema.safeParse(decisionIn(value));
    const second = value['kind'] === 'world' && begin !== undefined ? fromWorld(value, begin) : [];
    world.push(...second);
    if (several.success) ticks.push(...fromTicks(several.data));
    if (one?.success) decisions.push(fromDecision(one.data));
    counts[several.success ? 'ticks' : one?.success ? 'decisions' : second.length > 0 ? 'world' : 'other'] +=
      1;
  }
  return { decisions, ticks, world, counts };
};

/**
 * One tick for each second. The kinds come in the order in which they know more: the ticks of an execution have all sources in them, a
 * decision only the one that it was made by, so each kind tells only of the seconds that none before it has told of.
 */
const merged = (kinds: readonly (readonly Told[])[]): ReadonlyMap<string, readonly LogTick[]> => {
  const services = new Map<string, Map<number, LogTick>>();
  for (const told of kinds) {
    const before = new Map([...services].map(([key, ticks]) => [key, new Set(ticks.keys())] as const));
    for (const [key, tick] of told) {
      if (before.get(key)?.has(tick.at)) continue;
      const ticks = services.get(key) ?? new Map<number, LogTick>();
      services.set(key, ticks.set(tick.at, tick));
    }
  }
  return new Map(
    [...services].map(([key, ticks]) => [key, [...ticks.values()].sort((a, b) => a.at - b.at)] as const),
  );
};

const REMEDY =
  'give the log of the decide and lease functions as CloudWatch hands it out (aws logs tail GROUP --since 1d --format short > FILE), or what npx pulsescale run --json has printed';

const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

const count = (many: number, what: string): string =>
  `${many.toLocaleString('en')} ${what}${many === 1 ? '' : 's'}`;

const skippedIn = ({ broken, plain }: LogLines): readonly string[] =>
  (
    [
      [broken, 'not whole JSON'],
      [plain, 'no JSON'],
    ] as const
  ).flatMap(([lines, what]) => {
    const [first] = lines;
    if (first === undefined) return [];
    return [
      `${count(lines.length, 'line')} skipped that ${lines.length === 1 ? 'is' : 'are'} ${what}, the first is line ${first.line}: ${quoted(first.text)}`,
    ];
  });

/** Reads what a log says. @throws Error that names the file, the line and what to do, where nothing in it is of use */
export const readLog = (file: string): Log => {
  const found = logLinesOf(textOf(file));
  const { decisions, ticks, world, counts } = sorted(found.lines);
  if (found.total === 0) throw new Error(`${file}: the file is empty; ${REMEDY}`);
  if (decisions.length + ticks.length + world.length === 0) {
    const [first] = [...found.broken, ...found.plain].sort((a, b) => a.line - b.line);
    const what = found.lines.length === 0 ? 'no line is JSON' : 'no line is a decision or the ticks of one';
    const line = found.lines[0]?.line ?? first?.line ?? 1;
    const shown = found.lines.length > 0 ? JSON.stringify(found.lines[0]?.value) : (first?.text ?? '');
    throw new Error(
      `${file}:${line}: ${what} in ${count(found.total, 'line')}, which begin with ${quoted(shown)}; ${REMEDY}`,
    );
  }
  const read = [
    [counts.decisions, count(counts.decisions, 'decision')],
    [counts.ticks, `${count(ticks.length, 'tick')} in ${count(counts.ticks, 'line')}`],
    [counts.world, `${count(counts.world, 'look')} at the local world`],
    [counts.other, `${counts.other.toLocaleString('en')} of other kinds`],
  ].flatMap(([many, said]) => (many === 0 ? [] : [said]));
  return {
    services: merged([ticks, decisions, world]),
    said: [`${count(found.total, 'line')}: ${read.join(', ')}`, ...skippedIn(found)],
  };
};
