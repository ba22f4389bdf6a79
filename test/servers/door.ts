/** A door before a port: what passes can be cut off, or kept waiting for ever. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Door {
  readonly port: number;
  /** Ends the connection on which something is said next, before it arrives. */
  readonly cutAtNextWord: () => void;
  /** From now on nothing arrives on the connections that are there, and none is made. */
  readonly silence: () => void;
  /** New connections are as they should be; those that were silenced stay so. */
  readonly listen: () => void;
  readonly close: () => void;
}

export const openDoor = async (target: number): Promise<Door> => {
  const all = new Set<Socket>();
  const silenced = new WeakSet<Socket>();
  let cutting = false;
  let silent = false;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) {
      all.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
    }
    if (silent) silenced.add(near);
    near.on('data', (chunk) => {
      if (silenced.has(near)) return;
      if (cutting) near.destroy();
      else far.write(chunk);
      cutting = false;
    });
    far.on('data', (chunk) => void (silenced.has(near) || near.write(chunk)));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cutAtNextWord: () => {
      cutting = true;
    },
    silence: () => {
      silent = true;
      for (const socket of all) silenced.add(socket);
    },
    listen: () => {
      silent = false;
    },
    close: () => {
      for (const socket of all) socket.destroy();
      server.close();
    },
  };
};
