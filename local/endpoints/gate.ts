/** A door in front of a server, on its own port: shut it and nobody gets in, though the server and its data live on. */

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Gate {
  readonly port: number;
  readonly shut: () => Promise<void>;
  readonly open: () => Promise<void>;
}

/** @param port of the server behind the gate, on 127.0.0.1 */
export const openGate = async (port: number): Promise<Gate> => {
  const sockets = new Set<Socket>();
  const server = createServer((outer) => {
    const inner = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    outer.pipe(inner).pipe(outer);
  });
  const listen = async (wanted: number): Promise<number> => {
    server.listen(wanted, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : wanted;
  };
  const own = await listen(0);
  return {
    port: own,
    shut: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    open: async () => {
      if (!server.listening) await listen(own);
    },
  };
};
