/**
 * The second way: Jolokia, which shows the broker's MBeans over HTTP. What is asked in one turn of the event loop goes out as
 * one POST.
 *
 * Gotchas: without an Origin header it answers 403 (in a 200). Amazon MQ was reported to answer with the console's HTML page and
 * status 200, which says nothing about a queue. A name goes into the MBean's name with some characters replaced, as
 * ActiveMQ's JMXSupport does it, so two queues can have one MBean name; only one of them is then registered, and the
 * attribute `Name` tells which.
 */
import type { ConnectionOptions } from 'node:tls';
import { explainConnection } from '../../../contract/connection-errors.ts';
import { messageOf } from '../../../contract/errors.ts';
import type { Sighting } from '../../../contract/source.ts';
import { HttpError } from '../http/http-error.ts';
import { openRequester } from '../http/request.ts';
import { firstOf } from './first-of.ts';
import type { Login } from './stomp.ts';
import {
  LoginFailure,
  noQueue,
  QueueFailure,
  refusedUser,
  sightingOf,
  together,
  type Wanted,
  type Way,
  WayFailure,
} from './way.ts';

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

const ATTRIBUTES = ['Name', 'QueueSize', 'InFlightCount', 'EnqueueCount', 'DequeueCount'];

const encoded = (name: string): string =>
  name
    .replace(/[:,'"]/g, '_')
    .replaceAll('?', '&qe;')
    .replaceAll('=', '&amp;')
    .replaceAll('*', '&ast;');

const mbeanOf = ({ queueName, brokerName }: Wanted): string => {
  const broker = brokerName === undefined ? '*' : encoded(brokerName);
  return `org.apache.activemq:type=Broker,brokerName=${broker},destinationType=Queue,destinationName=${encoded(queueName)}`;
};

/** Jolokia's answer to one read. With a pattern as the name, `value` has the attributes of each MBean by its name. */
interface Answer {
  readonly status?: number;
  readonly error?: string;
  readonly value?: unknown;
}
type Attributes = Readonly<Record<string, unknown>>;

interface Question {
  readonly wanted: Wanted;
  readonly resolve: (answer: { readonly answer: Answer; readonly url: string }) => void;
  readonly reject: (reason: unknown) => void;
}

const parsed = (text: string, url: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    const what = /^\s*</.test(text) ? 'with an HTML page' : 'with something other than JSON';
    throw new WayFailure(
      `${url} answered ${what}: is this Jolokia's address, and may the user see the web console?`,
    );
  }
};

const answersIn = (text: string, url: string, questions: number): readonly Answer[] => {
  const answers = parsed(text, url);
  if (Array.isArray(answers) && answers.length === questions) return answers as readonly Answer[];
  const { error } = (answers ?? {}) as Answer;
  throw new WayFailure(`${url} answered ${error ?? 'something else than was asked'}`);
};

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

const isMissing = ({ status }: Answer): boolean => status === 404;

/** The instance of a pair that has none of the queues; its answers count only if no other instance has them either. */
class Nothing extends Error {
  readonly answers: readonly Answer[];

  constructor(answers: readonly Answer[]) {
    super('no such MBean');
    this.answers = answers;
  }
}

const attributesIn = (value: unknown, { brokerName }: Wanted, url: string): Attributes => {
  if (brokerName !== undefined) return (value ?? {}) as Attributes;
  const found = Object.entries((value ?? {}) as Readonly<Record<string, Attributes>>);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first[1];
  throw new WayFailure(
    `${url} shows several brokers: give one as brokerName (${found.map(([mbean]) => /brokerName=([^,]*)/.exec(mbean)?.[1]).join(', ')})`,
  );
};

const sightingIn = (answer: Answer, wanted: Wanted, url: string, at: string): Sighting => {
  if (isMissing(answer)) return noQueue(wanted);
  if (answer.status !== 200) throw new QueueFailure(`${url} answered ${answer.error ?? answer.status}`);
  const seen = attributesIn(answer.value, wanted, url);
  if (seen['Name'] !== wanted.queueName)
    throw new QueueFailure(
      `${url} shows the queue ${seen['Name']}, whose MBean is called as that of ${wanted.queueName} would be: read it by the statistics plugin`,
    );
  const { QueueSize: size, InFlightCount: inFlight, EnqueueCount: enqueued, DequeueCount: dequeued } = seen;
  return sightingOf({ size, inFlight, enqueued, dequeued }, at);
};

export const jolokiaWay = ({ place, find, login, tls, timeLimitMs }: JolokiaAccess): Way => {
  const closing = new AbortController();
  const requester = openRequester(login, undefined);
  const secure = openRequester(login, tls);
  let last: string | undefined;
  let gathered: Question[] = [];

  const post = async (url: string, wanted: readonly Wanted[], signal: AbortSignal) => {
    const body = JSON.stringify(
      wanted.map((each) => ({ type: 'read', mbean: mbeanOf(each), attribute: ATTRIBUTES })),
    );
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
