/** What a new user tries first: the lane commands against `npm start`, by the port that its header shows. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { pulsescale } from './cli.ts';

test('the header says how, and a running loop is seen, paused and resumed so', async () => {
  const { PULSESCALE_BUCKET: _, ...env } = process.env;
  const args = ['local/cli.ts', 'run', '--no-page'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const isTicking = new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
      if (/hold 1/.test(said)) resolve();
    });
  });
  await isTicking;
  const port = /npx pulsescale status --local (\d+)/.exec(said)?.[1] ?? '';
  const local = ['--local', port];
  const status = await pulsescale(['status', ...local]);
  expect(status).toMatchObject({ code: 0, errors: '' });
  expect(status.out).toMatch(/^lane demo: ticking\n[\s\S]*\nshop\/orders-worker /);
  const paused = await pulsescale(['pause', 'orders-worker', '--in', '--for', '5m', ...local]);
  expect(paused.out).toContain('lane demo: scale-in of shop/orders-worker is paused until');
  // A bucket in the environment is not that of this loop.
  const resumed = await pulsescale(['resume', '--all', ...local], { PULSESCALE_BUCKET: 'elsewhere' });
  expect(resumed.out).toContain('lane demo: resumed scale-in of shop/orders-worker');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
}, 90_000);
