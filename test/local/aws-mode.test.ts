/** The container way to run (`--aws`) and the commands for a deployed lane, with AWS's endpoints named by the environment. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BUCKET, QUEUE_URL, startAws, type TestAws } from '../rooms/aws.ts';

let aws: TestAws;
const file = join(mkdtempSync(join(tmpdir(), 'pulsescale-aws-')), 'config.json');

beforeAll(async () => {
  aws = await startAws({ 'orders-worker': 1 });
  const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `m${index}`, MessageBody: 'x' }));
  for (let batch = 0; batch < 3; batch += 1)
    await aws.sqs.send(new SendMessageBatchCommand({ QueueUrl: QUEUE_URL, Entries }));
  const services = [
    {
      cluster: 'shop',
      service: 'orders-worker',
      tasks: { max: 9 },
      source: { type: 'sqs', queueUrl: QUEUE_URL },
      policy: { type: 'target', backlogPerTask: 5 },
    },
  ];
  writeFileSync(file, JSON.stringify({ loop: { name: 'box', interval: 1 }, services }));
});
afterAll(() => aws.close());

const pulsescale = async (...args: string[]) => {
  const child = spawn(process.execPath, ['local/cli.ts', ...args], {
    env: { ...process.env, ...aws.endpoints.env },
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk) => {
      output[stream] += String(chunk);
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
};
const lane = ['--bucket', BUCKET, '--lane', 'box'];

test('a lane that never was: every command says so', async () => {
  const said = ['pause', 'resume', 'stop', 'status'].map((command) => pulsescale(command, ...lane));
  for (const each of await Promise.all(said)) {
    expect(each).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no lane box in bucket state'),
    });
  }
}, 60_000);

test('--aws scales what is there, leaves its lease behind, and can be paused and seen', async () => {
  const ran = await pulsescale('run', '--aws', '--json', '--config', file, '--seconds', '4');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(aws.desired('orders-worker')).toBe(6);
  const lease = await aws.getJson('lanes/box/lease.json');
  expect(lease).toMatchObject({ term: 1, memory: { 'shop/orders-worker': { desired: 6 } } });
  expect(Date.parse(String(lease.expiresAt))).toBeLessThanOrEqual(Date.now());

  expect(await pulsescale('pause', ...lane)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('is paused'),
  });
  const status = await pulsescale('status', ...lane);
  expect(status.code).toBe(3);
  expect(status.stdout).toMatch(
    /^lane box: paused\n[\s\S]*term +1,[\s\S]*shop\/orders-worker +6 .*out \d+ s ago/,
  );

  aws.set('orders-worker', 1);
  await pulsescale('run', '--aws', '--json', '--config', file, '--seconds', '3');
  expect(aws.desired('orders-worker')).toBe(1);

  expect(await pulsescale('resume', ...lane)).toMatchObject({ code: 0 });
  await pulsescale('run', '--aws', '--json', '--config', file, '--seconds', '3');
  expect(aws.desired('orders-worker')).toBe(6);
  expect(await aws.getJson('lanes/box/lease.json')).toMatchObject({ term: 2, paused: false });
}, 60_000);

test('--aws without what it needs says what', async () => {
  const { PULSESCALE_BUCKET: bucket } = process.env;
  delete process.env.PULSESCALE_BUCKET;
  const { code, stderr } = await pulsescale('run', '--aws', '--config', file);
  process.env.PULSESCALE_BUCKET = bucket;
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--aws needs PULSESCALE_BUCKET'),
  });
}, 30_000);
