/**
 * Prometheus from Debian's package. It scrapes itself, or what it is given, five times a second.
 *
 * Gotcha: one port either has TLS and a login or has not. A password stands in its configuration as a bcrypt hash, which Node
 * cannot make, so there is one login, with the hash written down.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificates } from './certificates.ts';
import { makeFolder } from './folder.ts';
import { find, packaged } from './install.ts';
import { ask, freePort, get } from './port.ts';
import { programOf } from './process.ts';
import { type Server, startServer } from './server.ts';

export interface PrometheusAddress {
  /** Without a slash at its end; the API is at `/api`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly ca?: string;
}

export interface PrometheusOptions {
  readonly port?: number;
  /** Like `127.0.0.1:9100`, each with its metrics at `/metrics`; default: itself. */
  readonly targets?: readonly string[];
  /** TLS, and a user with a password. */
  readonly secure?: boolean;
}

const LOGIN = { username: 'scaler', password: 'ge/heim%@:' } as const;
/** Of the password above, with bcrypt's least cost. */
const HASH = '$2b$04$abcdefghijklmnopqrstuu.baWSNt8nLKvlk40xCy.AqHXjae6.4q';

export const startPrometheus = async (
  options: PrometheusOptions = {},
): Promise<Server<PrometheusAddress>> => {
  const command = await packaged({ name: 'prometheus', find: () => find('prometheus') });
  const { secure = false } = options;
  const port = options.port ?? (await freePort());
  const { targets = [`127.0.0.1:${port}`] } = options;
  const { ca, certificateFile, keyFile } = await certificates();
  const folder = makeFolder('prometheus');
  const at = (file: string) => join(folder, file);
  // JSON is YAML.
  const write = (file: string, content: object) =>
    writeFileSync(at(file), JSON.stringify(content), { mode: 0o600 });
  write('prometheus.yml', {
    global: { scrape_interval: '200ms', scrape_timeout: '200ms' },
    scrape_configs: [{ job_name: 'test', static_configs: [{ targets }] }],
  });
  write('web.yml', {
    basic_auth_users: { [LOGIN.username]: HASH },
    tls_server_config: { cert_file: certificateFile, key_file: keyFile },
  });
  const args = [
    `--config.file=${at('prometheus.yml')}`,
    `--storage.tsdb.path=${at('data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
    ...(secure ? [`--web.config.file=${at('web.yml')}`] : []),
  ];
  return startServer({
    name: 'prometheus',
    folder,
    address: {
      url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`,
      ...(secure ? { ...LOGIN, ca } : {}),
    },
    programs: [
      programOf({
        name: 'prometheus',
        command,
        args,
        folder,
        // A TLS port tells a plain request that it is one.
        answers: () =>
          secure ? ask(port, 'GET / HTTP/1.0\r\n\r\n', /^HTTP\/1\.0 400 /) : get(port, '/-/ready'),
      }),
    ],
  });
};
