/** Commands to a Redis server from the side of those who send and consume. */
import { createClient, createCluster } from 'redis';

/** A connection per piece of work: servers come and go here. */
const withClient =
  <Client extends { destroy: () => unknown; on: (event: 'error', listener: () => void) => unknown }>(
    create: () => Client & { connect: () => Promise<unknown> },
  ) =>
  async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const client = create();
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      client.destroy();
    }
  };

interface Login {
  readonly username?: string;
  readonly password?: string;
}

export const redisClient = ({
  host,
  port,
  username,
  password,
}: Login & { readonly host: string; readonly port: number }) =>
  withClient(() =>
    createClient({
      RESP: 2,
      socket: { host, port },
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    }),
  );

export const redisClusterClient = ({
  nodes,
  password,
}: Login & { readonly nodes: readonly { readonly host: string; readonly port: number }[] }) =>
  withClient(() =>
    createCluster({
      RESP: 2,
      // Copies: the package writes into them.
      rootNodes: nodes.map((socket) => ({ socket: { ...socket } })),
      defaults: password === undefined ? {} : { password },
    }),
  );

export const texts = (count: number): string[] => Array.from({ length: count }, (_, index) => `m${index}`);
