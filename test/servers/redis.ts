/** Redis 7 from Debian's package: a single server, plain and TLS, with passwords or ACL users. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificates } from './certificates.ts';
import { makeFolder } from './folder.ts';
import { find, packaged } from './install.ts';
import { ask, freePort } from './port.ts';
import { type Program, programOf } from './process.ts';
import { notOurs, type Server, startServer } from './server.ts';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly tlsPort?: number;
  /** The first of the ACL users. */
  readonly username?: string;
  readonly password?: string;
  /** PEM of the CA that signed the certificate of the TLS port. */
  readonly ca?: string;
}

export interface RedisOptions {
  readonly port?: number;
  /** Of the default user. */
  readonly password?: string;
  /** ACL users who may do everything, by name with their passwords; the default user is off then unless it has a password. */
  readonly users?: Readonly<Record<string, string>>;
  /** Listen on a second port with TLS. */
  readonly tls?: boolean;
}

const VARIABLE = 'PULSESCALE_REDIS_URL';

/** Where Debian's package has put one of its programs. */
export const redisProgram = (name: 'redis-server' | 'redis-cli'): Promise<string> =>
  packaged({
    name: 'redis-server',
    find: () => find(name),
    instead: `set ${VARIABLE} to a server that runs already, such as redis://:password@127.0.0.1:6379`,
  });

/** A server with a password has answered, too, when it says that it wants one. */
export const redisAnswers = (port: number): Promise<string> => ask(port, 'PING\r\n', /^(\+PONG|-NOAUTH)/);

/** A server of its own in `folder`, with everything written to disk, so that a stop and a start keep it. */
export const redisProgramOf = (
  command: string,
  folder: string,
  port: number,
  settings: readonly string[],
  mode: readonly string[] = [],
): Program => {
  const name = `redis-${port}`;
  const file = join(folder, `${name}.conf`);
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    'daemonize no',
    `dir ${JSON.stringify(folder)}`,
    ...settings,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return programOf({ name, command, args: [file, ...mode], folder, answers: () => redisAnswers(port) });
};

/** Append-only, for a stop keeps what snapshots every few minutes would lose. */
export const keeping = (port: number): readonly string[] => [
  'save ""',
  'appendonly yes',
  `appenddirname aof-${port}`,
  `dbfilename dump-${port}.rdb`,
];

const quoted = (text: string): string => JSON.stringify(text);

const access = ({ password, users = {} }: RedisOptions): readonly string[] => [
  ...(password === undefined ? [] : [`requirepass ${quoted(password)}`]),
  ...(password === undefined && Object.keys(users).length > 0 ? ['user default off'] : []),
  ...Object.entries(users).map(
    ([name, secret]) => `user ${quoted(name)} on ${quoted(`>${secret}`)} ~* &* +@all`,
  ),
];

const elsewhere = (url: string): RedisAddress => {
  const { hostname, port, username, password } = new URL(url);
  return {
    host: hostname,
    port: Number(port === '' ? '6379' : port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
};

export const startRedis = async (options: RedisOptions = {}): Promise<Server<RedisAddress>> => {
  const url = process.env[VARIABLE];
  // Whoever asks for users or TLS needs a server of exactly that kind.
  if (url !== undefined && Object.keys(options).length === 0) return notOurs(elsewhere(url), VARIABLE);

  const command = await redisProgram('redis-server');
  const port = options.port ?? (await freePort());
  const tlsPort = options.tls === true ? await freePort() : undefined;
  const tls = tlsPort === undefined ? undefined : await certificates();
  const [user] = Object.entries(options.users ?? {});
  const username = user?.[0];
  const password = user?.[1] ?? options.password;
  const folder = makeFolder('redis');
  const settings = [
    ...keeping(port),
    ...access(options),
    ...(tls === undefined
      ? []
      : [
          `tls-port ${tlsPort}`,
          `tls-cert-file ${quoted(tls.certificateFile)}`,
          `tls-key-file ${quoted(tls.keyFile)}`,
          `tls-ca-cert-file ${quoted(tls.caFile)}`,
          'tls-auth-clients no',
        ]),
  ];
  return startServer({
    name: 'redis',
    folder,
    address: {
      host: '127.0.0.1',
      port,
      ...(tlsPort === undefined ? {} : { tlsPort }),
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(tls === undefined ? {} : { ca: tls.ca }),
    },
    programs: [redisProgramOf(command, folder, port, settings)],
  });
};
