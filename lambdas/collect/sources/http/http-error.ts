/** What an HTTP answer that cannot be used means to an operator. No message holds credentials, nor what follows a path. */
import type { Trouble } from '../../../contract/source.ts';
import type { Login } from './way-in.ts';

/** An answer that cannot be used. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  /** What came with the status, for servers whose errors can be read. */
  readonly body: string;

  /** @param message one sentence with the remedy */
  constructor(message: string, status: number, body = '') {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/** An address as it may be shown: behind its path there may be a key. */
export const shownUrl = (url: string): string => {
  const parsed = URL.parse(url);
  if (parsed === null) return 'the HTTP server';
  const { origin, pathname, search } = parsed;
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
};

const remedyFor = (status: number): string => {
  if (status === 401 || status === 403) return 'it wants credentials, or others';
  if (status === 404) return 'is the path right?';
  if (status === 429) return 'it is asked too often: give it a longer interval';
  if (status >= 500) return 'its own log says why; it is asked again at the next tick';
  return 'are the path, the method, the headers and the body what it expects?';
};

/** An answer that is no 2xx. */
export const refusal = (url: string, status: number, body: string): HttpError =>
  new HttpError(`${shownUrl(url)} answered with status ${status}: ${remedyFor(status)}`, status, body);

const askerIn = (login: Login): string | undefined => {
  if (login.token !== undefined || login.tokenSecret !== undefined)
    return 'the token: check token or tokenSecret';
  const { username, usernameSecret, password, passwordSecret } = login;
  if ([username, usernameSecret, password, passwordSecret].every((each) => each === undefined))
    return undefined;
  return `the user ${username ?? '(from usernameSecret)'}: check username and password or passwordSecret`;
};

/** `trouble` of a source that asks over HTTP. @param url what was asked, for failures that do not say it */
export const httpTrouble = (thrown: unknown, url: string, login: Login): Trouble | undefined => {
  const { code } = (thrown ?? {}) as { readonly code?: unknown };
  if (typeof code === 'string' && code.startsWith('HPE_'))
    return { kind: 'broken', why: `${shownUrl(url)} does not speak HTTP: is this its port, and its scheme?` };
  if (!(thrown instanceof HttpError)) return undefined;
  const asker = askerIn(login);
  if (asker !== undefined && (thrown.status === 401 || thrown.status === 403))
    return { kind: 'login', why: `${shownUrl(url)} refused ${asker} (status ${thrown.status})` };
  return { kind: 'answered', why: thrown.message };
};
