/**
 * The way from a client to a server on this machine: as it is, or with the round trip of a real network. Over loopback fifty
 * requests at once cost fifty times the processor's share of one, and nothing of what a network makes of them shows.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Network {
  /** The port on this machine that leads to that port. */
  readonly to: (port: number) => Promise<number>;
  readonly close: () => void;
}

export const loopback: Network = { to: async (port) => port, close: () => undefined };

/** Hands on what comes, in its order, after half a round trip. */
const relay = (from: Socket, into: Socket, delayMs: number): void => {
  from.setNoDelay(true);
  from.on('data', (chunk) => setTimeout(() => into.write(chunk), delayMs));
  from.on('close', () => setTimeout(() => into.destroy(), delayMs));
  from.on('error', () => into.destroy());
};

export const network = (roundTripMs: number): Network => {
  const sockets = new Set<Socket>();
  const servers = new Set<ReturnType<typeof createServer>>();
  return {
    to: async (port) => {
      const server = createServer((near) => {
        const far = connect(port, '127.0.0.1');
        for (const socket of [near, far]) sockets.add(socket.once('close', () => sockets.delete(socket)));
        relay(near, far, roundTripMs / 2);
        relay(far, near, roundTripMs / 2);
      });
      servers.add(server);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    },
  };
};
