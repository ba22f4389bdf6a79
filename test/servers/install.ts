/**
 * What the servers need on the machine, installed at first use: Debian packages by apt-get, archives from Maven Central.
 * Archives lie outside the tree (`$PULSESCALE_CACHE`, default `~/.cache/pulsescale`) and are checked against the digest
 * that is written down beside their name in our sources. Several jest workers may want the same thing at once, so
 * whoever installs holds a lock.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../lambdas/contract/errors.ts';

const MAVEN_CENTRAL = 'https://repo.maven.apache.org/maven2';

export const say = (text: string): void => {
  process.stderr.write(`pulsescale servers: ${text}\n`);
};

export const cacheFolder = (): string => {
  const folder = process.env['PULSESCALE_CACHE'] ?? join(homedir(), '.cache', 'pulsescale');
  mkdirSync(folder, { recursive: true });
  return folder;
};

/**
 * One at a time over all processes. SQLite's file lock is used because the kernel lets go of it when its holder dies,
 * and because it is there wherever Node is.
 */
export const alone = async <T>(work: () => Promise<T> | T): Promise<T> => {
  const lock = new DatabaseSync(join(cacheFolder(), 'lock.sqlite'), { timeout: 0 });
  try {
    for (;;) {
      try {
        lock.exec('BEGIN EXCLUSIVE');
        break;
      } catch (failure) {
        if (!/locked|busy/.test(messageOf(failure))) throw failure;
        await pause(200);
      }
    }
    return await work();
  } finally {
    lock.close();
  }
};

/** Where a program lies, or undefined. Servers lie in sbin, which is not on everybody's PATH. */
export const find = (binary: string): string | undefined =>
  [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, binary))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

interface Wanted {
  /** Looks for what the package brings. */
  readonly find: () => string | undefined;
  /** The Debian package. */
  readonly name: string;
  /** What to do instead of installing it: "set … to …". */
  readonly instead?: string;
}

const aptGet = (...args: string[]): void => {
  // A machine of CI usually has a user who may use sudo without a password; anybody else's laptop is not ours to change.
  const [command, before] = process.getuid?.() === 0 ? ['apt-get', []] : ['sudo', ['-n', '-E', 'apt-get']];
  const all = [...before, '-y', '-q', '-o', 'DPkg::Lock::Timeout=300', ...args];
  const { status, stdout, stderr, error } = spawnSync(command, all, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
  });
  if (status === 0) return;
  const last = `${stdout ?? ''}\n${stderr ?? ''}`.trim().split('\n').slice(-10).join('\n  ');
  throw new Error(
    `${command} ${all.join(' ')} failed: ${error?.message ?? `exit code ${status}`}\n  ${last}`,
  );
};

/** The path of what a Debian package brings; the package is installed if it is missing. */
export const packaged = async (wanted: Wanted): Promise<string> => {
  const path = wanted.find();
  if (path !== undefined) return path;
  const remedy = `Install the Debian package ${wanted.name}${wanted.instead === undefined ? '' : `, or ${wanted.instead}`}.`;
  return alone(() => {
    const meanwhile = wanted.find();
    if (meanwhile !== undefined) return meanwhile;
    if (find('apt-get') === undefined || (process.getuid?.() !== 0 && process.env['CI'] === undefined)) {
      throw new Error(
        `${wanted.name} is missing, and only root on Debian can have it installed here. ${remedy}`,
      );
    }
    say(`installing the Debian package ${wanted.name} (once per machine) …`);
    try {
      aptGet('update');
      aptGet('install', '--no-install-recommends', wanted.name);
    } catch (failure) {
      throw new Error(
        `${wanted.name} is missing and could not be installed. ${remedy}\n${messageOf(failure)}`,
      );
    }
    const installed = wanted.find();
    if (installed === undefined)
      throw new Error(`${wanted.name} was installed, but has not what we look for. ${remedy}`);
    return installed;
  });
};

/** Downloads a file of Maven Central to `target`, which appears only when it is whole and has this SHA-256. */
export const fromMavenCentral = async (path: string, sha256: string, target: string): Promise<void> => {
  if (existsSync(target)) return;
  const url = `${MAVEN_CENTRAL}/${path}`;
  const half = `${target}.${process.pid}.part`;
  try {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (digest !== sha256) throw new Error(`its SHA-256 is ${digest} and should be ${sha256}`);
    await writeFile(half, bytes);
    await rename(half, target);
  } catch (failure) {
    await rm(half, { force: true });
    throw new Error(
      `${basename(path)} could not be downloaded from ${url}: ${messageOf(failure)}. Check the network, or put the file at ${target}.`,
    );
  }
};
