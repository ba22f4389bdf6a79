/** The configurations of other scalers that the tests read, as whoever loads a configuration hands them to a dialect. */
import { readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import type { Config } from '../../../lambdas/contract/config.ts';
import type { Dialect, Translated, Written } from '../../../lambdas/contract/dialects/dialect.ts';
import type { Environment } from '../../../lambdas/contract/dialects/settings.ts';
import { parseConfig } from '../../../lambdas/contract/parse.ts';
import { packageRoot } from '../../../lib/assets.ts';
import { readMarkup } from '../../../lib/markup.ts';

export const fixture = (name: string): string => join(packageRoot, 'test', 'fixtures', 'dialects', name);

/** A file of ours, whatever it is called. */
export const written = (text: string, name = 'orders.yaml'): Written => ({
  name: basename(name, extname(name)),
  documents: readMarkup(text, name).documents,
});

export const writtenIn = (name: string): Written =>
  written(readFileSync(fixture(name), 'utf8'), basename(name));

export interface Understood extends Translated {
  readonly parsed: Config;
  /** The sentences of the differences at this place. */
  readonly said: (path: string) => string;
}

/** @throws ConfigError */
export const understood = (
  dialect: Pick<Dialect, 'translate'>,
  file: Written,
  env: Environment = {},
): Understood => {
  const translated = dialect.translate(file, env);
  const said = (path: string) =>
    translated.differences
      .filter((each) => each.path === path)
      .map(({ why }) => why)
      .join('\n');
  return { ...translated, parsed: parseConfig(translated.config, sourceSchema), said };
};
