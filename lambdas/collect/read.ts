/**
 * Reads every source of a tick at once. Whatever goes wrong with one becomes an *unknown* reading with the reason; it
 * never becomes 0 and never stops the others.
 */
import { explainConnection } from '../contract/connection-errors.ts';
import { ConfigError, messageOf, nameOf } from '../contract/errors.ts';
import { patience } from '../contract/patience.ts';
import type { UnknownReading } from '../contract/records.ts';
import type { Owner, Sighting, Source, Trouble } from '../contract/source.ts';
import { checked } from './checked.ts';
import { type Options, type Understood, understood } from './configured.ts';
import { connectionTo, drop, optionsOf } from './connections.ts';
import { SecretError } from './secret-texts.ts';
import { renewed } from './secrets.ts';
import { type TimeLimit, timeLimits } from './time-limit.ts';
import { withNames } from './with-names.ts';

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

const patient = patience();

const unknown = (why: string, error: string): UnknownReading => ({ known: false, why, error });

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
  timeLimitMs: number,
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
    const line = connectionTo(source, options, { at: now, timeLimitMs, mayTakeMs: limit.ms });
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

/** Reads, and remembers whether there was an answer in the time that there was: {@link patience}. */
const readPatiently = async (
  { source, options, same }: Understood,
  tick: TickOfReadings,
  limitOf: (ms: number) => TimeLimit,
): Promise<Sighting> => {
  // Node's own time limits take whole milliseconds only.
  const wholeMs = Math.floor(Math.min(options.timeLimit * 1000, tick.longestMs));
  const limit = limitOf(patient.msFor(same, wholeMs));
  const seen = await readOnce(source, options, tick, limit, wholeMs);
  const tookMs = limit.ms - limit.left();
  if (seen.known) {
    patient.answered(same, tookMs);
    return seen;
  }
  const isShort = patient.failed(same, tookMs, limit.ms) && limit.ms < wholeMs;
  if (!isShort) return seen;
  return { ...seen, why: `${seen.why} (given ${limit.ms} ms of ${wholeMs}, since it keeps silent)` };
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
    const configured = understood(given, path, owner);
    const { source, options, same } = configured;
    const blind = needsInFlight ? source.blindToInFlight?.(options) : undefined;
    if (blind !== undefined) return withNames(unknown(`${path}: ${blind}`, 'ConfigError'), given);
    const reading = once.get(same) ?? readPatiently(configured, tick, limitOf);
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
