/** Servers for the demo: used where they are up, started where they are not, and never anywhere but on this machine. */
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { messageOf } from '../../../lambdas/contract/errors.ts';
import type { DemoSource } from '../../../local/demo/open.ts';
import type { DemoQueueKind, DemoServer } from '../../../local/demo/queue.ts';
import { startServer } from '../../../local/demo/server-process.ts';
import { bringUp, serversOf } from '../../../local/demo/servers.ts';

interface Options {
  readonly hosts: readonly string[];
  readonly port: number;
}

const server: DemoServer<unknown> = {
  name: 'redis',
  settings: 'REDIS_HOST and REDIS_PORT',
  named: (options) => {
    const { hosts, port } = options as Options;
    return { places: hosts.map((host) => ({ host, port })), password: 'geheim' };
  },
  demo: () => ({ source: {} }),
};
const kind: DemoQueueKind = {
  type: 'redis',
  server,
  open: async () => Promise.reject(new Error('not here')),
};
const source = (options: Options): DemoSource => ({
  key: 'shop/orders-worker',
  kind,
  options,
  queueUrls: [],
});
const failureOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(() => 'nothing failed', messageOf);

test('a server elsewhere is refused before anything is asked of it', async () => {
  const log = new PassThrough();
  for (const host of ['redis.internal', '10.0.0.7', '0.0.0.0', '127.0.0.1.example.com']) {
    const asked = bringUp([source({ hosts: ['127.0.0.1', host], port: 6379 })], server, {}, log);
    const failure = await failureOf(asked);
    expect(failure).toContain(`must be on this machine, not at ${host}:6379`);
    expect(failure).toContain('REDIS_HOST and REDIS_PORT');
  }
});

test('one that is up is used as it is, says so without its password, and is not ours to stop', async () => {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const sources = [source({ hosts: ['localhost'], port }), source({ hosts: ['localhost'], port })];
  const log = new PassThrough();
  const servers = serversOf('redis', server, sources, await bringUp(sources, server, {}, log));
  log.end();
  listener.close();

  const said = await text(log);
  expect(said.match(/is up and used as it is/g)).toHaveLength(1);
  expect(said).toContain(`localhost:${port}`);
  expect(said + JSON.stringify(servers.addresses)).not.toContain('geheim');
  expect(servers.addressOf(sources[1]?.options)).toEqual({ host: 'localhost', port, password: 'geheim' });
  expect(servers.outliveUs).toBe(true);
  expect(await failureOf(servers.stop())).toMatch(/was up before, so it is not ours to stop/);
  expect(servers.refuseForeign).toThrow(`localhost:${port}`);
  await servers.close();
});

const program = (code: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'pulsescale-server-')), 'cli.mjs');
  writeFileSync(file, code);
  return file;
};
const wish = {
  name: 'redis',
  settings: 'REDIS_HOST and REDIS_PORT',
  port: 7001,
  username: 'u',
  password: 'p',
};

test('where no server can be started it says what to set instead', async () => {
  const failure = await failureOf(startServer(wish, new PassThrough(), '/nowhere/test/servers/cli.ts'));
  expect(failure).toMatch(/^no redis server is up, and none can be started from here/);
  expect(failure).toContain('REDIS_HOST and REDIS_PORT');
});

const OBEDIENT = `
import { createInterface } from 'node:readline';
const say = (line) => console.log(JSON.stringify({ server: 'redis', ...line }));
const up = () => say({ address: { host: '127.0.0.1', port: 7001, username: process.argv.slice(2).join(' ') } });
console.error('installing');
up();
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'stop') say({ stopped: true }); else up();
}).on('close', () => process.exit(0));
`;

test('a server is asked for with what was configured, stopped, started and ended', async () => {
  const log = new PassThrough();
  const started = await startServer(wish, log, program(OBEDIENT));
  expect(started.address).toEqual({
    host: '127.0.0.1',
    port: 7001,
    username: 'redis --json --port 7001 --username u --password p',
  });
  await started.stop();
  await started.start();
  await started.close();
  await started.close();
  expect(await failureOf(started.stop())).toMatch(/the redis server has ended/);
  expect(String(log.read())).toBe('installing\n');
});

test.each([
  ['that fails to start', `console.error('no port'); process.exit(3);`, /has ended with exit code 3/],
  [
    'that says why',
    `console.log(JSON.stringify({ server: 'redis', error: 'port 7001 is taken' }));`,
    /^port 7001 is taken$/,
  ],
])('a server %s', async (_what, code, expected) => {
  expect(await failureOf(startServer(wish, new PassThrough(), program(code)))).toMatch(expected);
});
