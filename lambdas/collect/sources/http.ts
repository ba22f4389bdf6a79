/**
 * A number that any service tells over HTTP: a request, and the path of a field in the JSON that it answers. Several fields
 * of one answer can be read under aliases.
 *
 * All services that ask the same in one tick cause one request. An answer that has no number where the field says is
 * unknown, and never 0.
 */
import { tlsOptions } from '../../contract/access.ts';
import { oncePerTick } from '../../contract/once-per-tick.ts';
import { defineSource, type Sighting } from '../../contract/source.ts';
import { shown } from '../../contract/wording.ts';
import { numberAt } from './http/field.ts';
import { HttpError, httpTrouble, shownUrl } from './http/http-error.ts';
import { isSecure, type Options, options } from './http/options.ts';
import { openRequester, type Requester } from './http/request.ts';

/** The answer as JSON. */
const asked = async (requester: Requester, given: Options, signal: AbortSignal): Promise<unknown> => {
  const { url, method, body, headers } = given;
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const type = sent === undefined ? {} : { 'content-type': 'application/json' };
  const text = await requester.ask({
    url,
    method,
    body: sent,
    headers: { accept: 'application/json', ...type, ...headers },
    signal,
  });
  try {
    return JSON.parse(text);
  } catch {
    const start = text === '' ? 'an empty answer' : `text that begins with ${shown(text.slice(0, 40))}`;
    throw new HttpError(
      `${shownUrl(url)} answered with ${start}, and no JSON: is it the right address, and not the one of a login page?`,
      200,
    );
  }
};

const unusable = (given: Options, what: string): Sighting => ({
  known: false,
  why: `${shownUrl(given.url)}: ${what}`,
  error: 'UnusableAnswer',
});

const readingOf = (answer: unknown, given: Options, at: string): Sighting => {
  const { fields } = given;
  if (fields === undefined) {
    const value = numberAt(answer, given.field ?? '');
    return typeof value === 'string' ? unusable(given, value) : { known: true, value, at };
  }
  const found = Object.entries(fields).map(([alias, path]) => [alias, numberAt(answer, path)] as const);
  const missing = found.flatMap(([alias, value]) =>
    typeof value === 'string' ? [`${alias}: ${value}`] : [],
  );
  if (missing.length > 0) return unusable(given, missing.join('; '));
  const values = Object.fromEntries(found) as Record<string, number>;
  const value = values[given.alias ?? (found.length === 1 ? (found[0]?.[0] ?? '') : '')];
  return { known: true, ...(value === undefined ? {} : { value }), values, at };
};

const numbers = ({ fields, alias }: Options): readonly string[] => {
  const aliases = Object.keys(fields ?? {});
  return fields === undefined || aliases.length === 1 || alias !== undefined
    ? ['value', ...aliases]
    : aliases;
};

export const http = defineSource({
  type: 'http',
  options,
  reports: ['value', 'values'],
  numbers,
  permissions: () => [],
  examples: [
    { type: 'http', url: 'http://orders.internal:8080/stats', field: 'queue.depth' },
    {
      type: 'http',
      url: 'https://orders.example.com/stats',
      method: 'POST',
      body: { since: '1m' },
      fields: { waiting: 'orders[0].waiting', failed: '["orders.failed"].count' },
      alias: 'waiting',
      tokenSecret: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-AbCdEf',
    },
  ],
  needs: 'a way to the server',
  server: ({ url }) => URL.parse(url)?.origin ?? 'the HTTP server',
  connect: async (given) => {
    const requester = openRequester(given, isSecure(given) ? tlsOptions(given.tls, true) : undefined);
    const once = oncePerTick<unknown>();
    return {
      read: async (each, { at, tick, signal }) => {
        const { url, method, body, headers, timeLimit } = each;
        // With the time limit, or the one who is in a hurry would spoil it for the others.
        const key = JSON.stringify([url, method, body, headers, timeLimit]);
        return readingOf(await once(tick, key, () => asked(requester, each, signal)), each, at);
      },
      close: requester.close,
    };
  },
  trouble: (thrown, given) => httpTrouble(thrown, given.url, given),
});
