/**
 * A temporary folder per server, named after the process that made it. A run that is killed can't tidy up, so the next
 * one removes the folders whose process is gone.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    // Somebody else's process may not be signalled, and lives.
    return (failure as NodeJS.ErrnoException).code === 'EPERM';
  }
};

let swept = false;

const sweep = (): void => {
  if (swept) return;
  swept = true;
  for (const name of readdirSync(tmpdir())) {
    const pid = /^pulsescale-server-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's, or another worker is at it just now.
    }
  }
};

export const makeFolder = (name: string): string => {
  sweep();
  return mkdtempSync(join(tmpdir(), `pulsescale-server-${process.pid}-${name}-`));
};

/** The retries are for a broker that was killed while it wrote a file here. */
export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
