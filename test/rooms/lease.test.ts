/** The lease against S3's real protocol, its conditional writes enforced. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { later } from '../samples.ts';
import { startAws, type TestAws } from './aws.ts';

const NOW = '2026-11-22T12:00:00.000Z';
let aws: TestAws;
let handler: (event: unknown) => Promise<Record<string, unknown>>;

beforeAll(async () => {
  aws = await startAws({ 'orders-worker': 1 });
  process.env.ECS_CLUSTER = 'shop';
  process.env.SERVICE_NAME = 'orders-worker';
  process.env.SQS_QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/orders';
  ({ handler } = await import('../../lambdas/lease/handler.ts'));
});
afterAll(() => aws.close());

const acquire = (lane: string, execution: string, at = NOW, more: object = {}) =>
  handler({ act: 'acquire', lane, execution, at, ...more });

test('the first execution of a lane gets term 1, the plan of its ticks and an empty input is enough', async () => {
  const answer = await acquire('first', 'e1', NOW, { input: {} });
  expect(answer).toMatchObject({
    acquired: true,
    lane: 'first',
    term: 1,
    ticks: 12,
    next: NOW,
    intervalSeconds: 5,
    config: null,
    history: {},
  });
  expect(await aws.getJson('lanes/first/lease.json')).toMatchObject({ owner: 'e1', term: 1, paused: false });
});

test('the input of the console is no obstacle', async () => {
  const answer = await handler({
    act: 'acquire',
    execution: 'e',
    at: NOW,
    input: { Comment: 'Insert your JSON here' },
  });
  expect(answer).toMatchObject({ acquired: true, lane: 'default' });
  const odd = { lane: '../x', memory: 'none', term: 'x', next: 5, history: [] };
  expect(await handler({ act: 'acquire', execution: 'e', at: later(81, NOW), input: odd })).toMatchObject({
    acquired: true,
    lane: 'default',
  });
  expect(await handler({ execution: 'e', at: later(162, NOW), input: [1] })).toMatchObject({
    acquired: true,
    lane: 'default',
  });
});

test('anyone else waits until the lease has expired', async () => {
  await acquire('wait', 'e1');
  expect(await acquire('wait', 'e2', later(60, NOW))).toMatchObject({ acquired: false, term: 1 });
  expect(await acquire('wait', 'e2', later(81, NOW))).toMatchObject({ acquired: true, term: 2 });
});

test('a successor takes the lease by naming its term, and its duplicate does not', async () => {
  await acquire('chain', 'e1');
  const memory = { 'shop/orders-worker': { desired: 7 } };
  const input = { lane: 'chain', term: 1, memory, next: later(62, NOW) };
  const first = await handler({ act: 'acquire', lane: 'chain', execution: 'e2', at: later(58, NOW), input });
  expect(first).toMatchObject({ acquired: true, term: 2, memory, next: later(62, NOW) });
  const duplicate = await handler({
    act: 'acquire',
    lane: 'chain',
    execution: 'e2',
    at: later(58, NOW),
    input,
  });
  expect(duplicate).toMatchObject({ acquired: false, term: 2 });
});

test('asked again because the answer got lost, it finds that it has the lease; a duplicate does not', async () => {
  await acquire('again', 'e1');
  const first = { act: 'acquire', lane: 'again', execution: 'e2', at: later(90, NOW), retry: 0 };
  expect(await handler(first)).toMatchObject({ acquired: true, term: 2 });
  expect(await handler({ ...first, retry: 1 })).toMatchObject({ acquired: true, term: 3 });
  expect(await handler(first)).toMatchObject({ acquired: false });
  expect(await handler({ ...first, retry: 1, at: later(91, NOW) })).toMatchObject({ acquired: false });
  expect(await handler({ ...first, retry: 1, execution: 'e3' })).toMatchObject({ acquired: false });
});

test('a start that asks for it takes the lane over, and the holder is stale', async () => {
  await acquire('taken', 'e1');
  expect(await acquire('taken', 'e2', later(5, NOW), { input: { takeOver: true } })).toMatchObject({
    acquired: true,
    term: 2,
  });
  const heir = { lane: 'taken', term: 1 };
  expect(await handler({ lane: 'taken', execution: 'e3', at: later(58, NOW), input: heir })).toMatchObject({
    acquired: false,
    term: 2,
  });
});

test('a late successor does not overwrite what its predecessor has saved since', async () => {
  const memoryOf = (desired: number) => ({ 'shop/orders-worker': { desired } });
  const saved = {
    owner: 'e1',
    term: 1,
    expiresAt: later(80, NOW),
    paused: false,
    memory: memoryOf(3),
    savedAt: later(70, NOW),
  };
  await aws.putJson('lanes/late/lease.json', saved);
  const input = { lane: 'late', term: 1, memory: memoryOf(9), savedAt: later(58, NOW) };
  expect(await handler({ lane: 'late', execution: 'e2', at: later(75, NOW), input })).toMatchObject({
    acquired: true,
    memory: memoryOf(3),
  });
});

test('what is not configured any more is forgotten after a day, and not before', async () => {
  const memory = {
    'shop/orders-worker': { desired: 1 },
    'shop/gone': { lastIn: { at: later(-90_000, NOW), streak: 1 } },
    'shop/just-gone': { lastIn: { at: later(-60, NOW), streak: 1 } },
  };
  const kept = (await acquire('pruned', 'e1', NOW, { memory })).memory as object;
  expect(Object.keys(kept).sort()).toEqual(['shop/just-gone', 'shop/orders-worker']);
});

test('of many that start at the same moment exactly one gets the lane', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => acquire('race', `e${index}`)));
  expect(answers.filter(({ acquired }) => acquired)).toHaveLength(1);
  await acquire('race2', 'e');
  const input = { lane: 'race2', term: 1 };
  const heirs = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      handler({ lane: 'race2', execution: `h${index}`, at: later(10, NOW), input }),
    ),
  );
  expect(heirs.filter(({ acquired }) => acquired)).toHaveLength(1);
});

test('a revived lane goes on with the memory of the last write', async () => {
  const memory = { 'shop/orders-worker': { desired: 7, lastIn: { at: NOW, streak: 2 } } };
  await acquire('revived', 'e1', NOW, { memory });
  expect(await acquire('revived', 'e2', later(100, NOW), { input: {} })).toMatchObject({
    acquired: true,
    memory,
  });
});

test('release lets another in at once, and only the holder can', async () => {
  await acquire('released', 'e1');
  await handler({ act: 'release', lane: 'released', execution: 'e2', at: later(1, NOW) });
  expect(await acquire('released', 'e2', later(2, NOW))).toMatchObject({ acquired: false });
  await handler({ act: 'release', lane: 'released', execution: 'e1', at: later(3, NOW) });
  expect(await acquire('released', 'e2', later(4, NOW))).toMatchObject({ acquired: true, term: 2 });
});

test('a paused lane stands by, keeps what its last execution learnt, and goes on at once when resumed', async () => {
  const { setPaused } = await import('../../local/lane.ts');
  const store = { bucket: 'state', s3: aws.s3 };
  await acquire('paused', 'e1');
  await setPaused(store, 'paused', true);
  const memory = { 'shop/orders-worker': { desired: 9 } };
  const heir = await handler({
    act: 'acquire',
    execution: 'e2',
    at: later(10, NOW),
    lane: 'paused',
    input: { term: 1, memory },
  });
  expect(heir).toMatchObject({ acquired: false, why: 'lane paused is paused' });
  await setPaused(store, 'paused', false);
  expect(await acquire('paused', 'e3', later(11, NOW))).toMatchObject({ acquired: true, term: 2, memory });
});

test('an object that is no lease is reported and left alone', async () => {
  await aws.putJson('lanes/foreign/lease.json', 'not json');
  const answer = await acquire('foreign', 'e1');
  expect(answer).toMatchObject({ acquired: false });
  expect(answer.why).toContain('no lease of ours');
});

describe("fast-autoscaler's state", () => {
  const put = (direction: string, body: unknown) =>
    aws.putJson(`autoscaling-state/shop/orders-worker/${direction}-last-action.json`, body);

  test('its cooldowns go on: epoch seconds and ISO dates', async () => {
    await put('up', { timestamp: '2026-11-22T11:58:00+00:00', action_type: 'up', count: 1 });
    await put('down', {
      timestamp: Date.parse('2026-11-22T11:59:00Z') / 1000,
      action_type: 'down',
      count: 3,
    });
    const { memory } = await acquire('moved', 'e1');
    expect(memory).toEqual({
      'shop/orders-worker': {
        lastOut: { at: '2026-11-22T11:58:00.000Z' },
        lastIn: { at: '2026-11-22T11:59:00.000Z', streak: 3 },
      },
    });
  });

  test('what cannot be read delays scale-in, not scale-out', async () => {
    await put('up', 'garbage');
    await put('down', { timestamp: 'yesterday' });
    const { memory } = await acquire('garbled', 'e1');
    expect(memory).toEqual({ 'shop/orders-worker': { lastIn: { at: NOW, streak: 1 } } });
  });

  test('ours wins where there is one', async () => {
    const memory = { 'shop/orders-worker': { desired: 3 } };
    expect((await acquire('ours', 'e1', NOW, { memory })).memory).toEqual(memory);
  });
});

test("a configuration in the input wins but for the name of the lane, which is the deployment's, and a wrong one ends the execution with every problem", async () => {
  const config = {
    loop: { name: 'mine', interval: '10s' },
    services: [
      {
        cluster: 'shop',
        service: 'orders-worker',
        tasks: { max: 5 },
        source: { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/1/q' },
        policy: { type: 'target', backlogPerTask: 1 },
      },
    ],
  };
  const answer = await handler({ execution: 'e1', at: later(300, NOW), input: { config } });
  expect(answer).toMatchObject({ acquired: true, lane: 'default', ticks: 6, intervalSeconds: 10, config });
  const wrong = { ...config, loop: { intervall: 5, name: 'a b' } };
  await expect(handler({ execution: 'e1', at: NOW, input: { config: wrong } })).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringMatching(/intervall[\s\S]*interval[\s\S]*loop\.name|loop\.name[\s\S]*intervall/),
  });
});

test('a bucket that is not there is an error that names the call', async () => {
  const { readLease } = await import('../../lambdas/store/lease-object.ts');
  await expect(readLease({ bucket: 'elsewhere', s3: aws.s3 }, 'x')).rejects.toMatchObject({
    name: 'StoreError',
    message: expect.stringContaining('s3:GetObject'),
  });
});
