/**
 * The files of a folder that are one configuration together: `*.yaml`, `*.yml` and `*.json`, in the order of their names. Hidden ones,
 * `package.json` and folders inside are passed over.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../lambdas/contract/errors.ts';
import { unreadable } from './text-file.ts';

const isConfig = (name: string): boolean =>
  /\.(ya?ml|json)$/i.test(name) && !name.startsWith('.') && name !== 'package.json';

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};

/**
 * The files to read for a path: the file itself, or those in the folder.
 *
 * @throws ConfigError for a folder that can't be read or has none
 */
export const filesAt = (path: string): readonly string[] => {
  if (!isFolder(path)) return [path];
  let names: readonly string[];
  try {
    names = readdirSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  const files = names
    .filter(isConfig)
    .toSorted()
    .map((name) => join(path, name))
    .filter((file) => !isFolder(file));
  if (files.length > 0) return files;
  throw new ConfigError([{ path, message: 'there is no .yaml, .yml or .json file in this folder' }]);
};
