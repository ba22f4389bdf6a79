/**
 * A configuration in a file: YAML or JSON, our own shape or a payload of fast-autoscaler. Every problem is told with its
 * line and column, `orders.yaml:7:5 services[0].tasks.max: …`.
 *
 * `%(NAME)` stays as it stands: it is replaced by whoever runs, not by whoever loads, so that no secret is deployed.
 */
import { readFileSync } from 'node:fs';
import type * as z from 'zod';
import type { Config } from '../lambdas/contract/config.ts';
import { fromPayload, isPayload } from '../lambdas/contract/dialects/fast-autoscaler.ts';
import { ConfigError, messageOf } from '../lambdas/contract/errors.ts';
import { parseConfig } from '../lambdas/contract/parse.ts';
import { stepsOf } from '../lambdas/contract/path.ts';
import { type Markup, readMarkup } from './markup.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; give the path of a YAML or JSON file',
  EISDIR: 'this is a directory; give the path of a YAML or JSON file',
  EACCES: 'this file may not be read; check its permissions',
};

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = String((cause as NodeJS.ErrnoException).code);
    throw new ConfigError([{ path: file, message: REASONS[code] ?? messageOf(cause) }]);
  }
};

/** Puts the file, line and column before each path that stands in the file; a variable's name stays alone. */
const located = (error: ConfigError, file: string, markup: Markup): ConfigError =>
  new ConfigError(
    error.problems.map(({ path, message }) => {
      const position = markup.positionOf(stepsOf(path));
      return { message, path: position === undefined ? path : `${file}:${position} ${path}`.trimEnd() };
    }),
    file,
  );

/** A file's configuration, not validated yet. */
export interface ConfigFile {
  /** In our own shape. */
  readonly raw: unknown;
  /** The same error with the place of each problem in the file. */
  readonly locate: (error: ConfigError) => ConfigError;
}

/**
 * Reads a configuration file.
 *
 * @param env what a payload of fast-autoscaler leaves open is looked up here
 * @throws ConfigError when it can't be read, or is such a payload and wrong
 */
export const readConfigFile = (file: string, env: Environment): ConfigFile => {
  const markup = readMarkup(textOf(file), file);
  const { value } = markup;
  const locate = (error: ConfigError): ConfigError => located(error, file, markup);
  if (!isPayload(value)) return { raw: value, locate };
  try {
    return { raw: fromPayload(value as Readonly<Record<string, unknown>>, env), locate };
  } catch (thrown) {
    throw thrown instanceof ConfigError ? locate(thrown) : thrown;
  }
};

/**
 * Loads and parses a configuration file.
 *
 * @param source the union of every source's options, or `anySource`
 * @param env what a payload of fast-autoscaler leaves open is looked up here
 * @throws ConfigError with every problem at once, each with its place in the file
 */
export const loadConfigFile = (file: string, source: z.ZodType, env: Environment): Config => {
  const { raw, locate } = readConfigFile(file, env);
  try {
    return parseConfig(raw, source);
  } catch (thrown) {
    throw thrown instanceof ConfigError ? locate(thrown) : thrown;
  }
};
