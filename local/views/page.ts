/**
 * The page of the local runner: a small server on the loopback interface. Anything that a browser on this computer opens
 * can send requests here, so a request must name this computer (a rebound DNS name does not) and an action must come from
 * this page or from no page at all; no CORS header ever lets another site read an answer.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Runner } from '../events.ts';
import { eventStream } from './event-stream.ts';
import { answerAction } from './page-actions.ts';
import { pageFiles } from './page-files.ts';

/** A page that is being served. */
export interface Page {
  readonly url: string;
  /** The port that was asked for was taken, and the URL has another one. */
  readonly moved: boolean;
  /** Ends the connections that are open, and the server. */
  readonly close: () => Promise<void>;
}

const loopback = ['127.0.0.1', 'localhost', '::1'];
const portsTried = 50;

const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Serves the page of `runner` on `port`, or on the next free one of the fifty after it. Rejects when `host` is not a
 * loopback address or when all those ports are taken.
 */
export async function servePage(
  runner: Runner,
  { port = 8700, host = '127.0.0.1' }: { readonly port?: number; readonly host?: string } = {},
): Promise<Page> {
  if (!loopback.includes(host)) {
    throw new Error(`The page only listens on ${loopback.join(', ')}, not on ${host}: it has no password.`);
  }
  const files = pageFiles();
  const stream = eventStream(runner);

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const refusal = refusalOf(request);
    if (refusal !== undefined) return refuse(response, 403, refusal);
    const path = request.url?.split('?', 1)[0] ?? '/';
    const action = path.startsWith('/actions/') ? path.slice('/actions/'.length) : undefined;
    const allowed = action === undefined ? ['GET', 'HEAD'] : ['POST'];
    if (!allowed.includes(request.method ?? '')) {
      response.setHeader('allow', allowed.join(', '));
      return refuse(response, 405, `Only ${allowed.join(' and ')} works here.`);
    }
    if (action !== undefined) return answerAction(runner, action, request, response);
    if (path === '/events' && request.method === 'GET') return stream.open(request, response);
    const file = files.get(path);
    if (file === undefined)
      return refuse(response, 404, 'There is nothing at this address. The page is at /.');
    response.writeHead(200, { 'content-type': file.type, 'content-length': file.content.length });
    response.end(request.method === 'HEAD' ? undefined : file.content);
  };

  const server = createServer((request, response) => {
    // A client that goes away in the middle of its request is the only thing left to fail here.
    answer(request, response).catch(() => response.destroy());
  });
  try {
    const used = await listen(server, host, port);
    return {
      url: `http://${host.includes(':') ? `[${host}]` : host}:${used}`,
      moved: port !== 0 && used !== port,
      close: () => {
        stream.close();
        return new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        });
      },
    };
  } catch (error) {
    stream.close();
    throw error;
  }
}

/** Why a request must not be answered; nothing when it may. */
function refusalOf({ headers: { host = '', origin } }: IncomingMessage): string | undefined {
  const name = /^(\[::1\]|[^:]*)(:\d+)?$/.exec(host)?.[1]?.toLowerCase() ?? '';
  if (!loopback.includes(name.replace(/^\[|\]$/g, ''))) {
    return 'This page answers only to 127.0.0.1, localhost and [::1].';
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return 'Requests of other pages are refused.';
  }
  return undefined;
}

function refuse(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify({ error }));
}

async function listen(server: Server, host: string, first: number): Promise<number> {
  const last = first === 0 ? 0 : Math.min(first + portsTried, 65_535);
  for (let port = first; port <= last; port += 1) {
    const used = await tryPort(server, host, port);
    if (used !== undefined) return used;
  }
  throw new Error(
    `The ports ${first} to ${last} on ${host} are all taken. Choose another with --port, or run without the page (--no-page).`,
  );
}

/** The port that the server now listens on; nothing when it is taken. */
function tryPort(server: Server, host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const listening = () => {
      server.off('error', failed);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    };
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', listening);
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    };
    server.once('error', failed).once('listening', listening).listen({ host, port });
  });
}
