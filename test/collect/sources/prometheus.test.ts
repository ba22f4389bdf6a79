import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { parseSource } from '../../../lambdas/contract/parse.ts';
import { problemsOf } from '../../contract/problems-of.ts';
import { type JsonServer, startJsonServer } from '../../endpoints/json-server.ts';
import { startSecretsManager } from '../../endpoints/secrets-manager.ts';
import { certificates } from '../../servers/certificates.ts';
import { startPrometheus } from '../../servers/prometheus.ts';
import type { Server } from '../../servers/server.ts';
import { START_LIMIT_MS } from '../../servers/server.ts';
import { behavesAsASource, type Options, readOne, type Subject, settles } from './behaviour.ts';

/** Something with metrics: a gauge for every queue, in Prometheus's text format. */
const startExporter = async () => {
  const depths = new Map<string, number | 'NaN'>();
  const server = createServer((_, response) => {
    const lines = [...depths].map(([queue, depth]) => `depth{queue=${JSON.stringify(queue)}} ${depth}\n`);
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(lines.join(''));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (queue: string, depth: number | 'NaN') => void depths.set(queue, depth),
    add: (queue: string, more: number) => void depths.set(queue, Number(depths.get(queue)) + more),
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
type Exporter = Awaited<ReturnType<typeof startExporter>>;

const depthOf = (queue: string): string => `depth{queue=${JSON.stringify(queue)}}`;

const start = async (): Promise<Subject> => {
  const exporter = await startExporter();
  const server = await startPrometheus({ targets: [exporter.target], secure: true });
  const { wrongCa } = await certificates();
  const { url, username, password, ca = '' } = server.address;
  const options = (queue: string): Options => ({
    type: 'prometheus',
    url,
    username,
    password,
    query: depthOf(queue),
    tls: { ca },
  });
  return {
    options,
    create: async (queue) => exporter.set(queue, 0),
    send: async (queue, messages) => exporter.add(queue, messages),
    server,
    close: async () => {
      await server.close();
      await exporter.close();
    },
    wrongPassword: {
      options: (queue) => ({ ...options(queue), password: 'falsch' }),
      why: /refused the user scaler: check username and password or passwordSecret/,
    },
    tls: { options, wrongCa: (queue) => ({ ...options(queue), tls: { ca: wrongCa } }) },
  };
};

behavesAsASource({
  name: 'prometheus',
  start,
  at: (options, host, port) => ({ ...options, url: `https://${host}:${port}` }),
  missing: /gives no series: check its names, and that the target is up; .*emptyIs: 0/,
  expected: (waiting) => ({ value: waiting }),
  oddNames: ['a+b&c=d?e#f', 'größe 🚀 50 %', '"quoted" \\ and\nbroken'],
  without: { inFlight: 'a number is no queue' },
  pooled: true,
});

describe('a server', () => {
  let exporter: Exporter;
  let server: Server<{ readonly url: string }>;
  let of: (query: string, more?: Options) => Options;
  beforeAll(async () => {
    exporter = await startExporter();
    server = await startPrometheus({ targets: [exporter.target] });
    of = (query, more = {}) => ({ type: 'prometheus', url: server.address.url, query, ...more });
    for (const queue of ['a', 'b', 'c', 'd']) exporter.set(queue, 3);
    exporter.set('broken', 'NaN');
    await settles(of('count(depth)'), { value: 5 });
  }, START_LIMIT_MS);
  afterAll(async () => {
    await closeConnections();
    await server?.close();
    await exporter?.close();
  });

  test.each([
    ['a scalar', '17.5', 17.5],
    ['a negative one', '-(3)', -3],
    ['a sum', 'sum(depth{queue=~"[a-d]"})', 12],
    ['one series', depthOf('a'), 3],
    ['a large number', '2^53', 2 ** 53],
  ])('%s: %s', async (_, query, value) => {
    expect(await readOne(of(query))).toEqual({ known: true, value, at: expect.any(String) });
  });

  test.each([
    ['several series', 'depth', /gives 5 series.*sum\(…\).*depth\{.*queue="a".*\} and 2 more\)$/],
    ['no series', 'dept', /gives no series/],
    ['NaN', depthOf('broken'), /gives NaN, which is no number/],
    ['infinity', '1 / 0', /gives \+Inf, which is no number.*division by 0/],
    ['a range', `${depthOf('a')}[1m]`, /gives a matrix.*last_over_time/],
    ['text', '"17"', /gives a string/],
    ['half a query', 'sum(', /refuses the query: check it \(.*parse error: unclosed left parenthesis\)$/],
  ])('%s is unknown, never 0', async (_, query, why) => {
    expect(await readOne(of(query))).toMatchObject({ known: false, why: expect.stringMatching(why) });
  });

  test('no series is 0 where that is written', async () => {
    expect(await readOne(of('dept', { emptyIs: 0 }))).toEqual({
      known: true,
      value: 0,
      notes: ['the query gives no series, and emptyIs makes that 0'],
      at: expect.any(String),
    });
    expect(await readOne(of(depthOf('broken'), { emptyIs: 0 }))).toMatchObject({ known: false });
  });

  test('a query that is too long for a URL', async () => {
    const query = Array(1000).fill('17').join(' + ');
    expect(await readOne(of(query))).toMatchObject({ known: true, value: 17_000 });
  });

  test('a target that goes away is unknown as soon as it was scraped in vain', async () => {
    const passing = await startExporter();
    const watching = await startPrometheus({ targets: [passing.target] });
    passing.set('a', 3);
    const given = of(depthOf('a'), { url: `${watching.address.url}/` });
    await settles(given, { known: true, value: 3 });
    await passing.close();
    await settles(given, { known: false, error: 'NoSeries' });
    await watching.close();
  }, 60_000);

  test('another page of the server', async () => {
    const reading = await readOne(of('1', { url: `${server.address.url}/graph` }));
    expect(reading).toMatchObject({ known: false, why: expect.stringMatching(/status 404|not its API's/) });
  });
});

describe('what speaks its API', () => {
  let endpoint: JsonServer;
  beforeAll(async () => {
    endpoint = await startJsonServer();
  });
  afterAll(async () => {
    await closeConnections();
    await endpoint.stop();
  });

  const of = (query: string, more: Options = {}) => ({
    type: 'prometheus',
    url: `${endpoint.url}/prometheus/`,
    query,
    ...more,
  });
  const PATH = '/prometheus/api/v1/query?query=';
  const told = (query: string, what: unknown, status?: number) =>
    endpoint.tell(`${PATH}${query}&timeout=8`, what, status);
  const vector = (...values: readonly string[]) => ({
    resultType: 'vector',
    result: values.map((value) => ({ metric: {}, value: [1_700_000_000.5, value] })),
  });

  test('a part that was missing makes the number a floor', async () => {
    const warnings = ['No StoreAPIs matched for this query'];
    told('partial', { status: 'success', warnings, data: vector('4') });
    told('empty', { status: 'success', warnings, data: vector() });
    expect(await readOne(of('partial'))).toMatchObject({
      value: 4,
      atLeast: true,
      notes: [expect.stringMatching(/warns: No StoreAPIs matched/)],
    });
    expect(await readOne(of('empty', { emptyIs: 0 }))).toMatchObject({
      known: false,
      why: expect.stringMatching(/no series.*No StoreAPIs matched/),
    });
  });

  test.each([
    [
      'timeout',
      { errorType: 'timeout', error: 'query timed out in expression evaluation' },
      503,
      /simplify it/,
    ],
    ['forbidden', 'no', 403, /status 403/],
    ['login', '<html>', 200, /not its API's: is url the base URL, and is it no login page/],
    ['histogram', { data: { resultType: 'vector', result: [{ metric: {} }] } }, 200, /gives a histogram/],
  ])('%s', async (query, answer, status, why) => {
    told(query, typeof answer === 'string' ? answer : { status: 'success', ...answer }, status);
    expect(await readOne(of(query))).toMatchObject({ known: false, why: expect.stringMatching(why) });
  });

  test('headers and a token that is fetched again when it is refused', async () => {
    const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:prometheus-AbCdEf';
    const secrets = await startSecretsManager();
    Object.assign(process.env, secrets.env, { TENANT: 'shop' });
    told('up', { status: 'success', data: vector('1') });
    const given = of('up', { tokenSecret: arn, headers: { 'X-Scope-OrgID': '%(TENANT)' } });
    for (const token of ['first', 'second']) {
      secrets.set(arn, token);
      endpoint.want(`Bearer ${token}`);
      expect(await readOne(given)).toMatchObject({ known: true, value: 1 });
      expect(endpoint.heard.at(-1)?.headers).toMatchObject({ 'x-scope-orgid': 'shop' });
    }
    endpoint.want(undefined);
    await secrets.close();
  });
});

describe('options', () => {
  const problems = (given: Options) =>
    problemsOf(() => parseSource({ type: 'prometheus', query: 'up', ...given }, sourceSchema, 'source'));

  test.each([
    [{ url: 'prometheus:9090' }, /^source\.url: expected a base URL/],
    [{ url: 'http://me@prometheus' }, /^source\.url: .*without user/],
    [{ url: 'http://p', emptyIs: 1 }, /^source\.emptyIs/],
    [{ url: 'http://p', query: '' }, /^source\.query/],
    [{ url: 'http://p', tls: true }, /^source\.tls: the URL says otherwise/],
    [{ url: 'http://p', username: 'u', token: '%(T)' }, /^source\.username: give either/],
  ])('%j is refused', (given, problem) => expect(problems(given)).toEqual([expect.stringMatching(problem)]));

  test('a reference is taken anywhere', () => {
    const given = { type: 'prometheus', url: '%(URL)', query: '%(QUERY)', tls: { verify: false } };
    expect(parseSource(given, sourceSchema, 'source')).toMatchObject(given);
  });
});
