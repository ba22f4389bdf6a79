/**
 * A configuration in the environment's variables, as three of the older scalers are given theirs. Two of them may be set side by side: then
 * the first that says everything it needs is used, and whoever loads it is told of the others.
 */
import type { Dialect, Translated } from '../lambdas/contract/dialects/dialect.ts';
import { dialects } from '../lambdas/contract/dialects/registry.ts';
import type { Environment } from '../lambdas/contract/dialects/settings.ts';
import { ConfigError } from '../lambdas/contract/errors.ts';
import type { ReadConfig } from './config-file.ts';

const ORIGIN = 'the environment';

export interface EnvironmentConfig extends ReadConfig {
  /** A sentence on other dialects whose variables are set, too. */
  readonly notice: string | undefined;
}

type Answer = { readonly name: string } & (Translated | { readonly error: ConfigError });

const answerOf = ({ name, fromEnvironment }: Dialect, env: Environment): Answer | undefined => {
  try {
    const found = fromEnvironment?.(env);
    return found && { name, ...found };
  } catch (error) {
    if (error instanceof ConfigError) return { name, error };
    throw error;
  }
};

/**
 * What the environment says; `undefined`: nothing.
 *
 * @throws ConfigError of the first dialect whose variables are set, when none of them has all that it needs
 */
export const readEnvironment = (env: Environment): EnvironmentConfig | undefined => {
  // The last one's variables are called `cluster` and `service`, which anybody may have set; and the Lambdas know fast-autoscaler's alone.
  const answers = dialects
    .toReversed()
    .map((dialect) => answerOf(dialect, env))
    .filter((each) => each !== undefined);
  const used = answers.find((each) => 'config' in each) ?? answers[0];
  if (used === undefined) return undefined;
  if ('error' in used) throw used.error;
  const { name, config: raw, differences } = used;
  const others = answers.filter((each) => each !== used).map((each) => each.name);
  const part = { raw, isTranslated: true, placeOf: (path: string) => path };
  return {
    raw,
    files: [
      {
        file: ORIGIN,
        dialect: name,
        parts: [part],
        differences: differences.map(({ path, why }) => ({ place: path === '' ? ORIGIN : path, why })),
        variables: {},
      },
    ],
    locate: ({ problems }) => new ConfigError(problems, ORIGIN),
    variables: {},
    notice:
      others.length === 0
        ? undefined
        : `the environment has variables of ${[name, ...others].join(' and of ')}; those of ${name} are used`,
  };
};
