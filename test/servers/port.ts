/**
 * Ports of 127.0.0.1. They are taken from below the range from which the kernel serves outgoing connections
 * (32768 and up on Linux): a server that is stopped for a while would otherwise find its port in a client's hands.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const FIRST = 15_000;
const LAST = 32_000;
const handedOut = new Set<number>();

const isFree = async (port: number): Promise<boolean> => {
  const listener = createServer();
  try {
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    listener.close();
  }
};

/** Random, so that jest's workers, who cannot see each other's choices, hardly ever meet. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    if (await isFree(port)) return port;
  }
};

/**
 * Sends a text to a port and resolves with what comes back once it matches; rejects on anything else within 2 s. No
 * connection stays behind (those that fetch keeps would be among nginx's active ones).
 */
export const ask = (port: number, text: string, expected: RegExp, host = '127.0.0.1'): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.write(text));
    let heard = '';
    const fail = (why: string) => {
      socket.destroy();
      reject(new Error(`${host}:${port} ${why}${heard === '' ? '' : `; it said: ${heard.slice(0, 500)}`}`));
    };
    socket.setTimeout(2000, () => fail('did not answer in 2 s'));
    socket.on('error', ({ message }) => fail(message));
    socket.on('close', () => fail('hung up'));
    socket.on('data', (chunk) => {
      heard += chunk;
      if (!expected.test(heard)) return;
      socket.destroy();
      resolve(heard);
    });
  });

/** A GET that must be answered with 200. */
export const get = (
  port: number,
  path: string,
  { host = '127.0.0.1', headers = [] }: { readonly host?: string; readonly headers?: readonly string[] } = {},
): Promise<string> => {
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}:${port}`, 'Connection: close', ...headers, '', ''];
  return ask(port, lines.join('\r\n'), /^HTTP\/1\.1 200 /, host);
};
