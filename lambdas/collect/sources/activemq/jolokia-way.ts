/**
 * The second way: Jolokia, which shows the broker's MBeans over HTTP. What is asked in one turn of the event loop goes out as
 * one POST.
 *
 * Gotchas: without an Origin header it answers 403 (in a 200). Amazon MQ was reported to answer with the console's HTML page and
 * status 200, which says nothing about a queue.
 */
import type { ConnectionOptions } from 'node:tls';
import { explainConnection } from '../../../contract/connection-errors.ts';
import { messageOf } from '../../../contract/errors.ts';
import { HttpError } from '../http/http-error.ts';
import { openRequester } from '../http/request.ts';
import { firstOf } from './first-of.ts';
import { type Answer, answersIn, isMissing, questionAbout, sightingIn } from './jolokia.ts';
import type { Login } from './stomp.ts';
import { LoginFailure, refusedUser, together, type Wanted, type Way, WayFailure } from './way.ts';

export interface JolokiaAccess {
  /** For people. */
  readonly place: string;
  readonly find: () => Promise<readonly string[]>;
  readonly login: Login;
  readonly tls: ConnectionOptions;
  /** For one POST. */
  readonly timeLimitMs: number;
}

/** Any will do under the policy that ActiveMQ ships with; where origins are listed, this one is. */
const HEADERS = { origin: 'http://localhost', 'content-type': 'application/json' };

interface Question {
  readonly wanted: Wanted;
  readonly resolve: (answer: { readonly answer: Answer; readonly url: string }) => void;
  readonly reject: (reason: unknown) => void;
}

const explained = (thrown: unknown, url: string, { username }: Login): WayFailure => {
  if (thrown instanceof WayFailure) return thrown;
  const cause = { cause: thrown };
  if (!(thrown instanceof HttpError))
    return new WayFailure(explainConnection(thrown, url) ?? `${url}: ${messageOf(thrown)}`, cause);
  const denied = thrown.status === 401 || thrown.status === 403;
  return denied
    ? new LoginFailure(`${refusedUser(url, username)} (status ${thrown.status})`, cause)
    : new WayFailure(thrown.message, cause);
};

/** The instance of a pair that has none of the queues; its answers count only if no other instance has them either. */
class Nothing extends Error {
  readonly answers: readonly Answer[];

  constructor(answers: readonly Answer[]) {
    super('no such MBean');
    this.answers = answers;
  }
}

export const jolokiaWay = ({ place, find, login, tls, timeLimitMs }: JolokiaAccess): Way => {
  const closing = new AbortController();
  const requester = openRequester(login, undefined);
  const secure = openRequester(login, tls);
  let last: string | undefined;
  let gathered: Question[] = [];

  const post = async (url: string, wanted: readonly Wanted[], signal: AbortSignal) => {
    const body = JSON.stringify(wanted.map(questionAbout));
    const asked = { url, method: 'POST', headers: HEADERS, body, signal } as const;
    try {
      const text = await (url.startsWith('https:') ? secure : requester).ask(asked);
      return answersIn(text, url, wanted.length);
    } catch (thrown) {
      throw explained(thrown, url, login);
    }
  };

  const answersTo = async (wanted: readonly Wanted[]) => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeLimitMs)]);
    const urls = (await find()).toSorted((a, b) => Number(b === last) - Number(a === last));
    const [likeliest = ''] = urls;
    if (urls.length === 1) return { url: likeliest, answers: await post(likeliest, wanted, signal) };
    const ask = async (url: string, within: AbortSignal) => {
      const answers = await post(url, wanted, within);
      if (answers.every(isMissing)) throw new Nothing(answers);
      return answers;
    };
    try {
      const { place: url, line: answers } = await firstOf(urls, ask, () => undefined, signal);
      last = url;
      return { url, answers };
    } catch (thrown) {
      const failures = (thrown as AggregateError).errors as readonly Error[];
      const nothing = failures.find((failure) => failure instanceof Nothing);
      if (nothing !== undefined) return { url: likeliest, answers: nothing.answers };
      throw together(failures);
    }
  };

  const flush = async (): Promise<void> => {
    const asked = gathered;
    gathered = [];
    try {
      const { url, answers } = await answersTo(asked.map(({ wanted }) => wanted));
      for (const [nth, { resolve }] of asked.entries()) resolve({ url, answer: answers[nth] ?? {} });
    } catch (thrown) {
      for (const { reject } of asked) reject(thrown);
    }
  };

  return {
    place,
    read: async (wanted, { at }) => {
      const { url, answer } = await new Promise<{ answer: Answer; url: string }>((resolve, reject) => {
        if (gathered.length === 0) setImmediate(flush);
        gathered.push({ wanted, resolve, reject });
      });
      return sightingIn(answer, wanted, url, at);
    },
    close: () => {
      closing.abort();
      requester.close();
      secure.close();
    },
  };
};
