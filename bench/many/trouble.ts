/** Servers that misbehave, for the services that are to fail. */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Trouble } from './failures.ts';

const listening = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

export const makeTrouble = async (): Promise<Trouble & { readonly close: () => void }> => {
  const sockets = new Set<Socket>();
  // What it is sent is read, or the end of a connection would never be noticed.
  const silent = createServer((socket) => {
    sockets.add(socket.resume().on('error', () => undefined));
    socket.once('close', () => sockets.delete(socket));
  });
  const nonsense = createHttpServer((_, response) => response.end('<p>Everything is fine.</p>'));
  const gone = createServer();
  const closedPort = await listening(gone);
  gone.close();
  return {
    closedPort,
    silentPort: await listening(silent),
    nonsensePort: await listening(nonsense),
    close: () => {
      for (const socket of sockets) socket.destroy();
      silent.close();
      nonsense.closeAllConnections();
      nonsense.close();
    },
  };
};
