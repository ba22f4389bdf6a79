/**
 * A real server in a process of its own, run by `test/servers/cli.ts` of this repository: it prints one JSON line with its
 * address when it is up, takes `stop` and `start` on its stdin, with a line in answer, and ends at SIGTERM or when
 * its stdin does, so that no server outlives a runner that was killed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { packageRoot } from '../../lib/assets.ts';
import { type ServerAddress, serverAddress } from './queue.ts';

export interface ServerProcess {
  readonly address: ServerAddress;
  /** The server is down, its data kept. */
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Ends server and process. */
  readonly close: () => Promise<void>;
}

export interface ServerWish {
  /** As `test/servers/cli.ts` calls it. */
  readonly name: string;
  /** What to set instead, where no server can be started. */
  readonly settings: string;
  /** Any free one when left out. */
  readonly port?: number;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

const line = z.union([
  z.object({ server: z.string(), address: serverAddress }),
  z.object({ server: z.string(), stopped: z.literal(true) }),
  z.object({ server: z.string(), error: z.string() }),
]);

const SERVERS = join(packageRoot, 'test', 'servers', 'cli.ts');

/** Whether servers can be started from here: the package as it is published has none. */
export const canStartServers = (): boolean => existsSync(SERVERS);

const argumentsFor = ({ name, port, username, password }: ServerWish): readonly string[] => [
  name,
  '--json',
  ...(port === undefined ? [] : ['--port', String(port)]),
  ...(username === undefined ? [] : ['--username', username]),
  ...(password === undefined ? [] : ['--password', password]),
];

/**
 * Resolves when the server is up, which takes as long as installing it may.
 *
 * @param log gets what it says of an installation
 * @param program that starts servers
 * @throws Error when there is no such program, or it could not start this server
 */
export const startServer = async (
  wish: ServerWish,
  log: NodeJS.WritableStream,
  program: string = SERVERS,
): Promise<ServerProcess> => {
  const { name, settings } = wish;
  if (!existsSync(program)) {
    throw new Error(
      `no ${name} server is up, and none can be started from here, because ${program} is in the repository of pulsescale only: start one on this machine and name it by ${settings}`,
    );
  }
  // In a group of its own: Ctrl-C is for the runner, which then ends the server in its turn.
  const child = spawn(process.execPath, [program, ...argumentsFor(wish)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stderr.pipe(log, { end: false });
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close').then(([code, signal]) => signal ?? `exit code ${code}`);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await answers.next();
    if (done) throw new Error(`the ${name} server has ended with ${await ended}: see what it said above`);
    const said = line.parse(JSON.parse(value));
    if ('error' in said) throw new Error(said.error);
    return said;
  };
  const tell = async (command: 'stop' | 'start') => {
    child.stdin.write(`${command}\n`);
    await answer();
  };

  const first = await answer();
  if (!('address' in first)) throw new Error(`the ${name} server did not say where it is`);
  return {
    address: first.address,
    stop: () => tell('stop'),
    start: () => tell('start'),
    close: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
};
