/**
 * The text of a file that somebody has named: a file, or a pipe such as `<(jq …)`. A device has no end (`/dev/zero`), and what is above
 * 1 MiB is no configuration: 100 services take some 60 KB, and CloudFormation's own limit for a template is 1 MB.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { ConfigError, messageOf } from '../lambdas/contract/errors.ts';

const MOST_BYTES = 2 ** 20;
const CHUNK_BYTES = 2 ** 16;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; give the path of a YAML or JSON file, or of a folder of them',
  EISDIR: 'this is a directory; give the path of a YAML or JSON file',
  EACCES: 'this file may not be read; check its permissions',
};

/** What the operating system says of a path, in our words. */
export const unreadable = (file: string, cause: unknown): ConfigError => {
  const code = String((cause as NodeJS.ErrnoException).code);
  return new ConfigError([{ path: file, message: REASONS[code] ?? messageOf(cause) }]);
};

const refusal = (stats: Stats): string | undefined => {
  if (stats.isDirectory()) return REASONS['EISDIR'];
  return stats.isFile() || stats.isFIFO()
    ? undefined
    : 'this is a device and no file; give the path of a YAML or JSON file';
};

/** Reads no more than is allowed: a file may grow, and a pipe has no size. `undefined`: there is more. */
const upToLimit = (descriptor: number): string | undefined => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    const count = readSync(descriptor, chunk);
    if (count === 0) return Buffer.concat(chunks).toString('utf8');
    bytes += count;
    if (bytes > MOST_BYTES) return undefined;
    chunks.push(chunk.subarray(0, count));
  }
};

/** @throws ConfigError when it can't be read, is no file or too large for a configuration */
export const textOf = (file: string): string => {
  const refuse = (message: string): never => {
    throw new ConfigError([{ path: file, message }]);
  };
  let descriptor: number | undefined;
  try {
    // NOCTTY: a terminal that is opened here would else become that of this process.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOCTTY);
    const message = refusal(fstatSync(descriptor));
    if (message !== undefined) return refuse(message);
    const text = upToLimit(descriptor);
    return text ?? refuse('this file is above 1 MiB, and no configuration is that large');
  } catch (cause) {
    throw cause instanceof ConfigError ? cause : unreadable(file, cause);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
};
