/** Jest's global setup: names the file in which every start of a real server leaves a line (see server.ts). */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STARTED_VARIABLE } from './server.ts';

export default (): void => {
  const file = join(mkdtempSync(join(tmpdir(), 'pulsescale-started-')), 'servers');
  writeFileSync(file, '');
  process.env[STARTED_VARIABLE] = file;
};
