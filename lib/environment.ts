/** The environment of the functions: what one may add to it, and how much. */
import { Token, Tokenization } from 'aws-cdk-lib';
import { ConfigError, type ConfigProblem } from '../lambdas/contract/errors.ts';
import { namesIn } from '../lambdas/contract/substitute.ts';
import { STAND_IN } from './tokens.ts';

export type Environment = Readonly<Record<string, string>>;

/** What Lambda allows for all variables of a function, names and values. */
const LIMIT_BYTES = 4096;

/** A token's value is not known at synth. Queue URLs have about this many characters, generated names fewer. */
const TOKEN_LENGTH_ESTIMATE = 100;

/** A name under which somebody would keep a secret. The value would be readable in the template. */
const SECRET_NAME = /pass(word|wd|phrase)?$|secret|token$|credential|private_?key|api_?key/i;

/** Lambda's own names and ours. */
const RESERVED = /^(AWS_|_|PULSESCALE_|POWERTOOLS_|LOG_LEVEL$|DISABLE_SCALE_?IN$)/i;

const isHarmless = (value: string): boolean => Token.isUnresolved(value) || value.startsWith('arn:');

/** What is wrong with variables that a user adds. */
export const environmentProblems = (environment: Environment): readonly ConfigProblem[] =>
  Object.entries(environment).flatMap(([name, value]) => {
    const path = `environment.${name}`;
    if (RESERVED.test(name) || STAND_IN.test(name))
      return [{ path, message: 'this name is reserved: choose another' }];
    if (!/^[A-Za-z]\w+$/.test(name)) {
      return [
        { path, message: 'expected a letter, then one or more letters, digits or "_", as Lambda does' },
      ];
    }
    if (SECRET_NAME.test(name) && !isHarmless(value)) {
      const message = 'the template would show this secret: keep it in Secrets Manager and give its ARN';
      return [{ path, message }];
    }
    return [];
  });

/** The variables of `environment` that a configuration refers to as `%(NAME)`. Only those go into a template. */
export const referencedIn = (
  config: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): Environment => {
  const found = namesIn(JSON.stringify(config) ?? '').map((name) => [name, environment[name]] as const);
  return Object.fromEntries(found.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
};

const bytesOf = (text: string): number => {
  const estimated: unknown = Tokenization.reverseString(text)
    .mapTokens({ mapToken: () => 'x'.repeat(TOKEN_LENGTH_ESTIMATE) })
    .join({ join: (left: string | undefined, right: string | undefined) => `${left ?? ''}${right ?? ''}` });
  return Buffer.byteLength(String(estimated ?? ''));
};

/** The size of an environment in bytes; a token counts as {@link TOKEN_LENGTH_ESTIMATE}. */
export const environmentBytes = (environment: Environment): number =>
  Object.entries(environment).reduce((sum, [name, value]) => sum + bytesOf(name) + bytesOf(value), 0);

/** @throws ConfigError when Lambda would refuse the environment */
export const assertEnvironmentFits = (lane: string, environment: Environment): void => {
  const bytes = environmentBytes(environment);
  if (bytes <= LIMIT_BYTES) return;
  const deferred = Object.keys(environment).filter((name) => STAND_IN.test(name)).length;
  const message =
    `the environment of its functions would take about ${bytes} bytes, and Lambda allows ${LIMIT_BYTES}; ${deferred} values ` +
    'of the configuration are known only at deployment: give clusters, services and queues by their physical names, ' +
    'as text in place of constructs, or use several PulseScalers';
  throw new ConfigError([{ path: 'environment', message }], `lane ${lane}`);
};
