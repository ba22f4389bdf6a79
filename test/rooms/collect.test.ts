/** Collect against SQS and ECS in their real wire formats: what it sees, and what it says when it cannot see. */
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Counts, Reading } from '../../lambdas/contract/records.ts';
import { AT } from '../samples.ts';
import { QUEUE_URL, startAws, type TestAws } from './aws.ts';

interface Collected {
  readonly samples: readonly {
    readonly service: { readonly service: string };
    readonly readings: readonly Reading[];
    readonly counts: Counts;
  }[];
  readonly next: string;
}

let aws: TestAws;
let handler: (event: unknown) => Promise<Collected>;

const names = Array.from({ length: 23 }, (_, index) => `worker-${index}`);

beforeAll(async () => {
  aws = await startAws(Object.fromEntries(names.map((name, index) => [name, index])));
  const Entries = Array.from({ length: 7 }, (_, index) => ({ Id: `m${index}`, MessageBody: 'x' }));
  await aws.sqs.send(new SendMessageBatchCommand({ QueueUrl: QUEUE_URL, Entries }));
  ({ handler } = (await import('../../lambdas/collect/handler.ts')) as unknown as {
    handler: typeof handler;
  });
});
beforeEach(() => aws.calls.clear());
afterAll(() => aws.close());

const serviceOn = (service: string, queueUrl = QUEUE_URL, more: object = {}) => ({
  cluster: 'shop',
  service,
  tasks: { max: 5 },
  source: { type: 'sqs', queueUrl },
  policy: { type: 'target', backlogPerTask: 1 },
  ...more,
});

const collect = (services: readonly object[]) =>
  handler({ at: AT, lane: 'l', term: 1, memory: {}, config: { services } });

test('one service: two calls, exact numbers, and when the next tick is', async () => {
  const { samples, next } = await collect([serviceOn('worker-4')]);
  expect(samples).toMatchObject([
    {
      readings: [{ known: true, visible: 7, inFlight: 0, delayed: 0, at: AT }],
      counts: { desired: 4, running: 4, pending: 0, deploying: false },
    },
  ]);
  expect(next).toBe('2026-11-22T12:00:05.000Z');
  expect(Object.fromEntries(aws.calls)).toEqual({ 'ecs:DescribeServices': 1, 'sqs:GetQueueAttributes': 1 });
});

test('asked by the state machine, what is remembered comes once, and the input weighs what it weighs', async () => {
  const memory = { 'shop/worker-4': { desired: 4 }, 'shop/gone': { desired: 1 } };
  const config = { services: [serviceOn('worker-4')] };
  const given = { at: AT, lane: 'l', term: 1, memory, config };
  expect((await handler(given)).samples[0]).toMatchObject({ memory: memory['shop/worker-4'] });
  const lean = await handler({ ...given, lean: true });
  expect(lean.samples[0]).not.toHaveProperty('memory');
  expect(lean).toMatchObject({ memory, aside: JSON.stringify(config).length });
});

test('many services: ten a call, and the same queue is read once', async () => {
  const { samples } = await collect(names.map((name) => serviceOn(name)));
  expect(samples.map(({ counts }) => 'desired' in counts && counts.desired)).toEqual(
    names.map((_, index) => index),
  );
  expect(Object.fromEntries(aws.calls)).toEqual({ 'ecs:DescribeServices': 3, 'sqs:GetQueueAttributes': 1 });
});

describe('what cannot be seen is unknown, with the remedy, and the others go on', () => {
  test('a queue that is not there', async () => {
    const missing = 'https://sqs.us-east-1.amazonaws.com/123456789012/gone';
    const { samples } = await collect([serviceOn('worker-1', missing), serviceOn('worker-2')]);
    expect(samples[0]?.readings).toEqual([
      {
        known: false,
        why: `there is no queue ${missing} in us-east-1: check queueUrl`,
        error: expect.any(String),
      },
    ]);
    expect(samples[1]?.readings[0]).toMatchObject({ known: true, visible: 7 });
  });

  test('a service and a cluster that are not there', async () => {
    const { samples } = await collect([
      serviceOn('nobody'),
      serviceOn('worker-1', QUEUE_URL, { cluster: 'nowhere' }),
      serviceOn('worker-2'),
    ]);
    expect(samples.map(({ counts }) => ('why' in counts ? counts.why : counts.desired))).toEqual([
      'there is no service nobody in cluster shop: check cluster, service and region',
      'there is no cluster nowhere in this account and region: check cluster and region',
      2,
    ]);
  });

  test('a source that is configured wrongly, and a variable that is not set', async () => {
    const { samples } = await collect([
      serviceOn('worker-1', QUEUE_URL, { source: { type: 'sqs', queueURL: QUEUE_URL } }),
      serviceOn('worker-2', '%(NO_SUCH_VARIABLE)'),
      serviceOn('worker-3'),
    ]);
    expect(samples[0]?.readings[0]).toMatchObject({
      known: false,
      why: expect.stringMatching(/services\[0\]\.source.*queueUrl/),
    });
    expect(samples[1]?.readings[0]).toMatchObject({
      known: false,
      why: expect.stringContaining('NO_SUCH_VARIABLE'),
    });
    expect(samples[2]?.readings[0]).toMatchObject({ known: true });
  });

  test('a queue endpoint that refuses connections, and is read again when it is back', async () => {
    await aws.endpoints.stopQueue();
    const down = await collect([serviceOn('worker-1')]);
    expect(down.samples[0]?.readings[0]).toMatchObject({
      known: false,
      why: expect.stringContaining('sqs:GetQueueAttributes'),
    });
    expect(down.samples[0]?.counts).toMatchObject({ desired: 1 });
    await aws.endpoints.startQueue();
    const up = await collect([serviceOn('worker-1')]);
    expect(up.samples[0]?.readings[0]).toMatchObject({ known: true, visible: 7 });
  });
});

describe('combine: first', () => {
  const missing = { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/gone' };
  const orders = { type: 'sqs', queueUrl: QUEUE_URL };
  const chain = (...sources: readonly object[]) =>
    collect([serviceOn('worker-1', QUEUE_URL, { source: undefined, sources, combine: 'first' })]);

  test('the second stands in for the first while that is unknown, and says so', async () => {
    const { samples } = await chain(missing, orders);
    expect(samples[0]?.readings).toEqual([
      expect.objectContaining({
        known: true,
        visible: 7,
        notes: [expect.stringMatching(/stands in for a source that is unknown: there is no queue .*gone/)],
      }),
    ]);
  });

  test('as long as the first can be read, the second is not asked', async () => {
    const { samples } = await chain(orders, missing);
    expect(samples[0]?.readings).toMatchObject([{ known: true, visible: 7 }]);
    expect(samples[0]?.readings).toHaveLength(1);
    expect(aws.calls.get('sqs:GetQueueAttributes')).toBe(1);
  });

  test('when none can be read it is unknown, with every reason', async () => {
    const { samples } = await chain(missing, { ...missing, queueUrl: `${missing.queueUrl}-too` });
    expect(samples[0]?.readings).toMatchObject([
      { known: false, why: expect.stringMatching(/gone in .*; .*gone-too/) },
    ]);
  });
});

test('%(NAME) is replaced for reading, and never reaches the state', async () => {
  process.env.ORDERS_ACCOUNT = '123456789012';
  process.env.WORKER = 'worker-3';
  const url = 'https://sqs.us-east-1.amazonaws.com/%(ORDERS_ACCOUNT)/orders';
  const answer = await collect([serviceOn('%(WORKER)', url)]);
  expect(answer.samples[0]).toMatchObject({
    service: { service: 'worker-3', source: { queueUrl: url } },
    counts: { desired: 3 },
  });
  expect(JSON.stringify(answer)).not.toContain('123456789012/orders');
});

test("fast-autoscaler's payload in the input drives it, unchanged", async () => {
  const { samples } = await handler({
    at: AT,
    config: {
      queue_type: 'sqs',
      cluster_name: 'shop',
      service_name: 'worker-9',
      min_tasks: 0,
      queue_config: { queue_url: QUEUE_URL },
    },
  });
  expect(samples[0]).toMatchObject({
    service: { tasks: { min: 0, max: 300 } },
    readings: [{ known: true, visible: 7 }],
    counts: { desired: 9 },
  });
});
