/**
 * RabbitMQ from Debian's package, with the management plugin. Each instance has its own node name, data, cookie and
 * epmd (Erlang's register of node names), so that several run side by side and none meets one of the system.
 *
 * Gotcha: the script in /usr/sbin changes to the user rabbitmq and to the system's folders; the broker's own script
 * beside it does not. Of that one the shell must not stay between us and the broker (see process.ts): with `detached`
 * set it becomes the broker.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificates } from './certificates.ts';
import { makeFolder } from './folder.ts';
import { find, packaged } from './install.ts';
import { ask, freePort, get } from './port.ts';
import { programOf } from './process.ts';
import { notOurs, type Server, startServer } from './server.ts';

export interface RabbitmqAddress {
  readonly host: string;
  /** AMQP, plain. */
  readonly port: number;
  readonly tlsPort?: number;
  /** Without a slash at its end; the API is at `/api`. */
  readonly managementUrl: string;
  readonly managementTlsUrl?: string;
  readonly username: string;
  readonly password: string;
  readonly ca?: string;
}

export interface RabbitmqOptions {
  /** AMQP, plain. */
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  /** Listen with TLS too, for AMQP and for the management API. */
  readonly tls?: boolean;
}

/** There besides `/`: a name that must be escaped in a URL. */
export const ODD_VHOST = 'odd/vhost %';

const VARIABLE = 'PULSESCALE_RABBITMQ_URL';
const MANAGEMENT_VARIABLE = 'PULSESCALE_RABBITMQ_MANAGEMENT_URL';
const PACKAGE = '/usr/lib/rabbitmq/lib';

const serverScript = (): string | undefined =>
  (existsSync(PACKAGE) ? readdirSync(PACKAGE) : [])
    .map((version) => join(PACKAGE, version, 'sbin', 'rabbitmq-server'))
    .find((path) => existsSync(path));

const elsewhere = (amqpUrl: string, managementUrl: string): RabbitmqAddress => {
  const { hostname, port, username, password } = new URL(amqpUrl);
  return {
    host: hostname,
    port: Number(port === '' ? '5672' : port),
    managementUrl: managementUrl.replace(/\/$/, ''),
    username: username === '' ? 'guest' : decodeURIComponent(username),
    password: password === '' ? 'guest' : decodeURIComponent(password),
  };
};

interface Ports {
  readonly amqp: number;
  readonly management: number;
  readonly tls?: { readonly amqp: number; readonly management: number };
}

const configuration = async (ports: Ports, definitionsFile: string): Promise<string> => {
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.management}`,
    `load_definitions = ${definitionsFile}`,
    'loopback_users = none',
    // Default 5000, and a sample every 5 s: the management API's numbers would be up to ten seconds old.
    'collect_statistics_interval = 1000',
    ...['global', 'basic', 'detailed'].map(
      (kind) => `management.sample_retention_policies.${kind}.minute = 1`,
    ),
    'log.console = true',
    'log.console.level = warning',
    'log.file = false',
  ];
  if (ports.tls !== undefined) {
    const { caFile, certificateFile, keyFile } = await certificates();
    lines.push(`listeners.ssl.1 = 127.0.0.1:${ports.tls.amqp}`, 'ssl_options.verify = verify_none');
    lines.push('management.ssl.ip = 127.0.0.1', `management.ssl.port = ${ports.tls.management}`);
    for (const prefix of ['ssl_options', 'management.ssl']) {
      lines.push(`${prefix}.cacertfile = ${caFile}`);
      lines.push(`${prefix}.certfile = ${certificateFile}`, `${prefix}.keyfile = ${keyFile}`);
    }
  }
  return `${lines.join('\n')}\n`;
};

/** JSON, since the configuration file knows no way to write every character that a password may have. */
const definitions = (username: string, password: string): string => {
  const vhosts = ['/', ODD_VHOST];
  const all = { configure: '.*', write: '.*', read: '.*' };
  return JSON.stringify({
    users: [{ name: username, password, tags: 'administrator' }],
    vhosts: vhosts.map((name) => ({ name })),
    permissions: vhosts.map((vhost) => ({ user: username, vhost, ...all })),
  });
};

export const startRabbitmq = async (options: RabbitmqOptions = {}): Promise<Server<RabbitmqAddress>> => {
  const [url, managementUrl] = [process.env[VARIABLE], process.env[MANAGEMENT_VARIABLE]];
  if (url !== undefined && managementUrl !== undefined && Object.keys(options).length === 0)
    return notOurs(elsewhere(url, managementUrl), VARIABLE);

  const command = await packaged({
    name: 'rabbitmq-server',
    find: serverScript,
    instead: `set ${VARIABLE} and ${MANAGEMENT_VARIABLE} to a server that runs already, such as amqp://guest:guest@127.0.0.1:5672 and http://127.0.0.1:15672`,
  });
  const epmd = await packaged({ name: 'erlang-base', find: () => find('epmd') });
  const { username = 'pulsescale', password = 'pulsescale' } = options;
  const ports: Ports = {
    amqp: options.port ?? (await freePort()),
    management: await freePort(),
    ...(options.tls === true ? { tls: { amqp: await freePort(), management: await freePort() } } : {}),
  };
  const [epmdPort, distributionPort] = [await freePort(), await freePort()];
  const tls = ports.tls === undefined ? undefined : { ...ports.tls, ca: (await certificates()).ca };

  const folder = makeFolder('rabbitmq');
  const at = (file: string) => join(folder, file);
  writeFileSync(at('definitions.json'), definitions(username, password), { mode: 0o600 });
  writeFileSync(at('rabbitmq.conf'), await configuration(ports, at('definitions.json')));
  writeFileSync(at('enabled_plugins'), '[rabbitmq_management].\n');

  const erlang = { HOME: folder, ERL_EPMD_PORT: String(epmdPort), ERL_EPMD_ADDRESS: '127.0.0.1' };
  const env = {
    ...erlang,
    detached: 'yes',
    RABBITMQ_CONF_ENV_FILE: at('none'),
    RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: at('enabled_plugins'),
    RABBITMQ_NODENAME: `pulsescale-${ports.amqp}@localhost`,
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_MNESIA_BASE: at('data'),
    RABBITMQ_LOG_BASE: folder,
    // The default is one scheduler per core and 64 threads for files; a test broker needs no such thing.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 2:2 +A 8',
  };
  const login = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  // The management plugin listens before the definitions are in, and the AMQP port comes last.
  const answers = async () => {
    await ask(ports.amqp, 'HELLO\r\n\r\n', /^AMQP/);
    await get(ports.management, '/api/overview', { headers: [`Authorization: ${login}`] });
  };
  return startServer({
    name: 'rabbitmq',
    folder,
    address: {
      host: '127.0.0.1',
      port: ports.amqp,
      managementUrl: `http://127.0.0.1:${ports.management}`,
      username,
      password,
      ...(tls === undefined
        ? {}
        : { tlsPort: tls.amqp, managementTlsUrl: `https://127.0.0.1:${tls.management}`, ca: tls.ca }),
    },
    programs: [
      programOf({
        name: 'epmd',
        command: epmd,
        args: ['-port', String(epmdPort), '-address', '127.0.0.1'],
        env: erlang,
        folder,
        counts: false,
        // Its one-byte request for all names: two bytes of length, then "n"; the answer begins with its own port.
        answers: () => ask(epmdPort, '\0\u0001n', /./s),
      }),
      programOf({ name: 'rabbitmq-server', command, args: [], env, folder, answers }),
    ],
  });
};
