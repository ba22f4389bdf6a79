/** The front, seen by real SDK clients: each way in which a call can go wrong, and whether it has landed. */
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '../../local/clock.ts';
import { type Endpoints, LOCAL, startEndpoints } from '../../local/endpoints/aws.ts';
import { createWorld, setDesired } from '../../local/world.ts';
import type { Call, How } from './fault.ts';
import { type Front, startFront } from './front.ts';
import { createInjections } from './injections.ts';
import type { RecordedFault } from './recording.ts';

/** A clock that is a year ahead of this machine's, and on which time passes when the test says so. */
const AHEAD_MS = 365 * 24 * 3600 * 1000;
let passTime: () => void = () => undefined;
const clock: Clock = {
  now: () => Date.now() + AHEAD_MS,
  sleep: () =>
    new Promise((resolve) => {
      passTime = resolve;
    }),
};

const records: RecordedFault[] = [];
const injections = createInjections(clock.now, records);
let world = createWorld({
  ...{ seed: 1, startUpMs: 1000, startUpSigma: 0 },
  services: [{ cluster: 'shop', service: 'orders', desired: 1 }],
});
/** Every count that ECS was told. */
let told: number[] = [];
let accepted: { readonly api: Call['api']; readonly answered: boolean }[] = [];
let onAccepted: (api: Call['api']) => void = () => undefined;
let endpoints: Endpoints;
let front: Front;
let ecs: ECSClient;
let s3: S3Client;
let sqs: SQSClient;
let sns: SNSClient;

beforeAll(async () => {
  endpoints = await startEndpoints({
    services: () => world.services,
    setDesired: (cluster, service, desired) => {
      told.push(desired);
      world = setDesired(world, cluster, service, desired);
    },
    count: () => undefined,
  });
  const targets = { S3: endpoints.directUrl, ECS: endpoints.env['AWS_ENDPOINT_URL_ECS'] ?? '' };
  front = await startFront(targets, {
    ...{ clock, injections },
    onAccepted: ({ api }, _trace, answered) => {
      accepted.push({ api, answered });
      onAccepted(api);
    },
  });
  const requestHandler = { requestTimeout: 300, throwOnRequestTimeout: true };
  const to = (endpoint = '') => ({ ...LOCAL, endpoint, maxAttempts: 1, requestHandler });
  ecs = new ECSClient(to(front.env['ECS']));
  s3 = new S3Client(to(front.env['S3']));
  sns = new SNSClient(to(front.env['S3']));
  sqs = new SQSClient({ ...to(front.env['S3']), useQueueUrlAsEndpoint: false });
  await s3.send(new CreateBucketCommand({ Bucket: 'state' }));
  await s3.send(new PutObjectCommand({ Bucket: 'state', Key: 'k', Body: 'text' }));
});
beforeEach(() => {
  told = [];
  accepted = [];
});
afterAll(async () => {
  for (const client of [ecs, s3, sns, sqs]) client.destroy();
  await front.close();
  await endpoints.close();
});

const update = (desiredCount: number) =>
  ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'orders', desiredCount }));
const nameOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'answered',
    (error: Error) => error.name,
  );

describe('a write to ECS', () => {
  const ways: readonly (readonly [How, RegExp, readonly number[], boolean | undefined])[] = [
    ['none', /^answered$/, [7], true],
    ['refuse', /^(Error|TimeoutError)$/, [], undefined],
    ['silent', /^TimeoutError$/, [], undefined],
    ['error', /^ServerException$/, [], undefined],
    ['throttle', /^ThrottlingException$/, [], undefined],
    ['deny', /^AccessDeniedException$/, [], undefined],
    ['garbage', /^SyntaxError$/, [], undefined],
    // Of two answers the second is given.
    ['twice', /^answered$/, [7, 7], true],
    ['lost', /^(Error|TimeoutError)$/, [7], false],
    ['mute', /^TimeoutError$/, [7], false],
  ];
  test.each(ways)('%s: the client sees %s, ECS %j', async (how, error, counts, answered) => {
    const { end, hits } = injections.inject({ how, api: 'ecs:UpdateService' });
    expect(await nameOf(update(7))).toMatch(error);
    end();
    expect(hits()).toBe(1);
    expect(told).toEqual(counts);
    expect(accepted.at(-1)?.answered).toBe(answered);
    expect(await nameOf(update(8))).toBe('answered');
  });

  test('late: the caller has given up when it lands', async () => {
    const landed = new Promise((resolve) => {
      onAccepted = resolve;
    });
    const { end } = injections.inject({ how: 'late', api: 'ecs:UpdateService' });
    expect(await nameOf(update(7))).toBe('TimeoutError');
    end();
    expect(told).toEqual([]);
    passTime();
    expect(await landed).toBe('ecs:UpdateService');
    expect(told).toEqual([7]);
    expect(accepted).toEqual([{ api: 'ecs:UpdateService', answered: false }]);
  });

  test('before and after it lands somebody is called', async () => {
    const seen: (readonly number[])[] = [];
    const look = () => seen.push([...told]);
    const { end } = injections.inject({ how: 'none', api: 'ecs:UpdateService', before: look, after: look });
    await update(4);
    end();
    expect(seen).toEqual([[], [4]]);
  });

  test('only the nth call, only where it holds, and written down', async () => {
    const { end, hits } = injections.inject({
      ...{ name: 'the second', how: 'deny', skip: 1, times: 1 },
      where: ({ body }) => body.includes('orders'),
    });
    const names = [await nameOf(update(1)), await nameOf(update(2)), await nameOf(update(3))];
    expect(names).toEqual(['answered', 'AccessDeniedException', 'answered']);
    end();
    expect(hits()).toBe(1);
    const record = records.at(-1);
    expect(record).toMatchObject({ name: 'the second', how: 'deny', api: 'any', hits: 1 });
    expect(record?.until).toBeGreaterThanOrEqual(record?.lastHit ?? Number.POSITIVE_INFINITY);
  });
});

test('the other APIs refuse with error codes of their own', async () => {
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 't' }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  const calls = {
    's3:GetObject': () => s3.send(new GetObjectCommand({ Bucket: 'state', Key: 'k' })),
    'sqs:GetQueueAttributes': () => sqs.send(new GetQueueAttributesCommand({ QueueUrl })),
    'sns:Publish': () => sns.send(new PublishCommand({ TopicArn, Message: 'm' })),
  } as const;
  const seen: Record<string, readonly string[]> = {};
  for (const [api, call] of Object.entries(calls)) {
    const names: string[] = [];
    for (const how of ['throttle', 'deny', 'error'] as const) {
      const { end } = injections.inject({ how, api: api as Call['api'] });
      names.push(await nameOf(call()));
      end();
    }
    seen[api] = [...names, await nameOf(call())];
  }
  expect(seen).toEqual({
    's3:GetObject': ['SlowDown', 'AccessDenied', 'InternalError', 'answered'],
    'sqs:GetQueueAttributes': ['ThrottlingException', 'AccessDenied', 'InternalFailure', 'answered'],
    'sns:Publish': [
      'ThrottledException',
      'AuthorizationErrorException',
      'InternalErrorException',
      'answered',
    ],
  });
});

test('S3 tells the time by the clock that it is given', async () => {
  const { LastModified } = await s3.send(new GetObjectCommand({ Bucket: 'state', Key: 'k' }));
  expect(LastModified?.getTime()).toBeGreaterThan(Date.now() + AHEAD_MS - 60_000);
  const answer = await fetch(`${front.env['S3']}/state/k`);
  expect(Date.parse(answer.headers.get('date') ?? '')).toBeGreaterThan(Date.now() + AHEAD_MS - 60_000);
});
