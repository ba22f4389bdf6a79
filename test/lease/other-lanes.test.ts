/** Which lanes of the same bucket scale the same services, by S3's real listing. */
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { objectOf, otherLanes } from '../../lambdas/lease/other-lanes.ts';
import type { LeaseStore } from '../../lambdas/store/lease-object.ts';
import { BUCKET, startAws, type TestAws } from '../rooms/aws.ts';

const OURS = ['shop/orders-worker', 'shop/mail-worker'];
let aws: TestAws;
let store: LeaseStore;

beforeAll(async () => {
  aws = await startAws({});
  store = { bucket: BUCKET, s3: aws.s3 };
});
afterAll(() => aws.close());

const away = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
const put = (lane: string, given: object = {}) =>
  aws.putJson(`lanes/${lane}/lease.json`, {
    ...{ owner: 'e', term: 1, expiresAt: away(60), services: ['shop/orders-worker', 'shop/else'] },
    ...given,
  });
const found = async (lane = 'ours', listed = store) =>
  await otherLanes(listed, lane, OURS, AbortSignal.timeout(5000));

test('one that lives and scales what we scale', async () => {
  await put('ours');
  await put('elsewhere', { services: ['shop/else'] });
  await put('theirs');
  await aws.putJson('lanes/theirs/first.json', {});
  expect(await found()).toEqual([{ lane: 'theirs', shared: ['shop/orders-worker'] }]);
  expect(objectOf(store, { lane: 'theirs', shared: [] })).toBe('s3://state/lanes/theirs/lease.json');
});

test.each<[what: string, lane: string, lease: object]>([
  ['its lease has run out', 'gone', { expiresAt: away(-5) }],
  ['it is paused', 'paused', { paused: true }],
  ['it is of the same configuration, which was split', 'ours-2', {}],
  ['its object is no lease', 'broken', { term: 'x' }],
  ['it never said which services it has', 'silent', { services: undefined }],
])('none where %s', async (_, lane, lease) => {
  await put('ours');
  await put('theirs', { paused: true });
  await put(lane, lease);
  expect(await found()).toEqual([]);
  await put(lane, { paused: true });
});

test('one that sleeps will act as soon as there is work', async () => {
  await put('theirs', { asleep: true, expiresAt: away(-5) });
  expect(await found()).toEqual([{ lane: 'theirs', shared: ['shop/orders-worker'] }]);
});

test('what has not been written for ten minutes lives no more, by the age of our own object', async () => {
  await put('theirs');
  /** The listing with our own object so much later than theirs. */
  const later = (seconds: number): LeaseStore => {
    const client = Object.create(aws.s3) as typeof aws.s3;
    client.send = (async (command: object, ...rest: readonly unknown[]) => {
      const answer = await (aws.s3.send as (...all: readonly unknown[]) => Promise<object>)(command, ...rest);
      if (!(command instanceof ListObjectsV2Command)) return answer;
      const { Contents = [] } = answer as {
        readonly Contents?: readonly { Key?: string; LastModified?: Date }[];
      };
      const own = new Date(Date.now() + seconds * 1000);
      return {
        ...answer,
        Contents: Contents.map((each) =>
          each.Key === 'lanes/ours/lease.json' ? { ...each, LastModified: own } : each,
        ),
      };
    }) as typeof aws.s3.send;
    return { bucket: BUCKET, s3: client };
  };
  expect(await found('ours', later(590))).toHaveLength(1);
  expect(await found('ours', later(610))).toEqual([]);
});

test('on every page of the listing', async () => {
  await put('theirs', { paused: true });
  const many = Array.from({ length: 1001 }, (_, nth) => `lanes/a-lane-${nth}-x/first.json`);
  for (let nth = 0; nth < many.length; nth += 50)
    await Promise.all(
      many
        .slice(nth, nth + 50)
        .map((Key) => aws.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: '{}' }))),
    );
  expect(await found()).toEqual([]);
  await put('theirs');
  expect(await found()).toEqual([{ lane: 'theirs', shared: ['shop/orders-worker'] }]);
});
