/** AWS that refuses, throttles, breaks or keeps silent: the service that is hit holds and says why, the others go on. */
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Counts, Decision, Outcome, Reading } from '../../lambdas/contract/records.ts';
import { realClock } from '../../local/clock.ts';
import type { Api, Call, How, Injected } from '../faults/fault.ts';
import { type Front, startFront } from '../faults/front.ts';
import { createInjections, type Injections } from '../faults/injections.ts';
import { AT, later } from '../samples.ts';
import { QUEUE_URL, startAws, type TestAws } from './aws.ts';

type Handler = (event: unknown) => Promise<Record<string, unknown>>;
interface Sample {
  readonly readings: readonly Reading[];
  readonly counts: Counts;
}

let aws: TestAws;
let front: Front;
let injections: Injections;
let injected: Injected[] = [];
let collect: Handler;
let decide: Handler;
let apply: Handler;

/** Until the end of this test such calls go wrong. */
const fault = (how: How, api: Api, where: (call: Call) => boolean = () => true): void =>
  void injected.push(injections.inject({ how, api, where }));

const mend = (): void => {
  for (const { end } of injected) end();
  injected = [];
};

beforeAll(async () => {
  aws = await startAws({ 'orders-worker': 2, forbidden: 3, third: 4 });
  injections = createInjections(realClock.now, []);
  const { AWS_ENDPOINT_URL_ECS = '', AWS_ENDPOINT_URL_SQS = '' } = aws.endpoints.env;
  const targets = {
    AWS_ENDPOINT_URL_ECS,
    AWS_ENDPOINT_URL_SQS,
    AWS_ENDPOINT_URL_S3: aws.endpoints.directUrl,
  };
  front = await startFront(targets, { clock: realClock, injections });
  Object.assign(process.env, front.env);
  collect = (await import('../../lambdas/collect/handler.ts')).handler;
  decide = (await import('../../lambdas/decide/handler.ts')).handler;
  apply = (await import('../../lambdas/apply/handler.ts')).handler;
});
beforeEach(mend);
afterAll(async () => {
  await front.close();
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
  fault('deny', 'ecs:DescribeServices', ({ body }) => body.includes('forbidden'));
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
    ['denied', 'deny', 'allow sqs:GetQueueAttributes in the role of this function'],
    ['throttled', 'throttle', 'was throttled by AWS'],
    ['broken', 'error', 'sqs:GetQueueAttributes on arn:aws:sqs:us-east-1:123456789012:orders failed'],
    ['answering garbage', 'garbage', 'sqs:GetQueueAttributes'],
    ['silent', 'silent', 'did not answer in time'],
  ] as const)('%s: unknown, with what to do, and nothing is scaled in', async (_name, how, why) => {
    fault(how, 'sqs:GetQueueAttributes');
    const { samples, decisions } = await tick();
    expect(samples[0]?.readings[0]).toMatchObject({ known: false, why: expect.stringContaining(why) });
    expect(decisions.map(({ from, to }) => [from, to])).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    mend();
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
    ['broken', 'error'],
    ['silent', 'silent'],
  ] as const)(
    '%s: nothing is applied and no cooldown begins; who may act is an error that is worth a retry',
    async (_name, how) => {
      fault(how, 's3:GetObject');
      fault(how, 's3:PutObject');
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

  test('an invocation that is delivered twice, S3 broken for the second: the counts will tell whether to tell', async () => {
    await aws.putJson('lanes/l/lease.json', { owner: 'e', term: 1, expiresAt: later(80), paused: false });
    const event = { at: AT, lane: 'l', term: 1, decisions: [out('third', 4)], memory };
    expect(await apply(event)).toMatchObject({
      notices: [{ body: { service: 'third', to: 9 } }],
      unsure: [],
    });
    fault('error', 's3:GetObject');
    expect(await apply(event)).toMatchObject({
      ...{ outcomes: [{ applied: false }], notices: [] },
      unsure: [{ body: { service: 'third', from: 4, to: 9 } }],
    });
    expect(aws.desired('third')).toBe(9);
    aws.set('third', 4);
  });
});

describe('ECS', () => {
  test.each([
    ['throttled', 'throttle', 'was throttled by AWS'],
    ['broken', 'error', 'failed: ServerException'],
    ['silent', 'silent', 'did not answer in time'],
  ] as const)('%s at DescribeServices: all hold', async (_name, how, why) => {
    fault(how, 'ecs:DescribeServices');
    const { decisions } = await tick();
    expect(decisions.map(({ direction }) => direction)).toEqual(['hold', 'hold', 'hold']);
    expect(decisions[0]?.reasons[0]?.why).toContain(why);
  });

  test.each([
    ['denied', 'deny', 'allow ecs:UpdateService in the role of this function', false],
    ['broken', 'error', 'failed: ServerException', true],
    ['silent', 'silent', 'did not answer in time', true],
  ] as const)(
    '%s at UpdateService: not applied, no notice, and its cooldown runs only if it may have happened',
    async (_name, how, error, runs) => {
      await aws.putJson('lanes/l/lease.json', { owner: 'e', term: 1, expiresAt: later(80), paused: false });
      fault(how, 'ecs:UpdateService', ({ body }) => body.includes('forbidden'));
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
      expect(applied.unsure).toMatchObject(runs ? [{ body: { service: 'forbidden' } }] : []);
      expect(applied.memory).toMatchObject(runs ? memory : { 'shop/forbidden': { desired: 3 } });
      expect('lastOut' in (applied.memory as typeof memory)['shop/forbidden']).toBe(runs);
      aws.set('third', 4);
    },
    20_000,
  );
});

test('an UpdateService whose answer is lost and whose second try is throttled may have been accepted', async () => {
  await aws.putJson('lanes/l/lease.json', { owner: 'e', term: 1, expiresAt: later(80), paused: false });
  const only = { api: 'ecs:UpdateService', times: 1 } as const;
  injected.push(injections.inject({ ...only, how: 'lost' }), injections.inject({ ...only, how: 'throttle' }));
  const memory = { 'shop/third': { desired: 9, lastOut: { at: AT, to: 9 } } };
  const applied = await apply({ at: AT, lane: 'l', term: 1, decisions: [out('third', 4)], memory });
  expect(applied).toMatchObject({ outcomes: [{ applied: false }], notices: [], memory });
  expect(applied.unsure).toMatchObject([{ body: { service: 'third', to: 9 } }]);
  expect(aws.desired('third')).toBe(9);
  aws.set('third', 4);
});
