/**
 * nginx on several loopback addresses, each of which plays one running task: `/nginx_status` is its stub_status, and
 * `/hold` answers with its first line and then keeps the connection active for as long as the client stays.
 *
 * Gotchas: the counters are of the whole process, and so the same on every address. The request for the status is
 * itself an active connection. What holds is a server of ours behind nginx: nginx notices at once when a client of a
 * proxied request goes away, and only after minutes when it merely sends a file slowly (`limit_rate`).
 */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { makeFolder } from './folder.ts';
import { find, packaged } from './install.ts';
import { listenerOf } from './listener.ts';
import { freePort, get } from './port.ts';
import { programOf } from './process.ts';
import { type Server, startServer } from './server.ts';

export interface NginxAddress {
  readonly addresses: readonly string[];
  /** The same on every address. */
  readonly port: number;
}

export interface NginxOptions {
  /** Loopback addresses (127.0.0.0/8), default 127.0.0.1; Linux has all of them without a setup. */
  readonly addresses?: readonly string[];
  readonly port?: number;
}

const configuration = (
  folder: string,
  addresses: readonly string[],
  port: number,
  holdPort: number,
): string => `
daemon off;
# One process: a worker would outlive a master that is killed with us.
master_process off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
  access_log off;
  default_type text/plain;
  keepalive_timeout 600s;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}
  server {
    ${addresses.map((address) => `listen ${address}:${port};`).join('\n    ')}
    location = /nginx_status { stub_status; }
    location = /hold {
      proxy_pass http://127.0.0.1:${holdPort};
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_read_timeout 1d;
    }
    location = / { return 200 "ok\\n"; }
  }
}
`;

export const startNginx = async (options: NginxOptions = {}): Promise<Server<NginxAddress>> => {
  const command = await packaged({ name: 'nginx', find: () => find('nginx') });
  const { addresses = ['127.0.0.1'] } = options;
  const port = options.port ?? (await freePort());
  const holdPort = await freePort();
  const hold = createServer((_, response) => response.write('held\n'));
  const folder = makeFolder('nginx');
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration(folder, addresses, port, holdPort));
  const answers = async () => {
    for (const address of addresses) await get(port, '/nginx_status', { host: address });
  };
  return startServer({
    name: 'nginx',
    folder,
    address: { addresses, port },
    programs: [
      listenerOf(hold, holdPort, false),

      programOf({
        name: 'nginx',
        command,
        args: ['-e', 'stderr', '-p', folder, '-c', file],
        folder,
        answers,
      }),
    ],
  });
};
