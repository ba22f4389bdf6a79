/**
 * One file of a configuration, read alone: which dialect it is in, what it says in our own shape and how a place in that is found
 * again in the file.
 */
import { basename, extname } from 'node:path';
import type { Dialect, Written } from '../lambdas/contract/dialects/dialect.ts';
import { dialects } from '../lambdas/contract/dialects/registry.ts';
import type { Environment } from '../lambdas/contract/dialects/settings.ts';
import { variablesIn } from '../lambdas/contract/dialects/variables.ts';
import { ConfigError } from '../lambdas/contract/errors.ts';
import { stepsOf } from '../lambdas/contract/path.ts';
import { type Markup, readMarkup } from './markup.ts';
import { textOf } from './text-file.ts';

/** A point in which somebody's scaler and this one differ. */
export interface PlacedDifference {
  /** `orders.yaml:7:5 triggers[0].metadata.queueLength`, or the name of a variable. */
  readonly place: string;
  readonly why: string;
}

/** A configuration in our own shape, or a part of one. */
export interface Part {
  readonly raw: unknown;
  /** `orders.yaml:7:5 services[0].tasks.max`; just the path where it stands in no file. */
  readonly placeOf: (path: string) => string;
  /** Nobody wrote it like this. */
  readonly isTranslated: boolean;
}

export interface ConfigFile {
  readonly file: string;
  /** As it is shown; `undefined`: our own shape. */
  readonly dialect: string | undefined;
  /** One; several where a file in our own shape has several documents. */
  readonly parts: readonly Part[];
  readonly differences: readonly PlacedDifference[];
  /** Of a file of `KEY=value` lines: whoever runs it needs them. */
  readonly variables: Environment;
}

const nameOf = (file: string): string => {
  const whole = basename(file);
  return whole.slice(0, whole.length - extname(whole).length) || whole;
};

const placed = (file: string, position: string | undefined, path: string): string =>
  position === undefined ? path : `${file}:${position} ${path}`.trimEnd();

/** The same problems, each with its place in front. */
export const relocated = (
  { problems }: ConfigError,
  placeOf: (path: string) => string,
  origin: string,
): ConfigError =>
  new ConfigError(
    problems.map(({ path, message }) => ({ path: placeOf(path), message })),
    origin,
  );

const own = (file: string, { documents, positionOf, tags }: Markup): ConfigFile => {
  // Its text may hold passwords, and no message may repeat them.
  if (variablesIn(documents[0]) !== undefined) {
    const known = dialects.filter(({ fromEnvironment }) => fromEnvironment !== undefined);
    const message = `these are variables, and none that tells a configuration of ${known.map(({ name }) => name).join(', ')}`;
    throw new ConfigError([{ path: file, message }]);
  }
  if (tags.length > 0)
    throw new ConfigError(
      tags.map(({ position, tag }) => ({ path: `${file}:${position}`, message: `Unresolved tag: ${tag}` })),
      file,
    );
  return {
    file,
    dialect: undefined,
    parts: documents.map((raw, nth) => ({
      raw,
      isTranslated: false,
      placeOf: (path) => placed(file, positionOf(nth, stepsOf(path)), path),
    })),
    differences: [],
    variables: {},
  };
};

const translated = (
  file: string,
  { name, translate }: Dialect,
  written: Written,
  { positionAnywhere }: Markup,
  env: Environment,
): ConfigFile => {
  const placeOf = (path: string) => placed(file, positionAnywhere(stepsOf(path)), path);
  try {
    const { config, differences } = translate(written, env);
    return {
      file,
      dialect: name,
      // A place in the translation stands nowhere in the file.
      parts: [
        { raw: config, isTranslated: true, placeOf: (path) => `${file} (as ${name}) ${path}`.trimEnd() },
      ],
      differences: differences.map(({ path, why }) => ({
        place: path === '' ? file : placeOf(path).replace(/^(?!.*:\d+:\d+)/, `${file} `),
        why,
      })),
      variables: variablesIn(written.documents[0]) ?? {},
    };
  } catch (thrown) {
    throw thrown instanceof ConfigError ? relocated(thrown, placeOf, file) : thrown;
  }
};

/**
 * @param env what a file leaves to the environment is looked up there
 * @throws ConfigError when it can't be read, or is in a dialect and wrong
 */
export const readOne = (file: string, env: Environment): ConfigFile => {
  const markup = readMarkup(textOf(file), file);
  const written: Written = { name: nameOf(file), documents: markup.documents };
  const dialect = dialects.find(({ recognises }) => recognises(written));
  return dialect === undefined ? own(file, markup) : translated(file, dialect, written, markup, env);
};
