/** Looking for a second controller may fail in every way: the lane is had all the same, and a line says what to do. */
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Lambdas, startLambdas } from '../../local/lambdas.ts';
import { type Meddler, refusing, startEndpoint, type TestEndpoint, untouched } from '../endpoints/aws.ts';
import { QUEUE_URL, startAws, type TestAws } from '../rooms/aws.ts';

const DESCRIBE = 'DescribeScalableTargets';
const PIPE_MS = 200;
let aws: TestAws;
let autoScaling: TestEndpoint;
let lambdas: Lambdas;
let log = '';

beforeAll(async () => {
  aws = await startAws({ 'orders-worker': 1 });
  autoScaling = await startEndpoint('1.1', { [DESCRIBE]: () => ({ ScalableTargets: [] }) });
  const lines = new PassThrough().on('data', (chunk) => {
    log += String(chunk);
  });
  const env = { LOG_LEVEL: 'WARN', AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING: autoScaling.url };
  lambdas = startLambdas({ ...process.env, ...env }, lines);
});
afterAll(async () => {
  await lambdas.stop();
  await autoScaling.stop();
  await aws.close();
});

const service = (name: string) => ({
  ...{ cluster: 'shop', service: name, tasks: { max: 5 } },
  source: { type: 'sqs', queueUrl: QUEUE_URL },
});

/** A lane of its own, so that its services are asked about. */
const acquire = async (lane: string, meddle: Meddler, services = [service('orders-worker')]) => {
  log = '';
  autoScaling.calls.length = 0;
  autoScaling.meddle = meddle;
  const input = { config: { loop: { name: lane }, services } };
  const at = new Date().toISOString();
  const answer = await lambdas.invoke('lease', { act: 'acquire', lane, execution: 'e', at, input });
  await new Promise((resolve) => setTimeout(resolve, PIPE_MS));
  expect(answer).toMatchObject({ acquired: true, term: 1 });
  // Else it would be a second controller of the next test's service.
  await lambdas.invoke('lease', { act: 'release', lane, execution: 'e', at, input });
  const lines = log.split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as { readonly level: string; readonly why: string });
};

test('asks about the services of the lane, by the names that AWS knows them by', async () => {
  const cluster = 'arn:aws:ecs:us-east-1:123456789012:cluster/shop';
  const unnamed = service('%(NOT_SET)');
  const services = [service('orders-worker'), { ...service('mail-worker'), cluster }, unnamed];
  expect(await acquire('names', untouched, services)).toEqual([]);
  expect(autoScaling.calls).toEqual([
    {
      action: DESCRIBE,
      input: {
        ServiceNamespace: 'ecs',
        ScalableDimension: 'ecs:service:DesiredCount',
        ResourceIds: ['service/shop/orders-worker', 'service/shop/mail-worker'],
      },
    },
  ]);
});

test.each<[what: string, meddle: Meddler, says: RegExp]>([
  ['is denied', refusing(DESCRIBE, 'AccessDeniedException', 'no'), /allow application-autoscaling:Describe/],
  ['is throttled', refusing(DESCRIBE, 'ThrottlingException'), /throttled/],
  ['never answers', () => new Promise(() => undefined), /did not answer in time/],
  ['fails', refusing(DESCRIBE, 'InternalServiceException', 'oops'), /failed: InternalServiceException: oops/],
])('where it %s there is one line, and no error', async (what, meddle, says) => {
  const lines = await acquire(what.replaceAll(' ', '-'), meddle);
  expect(lines).toMatchObject([{ level: 'WARN', why: expect.stringMatching(says) }]);
});

test.each([7, [{}], [{ ResourceId: 'service/shop/another', MinCapacity: 1, MaxCapacity: 2 }]])(
  'what nobody has asked for is no second controller: %j',
  async (ScalableTargets) => {
    const lane = `odd-${JSON.stringify(ScalableTargets).length}`;
    expect(await acquire(lane, () => ({ ScalableTargets }))).toEqual([]);
  },
);

test('since when a service is at its maximum is kept in the object from holder to holder, and not in the state', async () => {
  const config = { loop: { name: 'stuck' }, services: [service('orders-worker')] };
  const start = Math.floor(Date.now() / 1000) - 120;
  const iso = (seconds: number): string => new Date((start + seconds) * 1000).toISOString();
  const ticksAt = (at: readonly number[], desired: number) => ({
    at: at.map((seconds) => start + seconds),
    services: { 'shop/orders-worker': { readings: [{ visible: 9 }], counts: { desired }, to: desired } },
  });
  let term: number | undefined;
  const hold = async (history: object) => {
    const input = { lane: 'stuck', config, term, history, memory: {} };
    const event = {
      act: 'acquire',
      lane: 'stuck',
      execution: `after-${term}`,
      at: new Date().toISOString(),
      input,
    };
    const answer = await lambdas.invoke('lease', event);
    expect(answer).toMatchObject({ acquired: true });
    ({ term } = answer as { readonly term: number });
    expect(JSON.stringify(answer)).not.toContain('atMax');
    return (await aws.getJson('lanes/stuck/lease.json'))['atMax'];
  };
  expect(await hold(ticksAt([0, 5], 4))).toEqual({});
  expect(await hold(ticksAt([10, 15], 5))).toEqual({ 'shop/orders-worker': iso(10) });
  expect(await hold(ticksAt([20, 25], 5))).toEqual({ 'shop/orders-worker': iso(10) });
  expect(await hold(ticksAt([30, 35], 3))).toEqual({});
});
