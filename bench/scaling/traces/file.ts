/**
 * The files of recorded loads: public data under their own licences, so they lie beside the repository (`../shared/traces`, or
 * where TRACES points) and not in it. bench/README.md says where each comes from.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const tracesFolder = (): string =>
  process.env['TRACES'] ?? fileURLToPath(new URL('../../../../shared/traces', import.meta.url));

/** The fields of each line below the header; undefined: the file is not there. */
export const rowsOf = (file: string): readonly (readonly string[])[] | undefined => {
  const path = join(tracesFolder(), file);
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
  return lines.map((line) => line.split(','));
};

/** The second column as numbers, as of files that count per bin. */
export const countsOf = (file: string): readonly number[] | undefined =>
  rowsOf(file)?.map(([, count]) => Number(count));
