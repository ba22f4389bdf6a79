/**
 * Reads every source of a tick at once. Whatever goes wrong with one becomes an *unknown* reading with the reason; it
 * never becomes 0 and never stops the others.
 */
import { explainConnection } from '../contract/connection-errors.ts';
import { ConfigError, messageOf, nameOf } from '../contract/errors.ts';
import type { UnknownReading } from '../contract/records.ts';
import type { Owner, Sighting, Source, Trouble } from '../contract/source.ts';
import { namesIn } from '../contract/substitute.ts';
import { type Options, understood } from './configured.ts';
import { connectionTo, drop, optionsOf } from './connections.ts';
import { SecretError } from './secret-texts.ts';
import { renewed, withoutSecrets, withoutValue } from './secrets.ts';
import { type TimeLimit, timeLimits } from './time-limit.ts';

/** What all readings of one tick have in common. */
export interface TickOfReadings {
  /** ISO 8601. */
  readonly at: string;
  /** The most that one reading may take, whatever its own limit. */
  readonly longestMs: number;
}

/** A source as it stands in the configuration. */
export interface Configured {
  /** `%(NAME)` not yet replaced: what is replaced here never leaves this room. */
  readonly given: unknown;
  /** Of this source in the configuration, for the reason. */
  readonly path: string;
  readonly owner: Owner;
  /** A policy counts what is in flight. */
  readonly needsInFlight: boolean;
}

const unknown = (why: string, error: string): UnknownReading => ({ known: false, why, error });

/** The first field that is no number of anything: NaN, infinite, or negative where only a plain value may be. */
const impossibleIn = (fields: object): readonly [field: string, value: unknown] | undefined =>
  Object.entries(fields).find(
    ([field, value]) =>
      typeof value === 'number' && (!Number.isFinite(value) || (value < 0 && field !== 'value')),
  );

/** Everything a reading must be to count as known: numbers that are numbers. */
const checked = (seen: Sighting): Sighting => {
  if (!seen.known) return seen;
  const { totals, values } = seen;
  const bad =
    impossibleIn(seen) ??
    (totals && impossibleIn(totals)) ??
    (values && Object.entries(values).find(([, value]) => !Number.isFinite(value)));
  return bad === undefined ? seen : unknown(`the source answered ${bad[0]} = ${bad[1]}`, 'UnusableAnswer');
};

const troubleOf = (source: Source, thrown: unknown, options: Options): Trouble => {
  if (thrown instanceof SecretError) return { kind: 'answered', why: thrown.message };
  const own = source.trouble?.(thrown, options);
  if (own !== undefined) return own;
  const why = explainConnection(thrown, source.server(options));
  return { kind: 'broken', why: why ?? `${source.server(options)}: ${messageOf(thrown)}` };
};

const readOnce = (
  source: Source,
  options: Options,
  tick: TickOfReadings,
  limit: TimeLimit,
): Promise<Sighting> => {
  const { at } = tick;
  const now = Date.parse(at);
  const context = {
    at,
    tick,
    msLeft: limit.left,
    get signal() {
      return limit.signal;
    },
  };

  const attempt = async (more: boolean): Promise<Sighting> => {
    const line = connectionTo(source, options, { at: now, timeLimitMs: limit.ms });
    try {
      const seen = line.then((connection) => connection.read(options, context));
      return checked(await Promise.race([seen, limit.over]));
    } catch (thrown) {
      const { kind, why } = troubleOf(source, thrown, options);
      // A server that answered, if only with a refusal, is well connected, and others are reading from it right now.
      if (kind !== 'answered') drop(source, options, line);
      const rotated =
        kind === 'login' && more
          ? await renewed(options, await optionsOf(line), { tick, at: now }, limit.signal).catch(() => false)
          : false;
      return rotated ? attempt(false) : unknown(why, nameOf(thrown));
    }
  };
  return attempt(true);
};

/**
 * What was replaced by `%(NAME)` may be a secret, and errors like to quote what they were given, as servers do. A reason
 * travels in the state, the log and the notice, so there the name stands again.
 */
const withNames = (seen: Sighting, given: unknown): Sighting => {
  if (seen.known && seen.notes === undefined) return seen;
  const names = namesIn(JSON.stringify(given));
  const cleaned = (said: string): string =>
    names.reduce(
      (text, name) => withoutValue(text, process.env[name] ?? '', `%(${name})`),
      withoutSecrets(said),
    );
  return seen.known
    ? { ...seen, ...(seen.notes === undefined ? {} : { notes: seen.notes.map(cleaned) }) }
    : { ...seen, why: cleaned(seen.why) };
};

const settling = (seen: Sighting, { settlesInSeconds }: Source): Sighting =>
  seen.known && settlesInSeconds !== undefined ? { ...seen, settlesInSeconds } : seen;

const readConfigured = async (
  { given, path, owner, needsInFlight }: Configured,
  tick: TickOfReadings,
  limitOf: (ms: number) => TimeLimit,
  once: Map<string, Promise<Sighting>>,
): Promise<Sighting> => {
  try {
    const { source, options, same } = understood(given, path, owner);
    const blind = needsInFlight ? source.blindToInFlight?.(options) : undefined;
    if (blind !== undefined) return withNames(unknown(`${path}: ${blind}`, 'ConfigError'), given);
    // Node's own time limits take whole milliseconds only.
    const limit = limitOf(Math.floor(Math.min(options.timeLimit * 1000, tick.longestMs)));
    const reading = once.get(same) ?? readOnce(source, options, tick, limit);
    once.set(same, reading);
    return withNames(settling(await reading, source), given);
  } catch (thrown) {
    const why =
      thrown instanceof ConfigError
        ? thrown.problems.map((p) => `${p.path}: ${p.message}`).join('; ')
        : messageOf(thrown);
    return withNames(unknown(why, nameOf(thrown)), given);
  }
};

/** Readers of one tick: the same read is done once, however many services ask for it. */
export const readerOf = (given: TickOfReadings): ((source: Configured) => Promise<Sighting>) => {
  const tick = { ...given };
  const once = new Map<string, Promise<Sighting>>();
  const limitOf = timeLimits();
  return (source) => readConfigured(source, tick, limitOf, once);
};
