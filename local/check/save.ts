/** Writes a configuration in our own shape to a file, and never over one that somebody may still need. */
import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError, messageOf } from '../../lambdas/contract/errors.ts';
import { textFor } from './markup.ts';

const NAME = 'pulsescale.yaml';

/** Beside the file or the folder; for the environment, here. */
export const besides = (path: string | undefined): string =>
  path === undefined ? NAME : join(dirname(path), NAME);

const isSame = (one: string, other: string): boolean => {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
};

export interface Saving {
  readonly file: string;
  readonly config: unknown;
  readonly force: boolean;
  /** What was read. */
  readonly files: readonly string[];
}

/** @throws ConfigError when it is there already, or can't be written */
export const save = ({ file, config, force, files }: Saving): void => {
  const refuse = (message: string): never => {
    throw new ConfigError([{ path: file, message }], '--write');
  };
  if (files.some((each) => isSame(each, file)))
    refuse('this is what was read, and its comments would be lost; name another file: --write FILE');
  if (existsSync(file) && !force)
    refuse('there is such a file; name another one, or overwrite it with --force');
  try {
    writeFileSync(file, textFor(file, config), { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    refuse(`cannot be written: ${messageOf(cause)}`);
  }
};
