/**
 * The configuration that was deployed beside the handlers: a JSON file named by `PULSESCALE_CONFIG_FILE` (in AWS it
 * comes as a layer, see `lib/`), else fast-autoscaler's environment variables.
 */
import { readFileSync } from 'node:fs';
import type * as z from 'zod';
import type { Config } from '../contract/config.ts';
import { fromEnvironment, fromPayload, isPayload } from '../contract/dialects/fast-autoscaler.ts';
import { ConfigError, messageOf } from '../contract/errors.ts';
import { parseConfig } from '../contract/parse.ts';

const read = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConfigError(
      [{ path: 'PULSESCALE_CONFIG_FILE', message: `cannot be used: ${messageOf(cause)}` }],
      file,
    );
  }
};

const deployed = (env: NodeJS.ProcessEnv): unknown => {
  const file = env.PULSESCALE_CONFIG_FILE;
  if (file !== undefined && file !== '') return read(file);
  const raw = fromEnvironment(env);
  if (raw !== undefined) return raw;
  throw new ConfigError([
    {
      path: '',
      message:
        'there is no configuration: set PULSESCALE_CONFIG_FILE to a JSON file, or ECS_CLUSTER and SERVICE_NAME, or start with an input that has a `config`',
    },
  ]);
};

/**
 * The lane that was deployed; `undefined`: nothing was. A lane belongs to its state machine, so whatever an input calls itself,
 * it runs in this one, and no service is scaled by two lanes at once.
 */
export const deployedLane = (source: z.ZodType, env: NodeJS.ProcessEnv = process.env): string | undefined =>
  (env.PULSESCALE_CONFIG_FILE ?? '') === '' && fromEnvironment(env) === undefined
    ? undefined
    : configInForce(undefined, source, env).loop.name;

let cached: { readonly source: z.ZodType; readonly config: Config } | undefined;

/**
 * The configuration in force: `override` (from the execution's input, our shape or fast-autoscaler's payload) where
 * there is one, else the deployed one, which is parsed once per process.
 *
 * @throws ConfigError with every problem
 */
export const configInForce = (
  override: unknown,
  source: z.ZodType,
  env: NodeJS.ProcessEnv = process.env,
): Config => {
  if (override !== undefined && override !== null) {
    return parseConfig(
      isPayload(override) ? fromPayload(override as Record<string, unknown>, env) : override,
      source,
      'the input',
    );
  }
  if (cached?.source !== source) {
    cached = {
      source,
      config: parseConfig(deployed(env), source, env.PULSESCALE_CONFIG_FILE ?? 'the environment'),
    };
  }
  return cached.config;
};
