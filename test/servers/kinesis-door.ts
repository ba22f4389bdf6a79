/**
 * The door in front of kinesis-local. SDK clients speak HTTP/2 to Kinesis; kinesis-local 0.6 speaks it as well, but ends
 * about one connection in ten with a protocol error. So the door takes HTTP/2 and HTTP/1.1 on one port, and passes
 * everything on in HTTP/1.1.
 */
import {
  type Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createTcpServer, type Server } from 'node:net';

/** What HTTP/2 has no use for, or what is only between two neighbours. */
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'http2-settings', 'host']);

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;
const passed = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== undefined && !name.startsWith(':') && !HOP.has(name))
      .map(([name, value]) => [name, String(value)]),
  );

export const doorTo = (port: number, agent: Agent): Server => {
  const passOn = (
    from: IncomingMessage | Http2ServerRequest,
    to: ServerResponse | Http2ServerResponse,
  ): void => {
    const { method = 'POST', url = '/' } = from;
    const inner = httpRequest({
      host: '127.0.0.1',
      port,
      agent,
      method,
      path: url,
      headers: passed(from.headers),
    });
    inner.on('response', (answer) => {
      to.statusCode = answer.statusCode ?? 502;
      for (const [name, value] of Object.entries(passed(answer.headers))) to.setHeader(name, value);
      answer.pipe(to);
    });
    inner.on('error', () => to.destroy());
    from.pipe(inner);
  };
  const [http1, http2] = [createServer(passOn), createHttp2Server(passOn)];
  http2.on('sessionError', () => {});
  return createTcpServer((socket) => {
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      // HTTP/2 opens with "PRI * HTTP/2.0", and Node's takes over the socket below the stream: it must stay paused.
      if (first.toString('latin1', 0, 3) === 'PRI') http2.emit('connection', socket);
      else http1.emit('connection', socket.resume());
    });
  });
};
