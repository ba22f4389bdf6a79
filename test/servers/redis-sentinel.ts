/**
 * A master, its replica and one Sentinel, whose word is enough to fail over (quorum 1): when the master stops, the
 * replica is the new master about three seconds later.
 */
import { makeFolder } from './folder.ts';
import { ask, freePort } from './port.ts';
import { type Program, until } from './process.ts';
import { keeping, redisProgram, redisProgramOf } from './redis.ts';
import { type Server, startServer } from './server.ts';

interface RedisSentinelAddress {
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** What the Sentinel calls the master. */
  readonly name: string;
  /** Of the master and its replica; the Sentinel asks for none. */
  readonly password?: string;
}

export interface RedisSentinel extends Server<RedisSentinelAddress> {
  /** The first master alone; the replica takes over. */
  readonly master: Pick<Program, 'stop' | 'start'>;
}

const NAME = 'mymaster';

interface RedisSentinelOptions {
  /** Of the master and its replica; without spaces, which the Sentinel cannot read back from its own file. */
  readonly password?: string;
}

export const startRedisSentinel = async (options: RedisSentinelOptions = {}): Promise<RedisSentinel> => {
  const command = await redisProgram('redis-server');
  const folder = makeFolder('redis-sentinel');
  const [masterPort, replicaPort, sentinelPort] = [await freePort(), await freePort(), await freePort()];
  const password = options.password === undefined ? undefined : JSON.stringify(options.password);
  const passwords = password === undefined ? [] : [`requirepass ${password}`, `masterauth ${password}`];
  // The default waits 5 s for more replicas before it copies anything.
  const shared = [...passwords, 'repl-diskless-sync-delay 0'];

  const master = redisProgramOf(command, folder, masterPort, [...keeping(masterPort), ...shared]);
  const replica = redisProgramOf(command, folder, replicaPort, [
    ...keeping(replicaPort),
    ...shared,
    `replicaof 127.0.0.1 ${masterPort}`,
  ]);
  const sentinel = redisProgramOf(
    command,
    folder,
    sentinelPort,
    [
      `sentinel monitor ${NAME} 127.0.0.1 ${masterPort} 1`,
      `sentinel down-after-milliseconds ${NAME} 2000`,
      `sentinel failover-timeout ${NAME} 5000`,
      ...(password === undefined ? [] : [`sentinel auth-pass ${NAME} ${password}`]),
    ],
    ['--sentinel'],
  );
  const login = password === undefined ? '' : `AUTH ${password}\r\n`;
  const server = await startServer({
    name: 'redis',
    folder,
    address: {
      sentinels: [{ host: '127.0.0.1', port: sentinelPort }],
      name: NAME,
      ...(options.password === undefined ? {} : { password: options.password }),
    },
    programs: [master, replica, sentinel],
    // Whichever of the two is the master by now, the other one follows it, and the Sentinel sees both.
    settle: async () => {
      await until(() =>
        Promise.any(
          [masterPort, replicaPort].map((port) =>
            ask(port, `${login}INFO replication\r\n`, /slave0:[\s\S]*?state=online/),
          ),
        ),
      );
      await until(() => ask(sentinelPort, 'INFO sentinel\r\n', /status=ok,[\s\S]*slaves=1/));
    },
  });
  return { ...server, master };
};
