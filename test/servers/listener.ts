/** A server that runs inside our own process, with the life of a program: nothing it held open survives a stop. */
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import type { Program } from './process.ts';

export const listenerOf = (server: Server, port: number, counts: boolean): Program => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that goes away in the middle is no matter of ours.
    socket.on('error', () => {});
  });
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    counts,
    start: async () => {
      if (server.listening) return;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    stop,
    kill: stop,
  };
};
