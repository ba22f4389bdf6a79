/**
 * The connections of users, in place of a queue: each running task serves nginx's stub_status and pages on a loopback address of its own,
 * and a burst is so many users who open a connection to some running task and wait for their page. A task works on a few pages at the same
 * time; who is connected stays with their task, as behind a load balancer, so that more tasks help those who come later.
 *
 * Gotchas: all of 127.0.0.0/8 is this machine on Linux only; elsewhere, and for a port below 1024 where that needs root, it is told when the
 * runner starts. The second number of the addresses is this process's, so that two runners do not meet.
 */
import { once } from 'node:events';
import { createServer, get, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../lambdas/contract/errors.ts';
import { defineDemoQueue } from '../queue.ts';

const PAGES_AT_ONCE = 5;

const OWN = 1 + (process.pid % 250);

/** The address of a task; `id` ends in its number, in hexadecimal digits. */
export const loopbackOf = (id: string): string => {
  const nth = Number.parseInt(id.slice(-4), 16);
  return `127.${OWN}.${nth >> 8}.${nth & 255}`;
};

interface Options {
  readonly scheme: string;
  readonly port: number;
  readonly path: string;
  readonly cluster?: string | undefined;
  readonly service?: string | undefined;
}

/** One task's nginx, and what it is busy with. */
interface Nginx {
  readonly address: string;
  readonly server: Server;
  readonly waiting: () => number;
  readonly served: () => number;
}

const statusText = (open: number, accepted: number, busy: number): string =>
  `Active connections: ${open} \nserver accepts handled requests\n ${accepted} ${accepted} ${accepted} \nReading: 0 Writing: ${busy} Waiting: ${open - busy} \n`;

const nginxAt = (address: string, path: string, workMs: number): Nginx => {
  const sockets = new Set<Socket>();
  const queue: ServerResponse[] = [];
  let [accepted, busy, working] = [0, 0, 0];

  const serveNext = async (): Promise<void> => {
    const response = working < PAGES_AT_ONCE ? queue.shift() : undefined;
    if (response === undefined) return;
    working += 1;
    await sleep(workMs);
    working -= 1;
    response.end('done\n');
    void serveNext();
  };
  const server = createServer((request, response) => {
    busy += 1;
    response.once('close', () => {
      busy -= 1;
    });
    response.setHeader('connection', 'close');
    if (request.url === path) {
      response.end(statusText(sockets.size, accepted, busy));
      return;
    }
    queue.push(response);
    void serveNext();
  });
  server.on('connection', (socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return { address, server, waiting: () => queue.length, served: () => working };
};

const listening = async (server: Server, address: string, port: number): Promise<void> => {
  server.listen(port, address);
  await once(server, 'listening');
};

/** @throws Error with the remedy, where no task could listen */
const refuseImpossible = async (port: number): Promise<void> => {
  const server = createServer();
  const address = `127.${OWN}.255.255`;
  try {
    await listening(server, address, port);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    const remedies: Readonly<Record<string, string>> = {
      EACCES: `a port below 1024 needs root: run as root, or give the source nginx another one (port: ${port + 8000})`,
      EADDRNOTAVAIL: 'only Linux has an address for each task: run it there, in a container say',
    };
    throw new Error(
      `no task can serve its nginx_status at ${address}:${port}: ${remedies[code ?? ''] ?? messageOf(thrown)}`,
    );
  }
  server.close();
};

/** Resolves when the user is connected; the page may take its time. */
const visit = (host: string, port: number): Promise<void> =>
  new Promise((resolve) => {
    const request = get({ host, port, path: '/', agent: false }, (response) => response.resume());
    request.once('socket', (socket) => socket.once('connect', () => resolve()));
    // Whoever is refused, or whose task ends, has gone.
    request.once('error', () => resolve());
  });

export const nginx = defineDemoQueue<Options>({
  type: 'nginx',
  embedded: ({ scheme, cluster, service }) =>
    scheme === 'http' && cluster === undefined && service === undefined,
  open: async ({ port, path }, { key }) => {
    await refuseImpossible(port);
    const running = new Map<string, Nginx>();
    const sum = (count: (each: Nginx) => number): number =>
      [...running.values()].reduce((total, each) => total + count(each), 0);
    return {
      key,
      send: async (users) => {
        const tasks = [...running.values()];
        if (tasks.length === 0) throw new Error('no task runs, so nobody can connect');
        await Promise.all(
          Array.from({ length: users }, (_, nth) => visit(tasks[nth % tasks.length]?.address ?? '', port)),
        );
      },
      depth: async () => ({
        backlog: sum(({ waiting }) => waiting()),
        inFlight: sum(({ served }) => served()),
      }),
      work: async ({ id }, workMs, stop) => {
        const own = nginxAt(loopbackOf(id), path, workMs);
        await listening(own.server, own.address, port);
        running.set(id, own);
        // At once, so that nobody who comes now is sent to it.
        const gone = new Promise<void>((resolve) => {
          const leave = () => {
            running.delete(id);
            resolve();
          };
          if (stop.aborted) leave();
          else stop.addEventListener('abort', leave, { once: true });
        });
        await gone;
        own.server.close();
        await once(own.server, 'close');
      },
      close: async () => {
        for (const { server } of running.values()) {
          server.closeAllConnections();
          server.close();
        }
      },
    };
  },
});
