/**
 * HTTP as the sources need it: short answers from a server that may be slow, broken or somebody else. One pool of kept-open
 * sockets per connection, the login sent with every request; only a 2xx of bounded size is an answer.
 *
 * node:http, because the built-in fetch takes neither a CA nor a pool of one's own that could be closed, and asks for
 * compression; the undici package could do all that, and would add half a megabyte to the bundle.
 *
 * Gotcha: a server may close an idle socket in the moment in which it is used again, and a Lambda that was frozen between
 * two ticks learns of it only then. So what fails on a used socket before there is an answer is sent again on another.
 */
import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plain } from 'node:http';
import { request as secure, Agent as TlsAgent } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { HttpError, refusal, shownUrl } from './http-error.ts';

/** 1 MB: what is read for one number. */
const LONGEST_ANSWER_BYTES = 1_048_576;
/** A socket that was not used for so long is closed: servers come and go. */
const IDLE_MS = 60_000;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Who asks, as the options say it once secrets are filled in: a user (Basic) or a token (bearer). */
export interface Login {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

export interface Asked {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

export interface Requester {
  /**
   * @returns the text of a 2xx answer
   * @throws HttpError for every other answer, the signal's reason, and what node:http throws where there was no answer
   */
  readonly ask: (asked: Asked) => Promise<string>;
  /** Takes no more requests, and ends with the last one that is under way: a login that may not see one path may see others. */
  readonly close: () => Promise<void>;
}

const authorizationOf = ({ username, password, token }: Login): Readonly<Record<string, string>> => {
  // A token that a shell command stored often ends in a line break, which no header can hold.
  if (token !== undefined) return { authorization: `Bearer ${token.trim()}` };
  if (username === undefined && password === undefined) return {};
  const both = Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64');
  return { authorization: `Basic ${both}` };
};

const textOf = async (response: IncomingMessage, url: string): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop closes the socket, so that nothing more is read.
    if (bytes > LONGEST_ANSWER_BYTES)
      throw new HttpError(
        `${shownUrl(url)} answers with more than 1 MB, which is not read: ask it for less`,
        response.statusCode ?? 0,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** Where a redirect leads, if that is on the same server: neither login nor trust travels to another. */
const redirected = (response: IncomingMessage, { url, method }: Asked): string => {
  const { statusCode: status = 0, headers } = response;
  const to = URL.parse(headers.location ?? '', url);
  const same = to?.origin === new URL(url).origin && (method !== 'POST' || status === 307 || status === 308);
  if (to !== null && same) return to.href;
  throw new HttpError(
    `${shownUrl(url)} answered with status ${status} and points to ${to === null ? 'nowhere' : shownUrl(to.href)}, where it is not followed: write the address that is meant`,
    status,
  );
};

/**
 * @param tls as `tlsOptions` gives it; undefined: plain HTTP
 * @param maxSockets to one host at a time; further requests wait for one
 */
export const openRequester = (
  login: Login,
  tls: ConnectionOptions | undefined,
  maxSockets = 25,
): Requester => {
  const pool = { keepAlive: true, timeout: IDLE_MS, maxSockets };
  const agent = tls === undefined ? new PlainAgent(pool) : new TlsAgent({ ...tls, ...pool });
  const send = tls === undefined ? plain : secure;
  const authorization = authorizationOf(login);
  const underWay = new Set<ClientRequest>();
  const stale = new WeakSet<object>();
  const last = Promise.withResolvers<void>();
  let ending: Promise<void> | undefined;

  const once = ({ url, method = 'GET', headers, body, signal }: Asked): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      if (ending !== undefined) throw new Error('the connection was closed');
      const allHeaders = { 'accept-encoding': 'identity', ...headers, ...authorization };
      const request = send(url, { agent, method, signal, headers: allHeaders });
      underWay.add(request);
      request.on('close', () => {
        underWay.delete(request);
        if (underWay.size === 0 && ending !== undefined) last.resolve();
      });
      request.on('response', resolve);
      request.on('error', (cause: Error & { code?: string }) => {
        if (request.reusedSocket && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE')) stale.add(cause);
        reject(cause);
      });
      request.end(body);
    });

  const answerTo = async (asked: Asked): Promise<IncomingMessage> => {
    try {
      return await once(asked);
    } catch (cause) {
      // This ends: every try uses up one socket of the pool, and a new one is never stale.
      if (stale.has(cause as object)) return answerTo(asked);
      throw cause;
    }
  };

  const ask = async (asked: Asked, redirects: number): Promise<string> => {
    const response = await answerTo(asked);
    const { statusCode: status = 0, headers } = response;
    const text = await textOf(response, asked.url);
    if (REDIRECTS.includes(status) && redirects > 0)
      return ask({ ...asked, url: redirected(response, asked) }, redirects - 1);
    if (status < 200 || status > 299) throw refusal(asked.url, status, text);
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding === 'identity') return text;
    throw new HttpError(
      `${shownUrl(asked.url)} answered in the encoding ${encoding}, which was not asked for: let it answer uncompressed`,
      status,
    );
  };

  const end = async (): Promise<void> => {
    if (underWay.size > 0) await last.promise;
    agent.destroy();
  };

  return {
    ask: async (asked) => {
      try {
        return await ask(asked, 1);
      } catch (cause) {
        // In the middle of an answer it looks as if the server had closed the connection.
        asked.signal.throwIfAborted();
        throw cause;
      }
    },
    close: () => {
      ending ??= end();
      return ending;
    },
  };
};
