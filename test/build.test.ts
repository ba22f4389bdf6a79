/** The bundles as Lambda gets them: their size, what is in them, and that Node loads them either way. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { packageRoot, rooms } from '../lib/assets.ts';

const folder = mkdtempSync(join(tmpdir(), 'pulsescale-build-'));
const bundle = (room: string): string => join(folder, 'lambdas', room, 'index.js');

const node = (...args: readonly string[]) =>
  spawnSync(process.execPath, args, { cwd: packageRoot, encoding: 'utf8' });

beforeAll(() => {
  const { status, stderr, stdout } = node('build.ts', '--into', folder);
  expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: '', stdout: '' });
});

describe('a bundle', () => {
  test.each(rooms)('%s exports its handler to import and to require', (room) => {
    const say = 'process.stdout.write(typeof handler)';
    const imported = node(
      '--input-type=module',
      '-e',
      `import { handler } from ${JSON.stringify(bundle(room))}; ${say}`,
    );
    expect(imported).toMatchObject({ stdout: 'function', stderr: '' });
    const required = node('-e', `const { handler } = require(${JSON.stringify(bundle(room))}); ${say}`);
    expect(required).toMatchObject({ stdout: 'function', stderr: '' });
  });

  test('of decide has at most 150 kB and no AWS SDK', () => {
    expect(statSync(bundle('decide')).size).toBeLessThanOrEqual(150_000);
    expect(readFileSync(bundle('decide'), 'utf8')).not.toMatch(/@aws-sdk\/client-|smithy/);
  });

  test.each(['lease', 'apply'])('of %s stays below 1 MB', (room) => {
    expect(statSync(bundle(room)).size).toBeLessThan(1_000_000);
  });

  test('of collect holds the clients of every source, and stays below 4 MB', () => {
    expect(statSync(bundle('collect')).size).toBeLessThan(4_000_000);
  });
});

describe('the published command', () => {
  test('is executable and starts with its interpreter', () => {
    const cli = join(folder, 'local', 'cli.js');
    expect(readFileSync(cli, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(cli).mode & 0o111).toBe(0o111);
  });
});
