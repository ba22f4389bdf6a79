import { expect } from '@jest/globals';
import { ConfigError } from '../../lambdas/contract/errors.ts';

/** The problems of the ConfigError that `act` throws, each as `path: message`. */
export const problemsOf = (act: () => unknown): readonly string[] => {
  try {
    act();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ConfigError);
    return (thrown as ConfigError).problems.map(({ path, message }) => `${path}: ${message}`);
  }
  throw new Error('expected a ConfigError, and nothing was thrown');
};
