/**
 * The names by which the rooms fail. They are an API: the state machine's `Retry` and `Catch` name them, and a test
 * ties the two together. An outcome that a tick can live with (a source that cannot be read, a refused
 * UpdateService) is a return value, never one of these.
 */
export const ErrorName = {
  /** The configuration is wrong; retrying cannot help. The message lists every problem. */
  Config: 'ConfigError',
  /** S3 did not answer, so nobody knows who may act. Worth a short retry. */
  Store: 'StoreError',
} as const;

/**
 * AWS's own names for a Lambda that could not be run just now, or crashed or took too long: a short pause helps. The documentation
 * calls both of these `Lambda.Unknown`; what Lambda answers has the names `Runtime.ExitError` and `Sandbox.Timedout`, and an error that a
 * function answers is reported by its own name.
 * Source: Step Functions' best practice "Handle transient Lambda service exceptions".
 */
export const TRANSIENT_LAMBDA_ERRORS = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
  'Runtime.ExitError',
  'Sandbox.Timedout',
] as const;

/** One thing that is wrong in a configuration. `path` reads like `services[0].tasks.max`. */
export interface ConfigProblem {
  readonly path: string;
  readonly message: string;
}

/** Thrown when a configuration cannot be used; carries every problem at once. */
export class ConfigError extends Error {
  override readonly name = ErrorName.Config;
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], origin?: string) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    const lines = problems.map(({ path, message }) => `  ${path === '' ? '(top level)' : path}: ${message}`);
    super(`${origin ?? 'the configuration'} has ${count}:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}

/** Thrown when the state bucket cannot be read or written: who holds the lease is then unknown. */
export class StoreError extends Error {
  override readonly name = ErrorName.Store;
}

/** A text field of whatever was thrown; an error of another realm (a time-out of the platform, say) has them too. */
const fieldOf = (thrown: unknown, field: 'name' | 'message'): string | undefined => {
  const value = (thrown as Partial<Record<typeof field, unknown>> | null | undefined)?.[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The message of whatever was thrown. */
export const messageOf = (thrown: unknown): string => fieldOf(thrown, 'message') ?? String(thrown);

/** The name of whatever was thrown, as AWS SDK errors and ours carry it. */
export const nameOf = (thrown: unknown): string => fieldOf(thrown, 'name') ?? 'Error';
