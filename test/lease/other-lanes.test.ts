/** Which lanes of the same bucket scale the same services, by S3's real listing. */
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLaneWatch, objectOf } from '../../lambdas/lease/other-lanes.ts';
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
/** Asked for the first time in a process, or by one that remembers. */
const found = async (watch = createLaneWatch(), at = away(0)) =>
  await watch(store, 'ours', OURS, at, AbortSignal.timeout(5000));

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

test.each([
  [590, 1],
  [610, 0],
])('one that nobody has looked at for %i s lives no more: %i', async (seconds, lanes) => {
  await put('theirs', { asleep: true, expiresAt: away(-seconds) });
  expect(await found()).toHaveLength(lanes);
});

test('the bucket is listed every two hours; whom that has shown is looked at each time', async () => {
  const watch = createLaneWatch();
  await put('theirs', { paused: true });
  expect(await found(watch)).toEqual([]);
  await put('theirs');
  await put('newcomer');
  expect(await found(watch, away(7190))).toMatchObject([{ lane: 'theirs' }]);
  expect(await found(watch, away(7210))).toMatchObject([{ lane: 'newcomer' }, { lane: 'theirs' }]);
  await put('newcomer', { paused: true });
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
