/**
 * Reads every source of a tick at once. Whatever goes wrong with one becomes an *unknown* reading with the reason; it
 * never becomes 0 and never stops the others.
 */
import { statusOf } from '../contract/aws-errors.ts';
import { ConfigError, messageOf, nameOf } from '../contract/errors.ts';
import { parseSource } from '../contract/parse.ts';
import type { Reading, UnknownReading } from '../contract/records.ts';
import type { Source } from '../contract/source.ts';
import { substitute } from '../contract/substitute.ts';
import { connectionTo, drop } from './connections.ts';
import { sourceSchema, sources } from './sources/registry.ts';

/** Well under the shortest usual tick; AWS answers in tens of milliseconds. */
const READING_TIME_LIMIT_MS = 2000;

const unknown = (why: string, error: string): UnknownReading => ({ known: false, why, error });

/** Everything a reading must be to count as known: numbers that are numbers. */
const checked = (reading: Reading): Reading => {
  if (!reading.known) return reading;
  const bad = Object.entries(reading).find(
    ([field, value]) =>
      typeof value === 'number' && (!Number.isFinite(value) || (value < 0 && field !== 'value')),
  );
  return bad === undefined ? reading : unknown(`the source answered ${bad[0]} = ${bad[1]}`, 'UnusableAnswer');
};

const readOnce = async (source: Source, options: unknown, at: string): Promise<Reading> => {
  const limit = AbortSignal.timeout(READING_TIME_LIMIT_MS);
  const late = new Promise<never>((_, reject) => {
    limit.addEventListener('abort', () => reject(limit.reason), { once: true });
  });
  try {
    // The race holds the limit even for a client that does not look at the signal.
    const reading = connectionTo(source, options).then((connection) =>
      connection.read(options, { at, signal: limit }),
    );
    return checked(await Promise.race([reading, late]));
  } catch (thrown) {
    // A server that answered, if only with a refusal, is well connected, and others are reading from it right now.
    if (statusOf(thrown) === undefined) await drop(source, options);
    return unknown(
      source.remedy?.(thrown, options) ?? `${source.type}: ${messageOf(thrown)}`,
      nameOf(thrown),
    );
  }
};

/**
 * What was replaced by `%(NAME)` may be a secret, and errors like to quote what they were given. A reason travels in the
 * state, the log and the notice, so there the name stands again.
 */
const withNames = (reading: Reading, given: unknown): Reading => {
  if (reading.known) return reading;
  const names = [...JSON.stringify(given).matchAll(/%\((\w+)\)/g)].flatMap(([, name]) => name ?? []);
  const why = names.reduce((text, name) => {
    const value = process.env[name];
    return value === undefined || value === '' ? text : text.replaceAll(value, `%(${name})`);
  }, reading.why);
  return { ...reading, why };
};

/**
 * @param given a source as configured, `%(NAME)` not yet replaced: what is replaced here never leaves this function
 * @param path of this source in the configuration, for the reason
 */
const readConfigured = (
  given: unknown,
  path: string,
  at: string,
  once: Map<string, Promise<Reading>>,
): Promise<Reading> => {
  try {
    const options = parseSource(substitute(given, process.env), sourceSchema, path);
    const source = sources[(options as { type: string }).type];
    if (source === undefined) return Promise.resolve(unknown(`${path}: no such source`, 'ConfigError'));
    const same = JSON.stringify(options);
    const reading = once.get(same) ?? readOnce(source, options, at);
    once.set(same, reading);
    return reading.then((seen) => withNames(seen, given));
  } catch (thrown) {
    const why =
      thrown instanceof ConfigError
        ? thrown.problems.map((p) => `${p.path}: ${p.message}`).join('; ')
        : messageOf(thrown);
    return Promise.resolve(withNames(unknown(why, nameOf(thrown)), given));
  }
};

/** Readers of one tick: the same read is done once, however many services ask for it. */
export const readerOf = (at: string): ((given: unknown, path: string) => Promise<Reading>) => {
  const once = new Map<string, Promise<Reading>>();
  return (given, path) => readConfigured(given, path, at, once);
};
