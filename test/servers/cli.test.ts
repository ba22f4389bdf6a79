/** `npm run servers` and what it rests on: nothing that it started outlives it, however it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { packaged } from './install.ts';
import { childrenOf, foldersOf } from './leftovers.ts';
import { ask } from './port.ts';
import { until } from './process.ts';
import { redisAnswers, startRedis } from './redis.ts';
import { START_LIMIT_MS } from './server.ts';

const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));
const started: ChildProcess[] = [];

const run = (...args: string[]) => {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  started.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  return { child, said, pid: child.pid ?? 0 };
};

const redisUp = async () => {
  const cli = run('redis', '--json', '--password', 'secret');
  await until(async () => {
    if (!cli.said.out.endsWith('\n')) throw new Error(`no line yet; stderr: ${cli.said.err}`);
  });
  const line: { server: string; address: { port: number } } = JSON.parse(cli.said.out);
  return { ...cli, line, port: line.address.port };
};

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

describe('npm run servers', () => {
  test(
    'tells the address in one line of JSON, and ends everything when its input ends',
    async () => {
      const { child, said, pid, line, port } = await redisUp();
      expect(line).toEqual({ server: 'redis', address: { host: '127.0.0.1', port, password: 'secret' } });
      await redisAnswers(port);
      expect(foldersOf(pid)).toHaveLength(1);

      child.stdin.end();
      expect(await once(child, 'close')).toEqual([0, null]);
      await expect(redisAnswers(port)).rejects.toThrow('ECONNREFUSED');
      expect(foldersOf(pid)).toEqual([]);
      expect(said.err).toBe('');
    },
    START_LIMIT_MS,
  );

  test(
    'ends everything at SIGTERM',
    async () => {
      const { child, pid, port } = await redisUp();
      child.kill('SIGTERM');
      expect(await once(child, 'close')).toEqual([0, null]);
      await expect(redisAnswers(port)).rejects.toThrow('ECONNREFUSED');
      expect(childrenOf(pid)).toEqual([]);
    },
    START_LIMIT_MS,
  );

  test(
    'takes its servers with it when it is killed',
    async () => {
      const { child, port } = await redisUp();
      child.kill('SIGKILL');
      await once(child, 'close');
      await until(() => expect(ask(port, '', /./)).rejects.toThrow('ECONNREFUSED'));
    },
    START_LIMIT_MS,
  );

  test.each([
    [['redsi'], /'redsi' is invalid.*Allowed choices are redis, rabbitmq/],
    [['redis', '--port', '0'], /"0" is not a port/],
    [['redis', 'sqs', '--port', '7000'], /name exactly one/],
  ])('refuses %j', async (args, expected) => {
    const { child, said } = run(...args);
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(said.err).toMatch(expected);
    expect(said.out).toBe('');
  });
});

describe('a server that cannot be had', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test('names the package and the way around it', async () => {
    process.env['PATH'] = '';
    const wanted = { name: 'some-server', find: () => undefined, instead: 'set SOME_URL' };
    await expect(packaged(wanted)).rejects.toThrow(
      'Install the Debian package some-server, or set SOME_URL.',
    );
  });

  test('is replaced by one that runs already, which is not ours to stop', async () => {
    process.env['PULSESCALE_REDIS_URL'] = 'redis://al%20ice:s%2Fecret@example.test:7000';
    const server = await startRedis();
    expect(server.address).toEqual({
      host: 'example.test',
      port: 7000,
      username: 'al ice',
      password: 's/ecret',
    });
    await expect(server.stop()).rejects.toThrow('PULSESCALE_REDIS_URL is not ours to stop');
    await server.close();
  });

  test('ends with the last lines of its log when it does not come up', async () => {
    const folders = foldersOf(process.pid);
    await expect(startRedis({ users: { 'no spaces': 'x' } })).rejects.toThrow(
      /ended with exit code 1[\s\S]*Spaces not allowed in ACL usernames/,
    );
    expect(foldersOf(process.pid)).toEqual(folders);
  });
});
