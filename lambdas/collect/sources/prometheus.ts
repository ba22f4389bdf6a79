/**
 * A number that Prometheus, or whoever speaks its HTTP API (Thanos, Mimir, VictoriaMetrics), makes of an instant query: a scalar,
 * or a vector with exactly one series.
 *
 * Gotchas: no series is not 0: a target that is down and a name that is misspelt look the same, so that is unknown unless
 * `emptyIs: 0` is written. Warnings mean that a part was missing (a store of Thanos that did not answer), so the number is
 * only a floor. Amazon Managed Service for Prometheus wants requests signed with SigV4, which is not done here: put its
 * signing proxy in front.
 */
import * as z from 'zod';
import { tlsOptions } from '../../contract/access.ts';
import { commonOptions, defineSource } from '../../contract/source.ts';
import { HttpError, httpTrouble } from './http/http-error.ts';
import { openRequester } from './http/request.ts';
import { canBeUrl, contradictionsIn, headers, wayIn } from './http/way-in.ts';
import { sightingOf } from './prometheus/answer.ts';

/** What every proxy takes in a URL; a longer query goes by POST, which some read-only ones refuse. */
const LONGEST_URL = 2000;

const options = z
  .strictObject({
    type: z.literal('prometheus'),
    url: z
      .string()
      .regex(
        /^(https?:\/\/[^/?#@\s\\]+(\/[^?#\s]*)?|.*%\(.+\).*)$/i,
        'expected a base URL such as http://prometheus.internal:9090, without user, password and query',
      )
      .refine(canBeUrl, 'expected a URL that has a valid host and port')
      .meta({ description: 'Base URL; /api/v1/query is put behind it.' }),
    query: z.string().min(1).meta({
      description: 'PromQL whose answer is one number: a scalar, or a vector with exactly one series.',
    }),
    emptyIs: z.literal(0).optional().meta({
      description: 'What no series means: 0. Left out, it is unknown.',
    }),
    headers: headers.optional().meta({
      description: 'Headers that are sent, such as X-Scope-OrgID; one that is a secret is written %(NAME).',
    }),
    ...wayIn,
    ...commonOptions,
  })
  .superRefine((given, { addIssue }) => {
    for (const [path, message] of contradictionsIn(given))
      addIssue({ code: 'custom', path: [path], message });
  })
  .meta({ description: 'The number that a PromQL query has at the moment.' });

type Options = z.output<typeof options>;

const baseOf = ({ url }: Pick<Options, 'url'>): string => url.replace(/\/+$/, '');
const nameOf = (given: Options): string => `Prometheus at ${baseOf(given)}`;

const requestFor = ({ url, query, timeLimit, headers }: Options) => {
  const endpoint = `${baseOf({ url })}/api/v1/query`;
  // Prometheus gives up as we do: a query that is too much must not pile up there.
  const form = new URLSearchParams({ query, timeout: `${timeLimit}` }).toString();
  const accept = { accept: 'application/json', ...headers };
  if (endpoint.length + form.length < LONGEST_URL)
    return { url: `${endpoint}?${form}`, method: 'GET', headers: accept } as const;
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return { url: endpoint, method: 'POST', headers: { ...accept, ...type }, body: form } as const;
};

/** `{"status":"error","errorType":"bad_data","error":"1:5: parse error: …"}` */
const complaintIn = (body: string): string | undefined => {
  try {
    const { error } = JSON.parse(body) as { readonly error?: unknown };
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
};

export const prometheus = defineSource({
  type: 'prometheus',
  options,
  reports: ['value'],
  permissions: () => [],
  examples: [
    {
      type: 'prometheus',
      url: 'http://prometheus.internal:9090',
      query: 'sum(http_requests_in_flight{service="orders"})',
    },
  ],
  needs: 'a way to the server',
  server: nameOf,
  connect: async (given) => {
    const isSecure = /^https:/i.test(given.url);
    const requester = openRequester(given, isSecure ? tlsOptions(given.tls, true) : undefined);
    return {
      read: async (each, { at, signal }) => {
        const text = await requester.ask({ ...requestFor(each), signal });
        return sightingOf(text, { server: nameOf(each), emptyIs: each.emptyIs, at });
      },
      close: requester.close,
    };
  },
  trouble: (thrown, given) => {
    const complaint = thrown instanceof HttpError ? complaintIn(thrown.body) : undefined;
    if (complaint === undefined) return httpTrouble(thrown, baseOf(given), given);
    const remedy = /timed out|timeout/i.test(complaint)
      ? 'simplify it, or make a recording rule'
      : 'check it';
    return { kind: 'answered', why: `${nameOf(given)} refuses the query: ${remedy} (${complaint})` };
  },
});
