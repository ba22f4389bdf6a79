/** A service that tells things about itself as JSON over HTTP, and may want to know who asks. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface JsonServer {
  readonly url: string;
  readonly port: number;
  /** What it was asked, the oldest first. */
  readonly heard: Heard[];
  /** What it answers on a path: text as it is, anything else as JSON. */
  readonly tell: (path: string, what: unknown, status?: number) => void;
  /** The `authorization` header without which it answers nothing but 401; undefined: everybody may ask. */
  readonly want: (authorization: string | undefined) => void;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
}

export const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** @param tls certificate and key in PEM: then it speaks https */
export const startJsonServer = async (tls?: {
  readonly cert: string;
  readonly key: string;
}): Promise<JsonServer> => {
  const told = new Map<string, { readonly what: unknown; readonly status: number }>();
  const heard: Heard[] = [];
  let wanted: string | undefined;

  const answer: RequestListener = async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    heard.push({ method, path, headers, body: await text(request) });
    if (wanted !== undefined && headers.authorization !== wanted) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="orders"' }).end('who are you?');
      return;
    }
    const { what, status } = told.get(path) ?? { what: 'there is no such page', status: 404 };
    response.writeHead(status).end(typeof what === 'string' ? what : JSON.stringify(what));
  };

  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    heard,
    tell: (path, what, status = 200) => void told.set(path, { what, status }),
    want: (authorization) => {
      wanted = authorization;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    start: async () => void (await listen(port)),
  };
};
