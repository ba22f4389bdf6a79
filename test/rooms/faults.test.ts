/** AWS that refuses, throttles, breaks or keeps silent: the service that is hit holds and says why, the others go on. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Counts, Decision, Outcome, Reading } from '../../lambdas/contract/records.ts';
import { AT, later } from '../samples.ts';
import { QUEUE_URL, startAws, type TestAws } from './aws.ts';

type Handler = (event: unknown) => Promise<Record<string, unknown>>;
interface Sample {
  readonly readings: readonly Reading[];
  readonly counts: Counts;
}

/** What a front answers instead of passing a request on; 'silence' never answers. */
type Fault = { readonly status: number; readonly type: string } | 'garbage' | 'silence' | undefined;

/** Stands before the embedded endpoints and answers some requests itself, in AWS's wire format. */
const startFront = async (
  behind: () => string,
  faultOf: (target: string, body: string) => Fault,
): Promise<Server> => {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const fault = faultOf(String(request.headers['x-amz-target'] ?? request.method), body);
    if (fault === 'silence') return;
    if (fault === undefined) {
      const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers;
      const passed = await fetch(`${behind()}${request.url}`, {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...(body === '' ? {} : { body }),
      });
      response.writeHead(
        passed.status,
        Object.fromEntries(
          [...passed.headers].filter(
            ([name]) => !/^(content-(length|encoding)|transfer-encoding|connection)$/.test(name),
          ),
        ),
      );
      response.end(await passed.text());
      return;
    }
    response.writeHead(fault === 'garbage' ? 200 : fault.status, {
      'content-type': 'application/x-amz-json-1.1',
    });
    response.end(
      fault === 'garbage'
        ? '<html>welcome</html>'
        : JSON.stringify({ __type: fault.type, message: 'injected' }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

let aws: TestAws;
let fronts: Server[];
let collect: Handler;
let decide: Handler;
let apply: Handler;
let fault: (target: string, body: string) => Fault = () => undefined;

beforeAll(async () => {
  aws = await startAws({ 'orders-worker': 2, forbidden: 3, third: 4 });
  const { AWS_ENDPOINT_URL_ECS: ecs = '', AWS_ENDPOINT_URL_SQS: sqs = '' } = aws.endpoints.env;
  const s3 = aws.endpoints.directUrl;
  fronts = await Promise.all(
    [ecs, sqs, s3].map((url) =>
      startFront(
        () => url,
        (target, body) => fault(target, body),
      ),
    ),
  );
  const [ecsFront, sqsFront, s3Front] = fronts.map(
    (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  );
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_ECS: ecsFront,
    AWS_ENDPOINT_URL_SQS: sqsFront,
    AWS_ENDPOINT_URL_S3: s3Front,
  });
  collect = (await import('../../lambdas/collect/handler.ts')).handler;
  decide = (await import('../../lambdas/decide/handler.ts')).handler;
  apply = (await import('../../lambdas/apply/handler.ts')).handler;
});
beforeEach(() => {
  fault = () => undefined;
});
afterAll(async () => {
  for (const server of fronts) {
    server.closeAllConnections();
    server.close();
  }
  await aws.close();
});

const services = ['orders-worker', 'forbidden', 'third'].map((service) => ({
  cluster: 'shop',
  service,
  tasks: { max: 50 },
  source: { type: 'sqs', queueUrl: QUEUE_URL },
  policy: { type: 'target', backlogPerTask: 1 },
}));
const tick = async () => {
  const collected = await collect({ at: AT, lane: 'l', term: 1, memory: {}, config: { services } });
  const { decisions } = (await decide(collected)) as unknown as { readonly decisions: readonly Decision[] };
  return { samples: collected.samples as readonly Sample[], decisions };
};

const refused = (type: string, status = 400): Fault => ({ type, status });

/** A decided scale-out to 9. */
const out = (service: string, from: number): Decision => ({
  cluster: 'shop',
  service,
  from,
  to: 9,
  direction: 'out',
  reasons: [],
  reading: { known: true, visible: 9, at: AT },
  at: AT,
  term: 1,
});

test('DescribeServices denied for one service: that one holds and names the action, the others are seen', async () => {
  fault = (target, body) =>
    target.endsWith('DescribeServices') && body.includes('forbidden')
      ? refused('AccessDeniedException')
      : undefined;
  const { samples, decisions } = await tick();
  expect(samples.map(({ counts }) => ('desired' in counts ? counts.desired : counts.error))).toEqual([
    2,
    'AccessDeniedException',
    4,
  ]);
  expect(decisions.map(({ direction }) => direction)).toEqual(['in', 'hold', 'in']);
  expect(decisions[1]?.reasons[0]?.why).toContain('allow ecs:DescribeServices in the role of this function');
});

describe('the queue', () => {
  test.each([
    ['denied', refused('AccessDenied', 403), 'allow sqs:GetQueueAttributes in the role of this function'],
    ['throttled', refused('ThrottlingException'), 'was throttled by AWS'],
    [
      'broken',
      refused('InternalFailure', 500),
      'sqs:GetQueueAttributes on arn:aws:sqs:us-east-1:123456789012:orders failed',
    ],
    ['answering garbage', 'garbage' as const, 'sqs:GetQueueAttributes'],
    ['silent', 'silence' as const, 'did not answer in time'],
  ])('%s: unknown, with what to do, and nothing is scaled in', async (_name, answer, why) => {
    fault = (target) => (target.endsWith('GetQueueAttributes') ? answer : undefined);
    const { samples, decisions } = await tick();
    expect(samples[0]?.readings[0]).toMatchObject({ known: false, why: expect.stringContaining(why) });
    expect(decisions.map(({ from, to }) => [from, to])).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    fault = () => undefined;
    expect((await tick()).samples[0]?.readings[0]).toMatchObject({ known: true, visible: 0 });
  });
});

test('a queue that is refused does not cut the connection that the others read by', async () => {
  const urls = Array.from({ length: 30 }, (_, index) =>
    QUEUE_URL.replace('orders', index < 3 ? `gone-${index}` : `q-${index}`),
  );
  for (const url of urls.slice(3))
    await aws.sqs.send(new CreateQueueCommand({ QueueName: url.split('/').at(-1) ?? '' }));
  const many = urls.map((queueUrl, index) => ({
    ...services[0],
    service: `s-${index}`,
    source: { type: 'sqs', queueUrl },
  }));
  await collect({ at: AT, config: { services: many } });
  const before = aws.calls.get('sqs:GetQueueAttributes') ?? 0;
  const { samples } = (await collect({ at: AT, config: { services: many } })) as unknown as {
    readonly samples: readonly Sample[];
  };
  expect(samples.map(({ readings: [reading] }) => reading?.known)).toEqual(
    urls.map((_, index) => index >= 3),
  );
  // Nobody was interrupted and had to ask again.
  expect((aws.calls.get('sqs:GetQueueAttributes') ?? 0) - before).toBe(30);
});

describe('S3', () => {
  const memory = { 'shop/third': { desired: 9, lastOut: { at: AT, to: 9 } } };

  test.each([
    ['broken', { status: 500, type: 'InternalError' } as const],
    ['silent', 'silence' as const],
  ])(
    '%s: nothing is applied and no cooldown begins; who may act is an error that is worth a retry',
    async (_name, answer) => {
      fault = (target) => (target === 'GET' || target === 'PUT' ? answer : undefined);
      const applied = await apply({ at: AT, lane: 'l', term: 1, decisions: [out('third', 4)], memory });
      expect(applied).toMatchObject({
        outcomes: [{ applied: false, error: expect.stringContaining('s3:GetObject') }],
        notices: [],
        stale: false,
      });
      expect(applied.memory).toEqual({ 'shop/third': { desired: 4 } });
      expect(aws.desired('third')).toBe(4);
      const { handler: lease } = await import('../../lambdas/lease/handler.ts');
      await expect(lease({ execution: 'e', at: AT, lane: 'l', config: { services } })).rejects.toMatchObject({
        name: 'StoreError',
      });
    },
    20_000,
  );
});

describe('ECS', () => {
  test.each([
    ['throttled', refused('ThrottlingException'), 'was throttled by AWS'],
    ['broken', refused('ServerException', 500), 'failed: ServerException'],
    ['silent', 'silence' as const, 'did not answer in time'],
  ])('%s at DescribeServices: all hold', async (_name, answer, why) => {
    fault = (target) => (target.endsWith('DescribeServices') ? answer : undefined);
    const { decisions } = await tick();
    expect(decisions.map(({ direction }) => direction)).toEqual(['hold', 'hold', 'hold']);
    expect(decisions[0]?.reasons[0]?.why).toContain(why);
  });

  test.each([
    [
      'denied',
      refused('AccessDeniedException'),
      'allow ecs:UpdateService in the role of this function',
      false,
    ],
    ['broken', refused('ServerException', 500), 'failed: ServerException', true],
    ['silent', 'silence' as const, 'did not answer in time', true],
  ])(
    '%s at UpdateService: not applied, no notice, and its cooldown runs only if it may have happened',
    async (_name, answer, error, runs) => {
      await aws.putJson('lanes/l/lease.json', { owner: 'e', term: 1, expiresAt: later(80), paused: false });
      fault = (target, body) =>
        target.endsWith('UpdateService') && body.includes('forbidden') ? answer : undefined;
      const memory = {
        'shop/forbidden': { desired: 9, lastOut: { at: AT, to: 9 } },
        'shop/third': { desired: 9, lastOut: { at: AT, to: 9 } },
      };
      const applied = await apply({
        at: AT,
        lane: 'l',
        term: 1,
        decisions: [out('forbidden', 3), out('third', 4)],
        memory,
      });
      expect(applied.outcomes as Outcome[]).toMatchObject([
        { applied: false, error: expect.stringContaining(error) },
        { applied: true },
      ]);
      expect(applied.notices).toMatchObject([{ body: { service: 'third' } }]);
      expect(applied.memory).toMatchObject(runs ? memory : { 'shop/forbidden': { desired: 3 } });
      expect('lastOut' in (applied.memory as typeof memory)['shop/forbidden']).toBe(runs);
      aws.set('third', 4);
    },
    20_000,
  );
});
