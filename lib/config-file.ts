/**
 * A configuration in a file, or in a folder of files that are one together: YAML or JSON, our own shape or a dialect, each file recognised
 * alone. Every problem is told with its line and column, `orders.yaml:7:5 services[0].tasks.max: …`.
 *
 * `%(NAME)` stays as it stands: it is replaced by whoever runs, not by whoever loads, so that no secret is deployed.
 */
import type * as z from 'zod';
import type { Config } from '../lambdas/contract/config.ts';
import type { Environment } from '../lambdas/contract/dialects/settings.ts';
import { ConfigError, type ConfigProblem } from '../lambdas/contract/errors.ts';
import { parseConfig } from '../lambdas/contract/parse.ts';
import { filesAt } from './config-folder.ts';
import { merge } from './config-merge.ts';
import { type ConfigFile, type Part, readOne } from './config-part.ts';

/** A configuration that was read, not validated yet. */
export interface ReadConfig {
  /** In our own shape. */
  readonly raw: unknown;
  readonly files: readonly ConfigFile[];
  /** The same error with the place of each problem in its file. */
  readonly locate: (error: ConfigError) => ConfigError;
  /** What files of `KEY=value` lines say, for whoever runs this. */
  readonly variables: Environment;
}

/** What became of one file: `problems` where it can't be read. */
export type Outcome =
  | { readonly file: string; readonly read: ConfigFile }
  | { readonly file: string; readonly problems: readonly ConfigProblem[] };

/**
 * Reads each file at a path alone, and tells of each how that went.
 *
 * @param path of a file or a folder
 * @throws ConfigError when there is nothing to read
 */
export const readEach = (path: string, env: Environment): readonly Outcome[] =>
  filesAt(path).map((file) => {
    try {
      return { file, read: readOne(file, env) };
    } catch (thrown) {
      if (thrown instanceof ConfigError) return { file, problems: thrown.problems };
      throw thrown;
    }
  });

/**
 * The files that were read as one configuration.
 *
 * @param origin what it is called in errors
 * @throws ConfigError when a file can't be read, or something stands in two that may be said once
 */
export const joined = (outcomes: readonly Outcome[], origin: string): ReadConfig => {
  const unread = outcomes.flatMap((each) => ('problems' in each ? each.problems : []));
  if (unread.length > 0) throw new ConfigError(unread, origin);
  const files = outcomes.flatMap((each) => ('read' in each ? [each.read] : []));
  const { raw, problems, located } = merge(files.flatMap(({ parts }): readonly Part[] => parts));
  if (problems.length > 0) throw new ConfigError(problems, origin);
  return {
    raw,
    files,
    locate: (error) => new ConfigError(error.problems.map(located), origin),
    variables: Object.assign({}, ...files.map(({ variables }) => variables)) as Environment,
  };
};

/**
 * Reads a configuration.
 *
 * @param path of a file or a folder
 * @param env what a dialect leaves open is looked up here
 * @throws ConfigError with every problem, when a file can't be read or is in a dialect and wrong
 */
export const readConfigFile = (path: string, env: Environment): ReadConfig =>
  joined(readEach(path, env), path);

/** @throws ConfigError with every problem at once, each with its place in its file */
export const parseRead = ({ raw, locate }: ReadConfig, source: z.ZodType): Config => {
  try {
    return parseConfig(raw, source);
  } catch (thrown) {
    throw thrown instanceof ConfigError ? locate(thrown) : thrown;
  }
};

/**
 * Loads and parses a configuration.
 *
 * @param path of a file or a folder
 * @param source the union of every source's options, or `anySource`
 * @param env what a dialect leaves open is looked up here
 * @throws ConfigError with every problem at once, each with its place in its file
 */
export const loadConfigFile = (path: string, source: z.ZodType, env: Environment): Config =>
  parseRead(readConfigFile(path, env), source);
