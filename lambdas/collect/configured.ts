/**
 * From a source as it stands in the configuration to options that can be read with. The same few sources come by at every
 * tick, so what was understood once is kept: understanding it anew took longer than asking a Redis server.
 */
import { ConfigError } from '../contract/errors.ts';
import { parseSource } from '../contract/parse.ts';
import type { Owner, Source } from '../contract/source.ts';
import { namesIn, substitute } from '../contract/substitute.ts';
import { sourceSchema, sources } from './sources/registry.ts';

/** What every source's options have. */
export type Options = { readonly type: string; readonly timeLimit: number };

export interface Understood {
  readonly source: Source;
  /** The same object for the same source and service. */
  readonly options: Options;
  /** Equal for sources that read the same. */
  readonly same: string;
}

/** Far above the sources of a lane; an input's configuration may be another one in each execution. */
const MOST_KEPT = 1000;
const kept = new Map<string, Understood>();

const understand = (filled: unknown, path: string, owner: Owner): Understood => {
  const parsed = parseSource(filled, sourceSchema, path);
  const source = sources[parsed.type];
  if (source === undefined) throw new ConfigError([{ path, message: `there is no source "${parsed.type}"` }]);
  const options = (source.complete?.(parsed, owner) ?? parsed) as Options;
  return { source, options, same: JSON.stringify(options) };
};

interface Written {
  readonly json: string;
  /** The variables that it names. */
  readonly names: readonly string[];
}
const written = new WeakMap<object, Written>();

const read = (given: unknown): Written => {
  const json = JSON.stringify(given);
  return { json, names: namesIn(json) };
};

const writtenAs = (given: unknown): Written => {
  if (typeof given !== 'object' || given === null) return read(given);
  const known = written.get(given) ?? read(given);
  written.set(given, known);
  return known;
};

/** What tells one source from another: how it is written, the values of its variables, and where it stands. */
const keyOf = (given: unknown, { cluster, service }: Owner): string => {
  const { json, names } = writtenAs(given);
  const values = names.map((name) => process.env[name]);
  return [json, cluster, service, ...values].join('\n');
};

/**
 * @param given `%(NAME)` not yet replaced
 * @param path of it in the configuration
 * @throws ConfigError with every problem
 */
export const understood = (given: unknown, path: string, owner: Owner): Understood => {
  const key = keyOf(given, owner);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const fresh = understand(substitute(given, process.env), path, owner);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, fresh);
  return fresh;
};
