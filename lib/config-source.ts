/** Where the app takes its configuration from: a file or a folder, variables of the environment, or a small example. */
import type { Environment } from '../lambdas/contract/dialects/settings.ts';
import type { ConfigError } from '../lambdas/contract/errors.ts';
import { readEnvironment } from './config-environment.ts';
import { type ReadConfig, readConfigFile } from './config-file.ts';
import { differencesOf } from './translation-notice.ts';

/** A configuration that is not validated yet. */
export interface ConfigSource {
  readonly raw: unknown;
  /** What it is called in errors. */
  readonly origin: string;
  /** Nobody gave one: this is the example. */
  readonly isExample: boolean;
  /** Adds the place in the file to each problem, where it came from one. */
  readonly locate: (error: ConfigError) => ConfigError;
  /** What somebody should read who has brought the configuration of another scaler. */
  readonly warnings: readonly string[];
  /** What a file of `KEY=value` lines says. */
  readonly variables: Environment;
}

/** So that a fresh clone synthesises: one service, one queue. */
const EXAMPLE = {
  services: [
    {
      cluster: 'shop',
      service: 'orders-worker',
      tasks: { min: 0, max: 50 },
      source: { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' },
      policy: { type: 'target', backlogPerTask: 10 },
    },
  ],
} as const;

const example: ConfigSource = {
  raw: EXAMPLE,
  origin: 'the example',
  isExample: true,
  locate: (error) => error,
  warnings: [],
  variables: {},
};

const given = (read: ReadConfig, origin: string, notice?: string): ConfigSource => ({
  raw: read.raw,
  origin,
  isExample: false,
  locate: read.locate,
  warnings: [
    ...(notice === undefined ? [] : [notice]),
    ...differencesOf(read).map(({ place, why }) => `${place}: ${why}`),
  ],
  variables: read.variables,
});

/**
 * @param path of a file or a folder: our shape or a dialect; undefined: the environment, else the example
 * @throws ConfigError when it can't be read or a variable is wrong
 */
export const findConfig = (path: string | undefined, env: Environment): ConfigSource => {
  if (path !== undefined) return given(readConfigFile(path, env), path);
  const read = readEnvironment(env);
  return read === undefined ? example : given(read, 'the environment', read.notice);
};
