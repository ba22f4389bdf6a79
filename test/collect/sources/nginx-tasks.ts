/** An ECS cluster whose tasks each run a real nginx on a loopback address of their own, and the users of those. */
import { createHash } from 'node:crypto';
import { Agent, type ClientRequest, get } from 'node:http';
import { startEndpoints } from '../../../local/endpoints/aws.ts';
import type { Task, WorldService } from '../../../local/world.ts';
import { startNginx } from '../../servers/nginx.ts';
import { freePort } from '../../servers/port.ts';

/** One nginx, and the connections that users hold open to it. */
interface NginxTask extends Task {
  readonly address: string;
  readonly server: Awaited<ReturnType<typeof startNginx>>;
  readonly held: ClientRequest[];
}

export interface Cluster {
  /** The same for nginx in every task. */
  readonly port: number;
  /** How often each API was called. */
  readonly calls: Map<string, number>;
  /** Puts a service into the cluster, with so many tasks that run nginx. */
  readonly run: (service: string, tasks: number) => Promise<readonly NginxTask[]>;
  /** Tasks without an nginx of ours: on another address, without one, or not running yet. */
  readonly pretend: (
    service: string,
    tasks: readonly { readonly address?: string; readonly status?: Task['status'] }[],
  ) => void;
  /** Users get an answer that does not end. */
  readonly hold: (task: NginxTask, users: number) => Promise<void>;
  /** Users who were answered and keep their connections open. */
  readonly idle: (task: NginxTask, users: number) => Promise<void>;
  /** Users come and go, each with a connection of their own. */
  readonly visit: (task: NginxTask, users: number) => Promise<void>;
  readonly stop: () => Promise<void>;
  /** The tasks answer again, and the users who held connections are back. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** As test/servers/nginx.ts has it. */
const HELD = '/hold';
/** 127.0.0.2, on a port of our own. */
const FIRST_ADDRESS = 2;

export const startCluster = async (): Promise<Cluster> => {
  const port = await freePort();
  const services = new Map<string, WorldService>();
  const addresses = new Map<string, string>();
  const calls = new Map<string, number>();
  const nginxes: NginxTask[] = [];
  const kept: Agent[] = [];
  let ids = 0;

  const endpoints = await startEndpoints({
    services: () => [...services.values()],
    setDesired: () => undefined,
    count: (api) => void calls.set(api, (calls.get(api) ?? 0) + 1),
    addressOf: ({ id }) => addresses.get(id),
  });
  Object.assign(process.env, endpoints.env);

  const put = (service: string, tasks: readonly Task[]): void => {
    services.set(service, { cluster: 'shop', service, desired: tasks.length, tasks });
  };
  const taskAt = (address: string | undefined, status: Task['status'] = 'RUNNING'): Task => {
    ids += 1;
    const id = createHash('md5').update(String(ids)).digest('hex');
    if (address !== undefined) addresses.set(id, address);
    return { id, status, launchedAt: 0, startsAt: 0 };
  };
  const ask = ({ address: host }: NginxTask, path: string, agent: Agent | false): Promise<ClientRequest> =>
    new Promise((resolve, reject) => {
      const request = get({ host, port, path, agent });
      request.on('error', reject);
      // An answer that is held comes byte by byte, from its first line on.
      if (path === HELD) request.on('socket', (socket) => socket.once('data', () => resolve(request)));
      else request.on('response', (response) => response.on('close', () => resolve(request)).resume());
    });
  const times = async (count: number, work: () => Promise<unknown>): Promise<void> => {
    await Promise.all(Array.from({ length: count }, work));
  };
  const hold = (task: NginxTask, users: number): Promise<void> =>
    times(users, async () => task.held.push(await ask(task, HELD, false)));

  return {
    port,
    calls,
    run: async (service, count) => {
      const tasks: NginxTask[] = [];
      for (let nth = 0; nth < count; nth += 1) {
        const address = `127.0.0.${FIRST_ADDRESS + nginxes.length}`;
        const server = await startNginx({ addresses: [address], port });
        const task = { ...taskAt(address), address, server, held: [] };
        tasks.push(task);
        nginxes.push(task);
      }
      put(service, tasks);
      return tasks;
    },
    pretend: (service, tasks) =>
      put(
        service,
        tasks.map(({ address, status }) => taskAt(address, status)),
      ),
    hold,
    idle: async (task, users) => {
      const agent = new Agent({ keepAlive: true });
      kept.push(agent);
      await times(users, () => ask(task, '/', agent));
    },
    visit: (task, users) => times(users, () => ask(task, '/', false)),
    stop: () => times(1, async () => Promise.all(nginxes.map(({ server }) => server.stop()))),
    start: async () => {
      for (const task of nginxes) {
        const users = task.held.splice(0).length;
        await task.server.start();
        await hold(task, users);
      }
    },
    close: async () => {
      for (const { held } of nginxes) for (const request of held) request.destroy();
      for (const agent of kept) agent.destroy();
      await Promise.all(nginxes.map(({ server }) => server.close()));
      await endpoints.close();
    },
  };
};
