/** Redis Cluster: three masters that share the 16384 slots, without replicas. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { makeFolder } from './folder.ts';
import { ask, freePort } from './port.ts';
import { type Program, until } from './process.ts';
import { keeping, redisProgram, redisProgramOf } from './redis.ts';
import { type Server, startServer } from './server.ts';

interface RedisClusterAddress {
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly password?: string;
}

export interface RedisCluster extends Server<RedisClusterAddress> {
  /** One node alone, by its place in `nodes`. Its third of the keys is gone until it is started again. */
  readonly node: (index: number) => Pick<Program, 'stop' | 'start'>;
}

const MASTERS = 3;

export const startRedisCluster = async (
  options: { readonly password?: string } = {},
): Promise<RedisCluster> => {
  const [server, cli] = [await redisProgram('redis-server'), await redisProgram('redis-cli')];
  const folder = makeFolder('redis-cluster');
  const { password } = options;
  const nodes: { host: string; port: number }[] = [];
  const programs: Program[] = [];
  while (nodes.length < MASTERS) {
    const port = await freePort();
    nodes.push({ host: '127.0.0.1', port });
    const settings = [
      ...keeping(port),
      'cluster-enabled yes',
      `cluster-config-file nodes-${port}.conf`,
      // Redis would add 10000 to the port, and land among the ports of outgoing connections.
      `cluster-port ${await freePort()}`,
      // A node is found missing after this; what is then left of the cluster still answers for its own slots.
      'cluster-node-timeout 2000',
      'cluster-require-full-coverage no',
      ...(password === undefined ? [] : [`requirepass ${JSON.stringify(password)}`]),
    ];
    programs.push(redisProgramOf(server, folder, port, settings));
  }

  const login = password === undefined ? '' : `AUTH ${JSON.stringify(password)}\r\n`;
  const settle = async () => {
    for (const { port } of nodes) {
      await until(() =>
        ask(port, `${login}CLUSTER INFO\r\n`, /cluster_state:ok[\s\S]*cluster_known_nodes:3/),
      );
    }
  };
  const prepare = async () => {
    await promisify(execFile)(
      cli,
      ['--cluster', 'create', ...nodes.map(({ host, port }) => `${host}:${port}`), '--cluster-yes'],
      { env: { ...process.env, ...(password === undefined ? {} : { REDISCLI_AUTH: password }) } },
    );
  };
  const address = { nodes, ...(password === undefined ? {} : { password }) };
  const cluster = await startServer({ name: 'redis', folder, address, programs, prepare, settle });
  return {
    ...cluster,
    node: (index) => {
      const program = programs[index];
      if (program === undefined) throw new Error(`There is no node ${index}: 0 to ${MASTERS - 1} are there.`);
      return program;
    },
  };
};
