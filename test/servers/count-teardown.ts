/** Jest's global teardown: says how many real servers the run started. On stderr, for stdout is jest's own JSON with `--json`. */
import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { STARTED_VARIABLE } from './server.ts';

export default (): void => {
  const file = process.env[STARTED_VARIABLE];
  if (file === undefined) return;
  const names = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  rmSync(dirname(file), { recursive: true });
  const counts = Object.entries(Object.groupBy(names, (name) => name))
    .map(([name, all = []]) => ({ name, count: all.length }))
    .toSorted((one, other) => other.count - one.count || one.name.localeCompare(other.name))
    .map(({ name, count }) => `${name} ${count}`);
  const kinds = counts.length === 0 ? '' : ` (${counts.join(', ')})`;
  process.stderr.write(`servers started: ${names.length}${kinds}\n`);
};
