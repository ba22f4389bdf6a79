/** Where the app takes its configuration from: a file, fast-autoscaler's environment variables, or a small example. */
import { fromEnvironment } from '../lambdas/contract/dialects/fast-autoscaler.ts';
import type { ConfigError } from '../lambdas/contract/errors.ts';
import { readConfigFile } from './config-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A configuration that is not validated yet. */
export interface ConfigSource {
  readonly raw: unknown;
  /** What it is called in errors. */
  readonly origin: string;
  /** Nobody gave one: this is the example. */
  readonly isExample: boolean;
  /** Adds the place in the file to each problem, where it came from one. */
  readonly locate: (error: ConfigError) => ConfigError;
}

const nowhere = (error: ConfigError): ConfigError => error;

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

/**
 * @param file YAML or JSON, our shape or a payload of fast-autoscaler; undefined: the environment, else the example
 * @throws ConfigError when the file can't be read or a variable is wrong
 */
export const findConfig = (file: string | undefined, env: Environment): ConfigSource => {
  if (file !== undefined) {
    return { ...readConfigFile(file, env), origin: file, isExample: false };
  }
  const raw = fromEnvironment(env);
  return raw === undefined
    ? { raw: EXAMPLE, origin: 'the example', isExample: true, locate: nowhere }
    : { raw, origin: 'the environment', isExample: false, locate: nowhere };
};
