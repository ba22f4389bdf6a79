/** A `pulsescale …` in a process of its own, and what it said. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** @param env is added to this process's, which `startAws` has pointed to the embedded endpoints */
export const pulsescale = async (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Said> => {
  const { PULSESCALE_BUCKET: _, ...rest } = process.env;
  const child = spawn(process.execPath, ['local/cli.ts', ...args], { env: { ...rest, ...env } });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, errors };
};
