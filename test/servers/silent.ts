/** A server that accepts every connection and never says a word: for time limits. */
import { createServer } from 'node:net';
import { makeFolder } from './folder.ts';
import { listenerOf } from './listener.ts';
import { freePort } from './port.ts';
import { type Server, startServer } from './server.ts';

export interface SilentAddress {
  readonly host: string;
  readonly port: number;
}

export const startSilent = async (
  options: { readonly port?: number } = {},
): Promise<Server<SilentAddress>> => {
  const port = options.port ?? (await freePort());
  // What it is sent is read, or the end of a connection would never be noticed.
  const server = createServer((socket) => socket.resume());
  return startServer({
    name: 'silent',
    folder: makeFolder('silent'),
    address: { host: '127.0.0.1', port },
    // It is no real server, and so not in their count.
    programs: [listenerOf(server, port, false)],
  });
};
