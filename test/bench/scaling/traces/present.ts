/** Recorded loads are not in the repository: what needs one says so in its title, and is skipped where it is not. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { tracesFolder } from '../../../../bench/scaling/traces/file.ts';

export const describeWith = (name: string, file: string | undefined, tests: () => void): void => {
  if (file === undefined || existsSync(join(tracesFolder(), file))) describe(name, tests);
  else describe.skip(`${name} (skipped: ${file} is not in ${tracesFolder()}, see bench/README.md)`, tests);
};
