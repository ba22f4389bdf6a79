/**
 * `npm run servers`: starts real servers and keeps them until it is told to end. The local runner spawns it too, since
 * nothing may import test/.
 *
 * It ends at Ctrl-C and SIGTERM, and when whoever started it is gone: its parent has ended, or the pipe that is its
 * stdin. (Another stdin, a terminal or /dev/null, is left alone.) Through that pipe its servers can be stopped and started
 * again, see {@link obey}.
 */
import { fstatSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { messageOf } from '../../lambdas/contract/errors.ts';
import { startActivemq } from './activemq.ts';
import { say } from './install.ts';
import { startKafka } from './kafka.ts';
import { startKinesis } from './kinesis.ts';
import { startNginx } from './nginx.ts';
import { startRabbitmq } from './rabbitmq.ts';
import { startRedis } from './redis.ts';
import type { Server } from './server.ts';
import { startSqs } from './sqs.ts';

interface Login {
  readonly username?: string;
  readonly password?: string;
}
interface Options extends Login {
  readonly port?: number;
  readonly json?: boolean;
}
type Start = (port: { readonly port?: number }, login: Login) => Promise<Server<object>>;

const DEFAULT = 'pulsescale';

const STARTS: Readonly<Record<string, Start>> = {
  redis: (port, { username, password }) => {
    if (username !== undefined) return startRedis({ ...port, users: { [username]: password ?? DEFAULT } });
    return startRedis({ ...port, ...(password === undefined ? {} : { password }) });
  },
  rabbitmq: (port, login) => startRabbitmq({ ...port, ...login }),
  kafka: (port, { username = DEFAULT, password }) =>
    startKafka({ ...port, ...(password === undefined ? {} : { sasl: { username, password } }) }),
  activemq: ({ port }, login) =>
    startActivemq({ ...(port === undefined ? {} : { stompPort: port }), ...login }),
  nginx: (port) => startNginx(port),
  kinesis: (port) => startKinesis(port),
  sqs: (port) => startSqs(port),
};

const portOf = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError(`"${text}" is not a port (1 to 65535).`);
  return value;
};

const asTable = (address: object): string =>
  Object.entries(address)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(',') : value}`)
    .join('  ');

const show = (name: string, address: object, json: boolean): void => {
  const line = json ? JSON.stringify({ server: name, address }) : `${name.padEnd(10)}${asTable(address)}`;
  process.stdout.write(`${line}\n`);
};

const isPipe = (): boolean => {
  const stdin = fstatSync(0, { throwIfNoEntry: false });
  return stdin?.isFIFO() === true || stdin?.isSocket() === true;
};

/**
 * `stop` and `start`, a line each: every server does so and answers with one line, `{ server, stopped: true }`, its address
 * again, or `{ server, error }`.
 */
const obey = (up: ReadonlyMap<string, Server<object>>): void => {
  const answer = async (command: string, name: string, server: Server<object>): Promise<object> => {
    try {
      if (command !== 'stop' && command !== 'start') throw new Error(`"${command}" is not stop or start`);
      await server[command]();
      return { server: name, ...(command === 'stop' ? { stopped: true } : { address: server.address }) };
    } catch (failure) {
      return { server: name, error: messageOf(failure) };
    }
  };
  let before = Promise.resolve();
  createInterface({ input: process.stdin }).on('line', (command) => {
    before = before.then(async () => {
      for (const [name, server] of up)
        process.stdout.write(`${JSON.stringify(await answer(command, name, server))}\n`);
    });
  });
};

/** Resolves with the reason to end. */
const told = (): Promise<string> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve(signal));
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) resolve('the process that started this one has ended');
    }, 500);
    if (isPipe()) process.stdin.resume().once('close', () => resolve('its input has ended'));
  });

const run = async (names: readonly string[], { port, json = false, ...login }: Options): Promise<number> => {
  const wanted = new Set(names.length === 0 ? Object.keys(STARTS) : names);
  if (port !== undefined && wanted.size !== 1) {
    say('--port is the port of one server: name exactly one.');
    return 1;
  }
  const end = told();
  const up = new Map<string, Server<object>>();
  if (isPipe()) obey(up);
  const starting = Promise.all(
    [...wanted].map(async (name) => {
      const server = await STARTS[name]?.(port === undefined ? {} : { port }, login);
      if (server === undefined) return;
      up.set(name, server);
      show(name, server.address, json);
    }),
  );
  const failure = await Promise.race([
    starting.then(
      () => end.then(() => undefined),
      (thrown: unknown) => messageOf(thrown),
    ),
    end.then(() => undefined),
  ]);
  if (failure !== undefined) say(failure);
  // Those that are still starting come up within a few seconds; what does not is killed as this process exits.
  await Promise.race([starting.catch(() => {}), pause(5000)]);
  await Promise.all([...up.values()].map((server) => server.close()));
  return failure === undefined ? 0 : 1;
};

await new Command('npm run servers --')
  .description(
    'Starts real servers on 127.0.0.1 and ends them at Ctrl-C. What is missing on the machine is installed.',
  )
  .addArgument(new Argument('[server...]', 'which ones; default: all').choices(Object.keys(STARTS)))
  .option(
    '--port <port>',
    'the main port of the one server that is named: AMQP, STOMP, the plain Kafka listener, …; default: a free one',
    portOf,
  )
  .option('--username <name>', `default: ${DEFAULT}, and none for Redis and Kafka`)
  .option('--password <password>', `default: ${DEFAULT}, and none for Redis and Kafka`)
  .option('--json', 'one line of JSON per server, { server, address }, as they come up')
  .addHelpText(
    'after',
    `
Environment:
  PULSESCALE_CACHE   where archives and certificates are kept; default ~/.cache/pulsescale

Examples:
  npm run servers                                     all of them
  npm run servers -- redis --port 6379 --password s3cret
  npm run servers --silent -- rabbitmq kafka --json`,
  )
  .action(async (names: readonly string[], options: Options) => process.exit(await run(names, options)))
  .parseAsync();
