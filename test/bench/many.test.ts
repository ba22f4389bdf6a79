/** The short form of `npm run bench:many`: sqs and redis, with all that fails without another server. Nothing here is timed. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';

interface Outcome {
  readonly ticks: number;
  readonly troubles: readonly string[];
  readonly budget: number;
  readonly shared: number;
  readonly healthy: readonly {
    readonly key: string;
    readonly decisions: number;
    readonly followed: number | null;
    readonly scaledIn: boolean;
  }[];
  readonly failing: readonly { readonly name: string; readonly well: boolean; readonly said: string }[];
}

const BENCH = join(import.meta.dirname, '../../bench/many.ts');
/** It is over when everybody has scaled in; so long only where somebody never does. */
const LIMIT = ['--interval', '1', '--seconds', '60'];

let outcome: Outcome;
beforeAll(async () => {
  const flags = ['--only', '--brief', '--json', ...LIMIT, 'sqs', 'redis'];
  // It ends with 1 where a tick took too long on this machine; what it prints is whole either way.
  const ran = promisify(execFile)(process.execPath, [BENCH, ...flags]);
  const { stdout } = await ran.catch((failed: { readonly stdout: string; readonly stderr: string }) => {
    if (failed.stdout === '') throw new Error(failed.stderr);
    return failed;
  });
  outcome = JSON.parse(stdout) as Outcome;
}, 120_000);

test('one of them failing in each way, the others follow their bursts at every tick', () => {
  const { ticks, troubles, healthy } = outcome;
  expect(healthy).toHaveLength(18);
  expect(troubles).toEqual([]);
  expect(healthy.filter(({ followed, scaledIn }) => followed === null || !scaledIn)).toEqual([]);
  expect(healthy.filter(({ decisions }) => decisions !== ticks)).toEqual([]);
});

test('who fails says how at every tick, and is left alone', () => {
  expect(outcome.failing.length).toBeGreaterThan(10);
  expect(outcome.failing.filter(({ well }) => !well)).toEqual([]);
});

test('who shares a budget uses it and never passes it', () => {
  expect(outcome.shared).toBe(outcome.budget);
});
