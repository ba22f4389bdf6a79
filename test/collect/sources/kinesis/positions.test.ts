/** Where consumers go on, by KCL's words and through reshardings. */
import { expect, test } from '@jest/globals';
import { coversLeases, positionsOf } from '../../../../lambdas/collect/sources/kinesis/positions.ts';
import type { Shard } from '../../../../lambdas/collect/sources/kinesis/shards.ts';

const open = (id: string, ...parents: string[]): Shard => ({ id, open: true, parents });
const closed = (id: string, ...parents: string[]): Shard => ({ id, open: false, parents });
const lease = (shardId: string, checkpoint?: string) => ({ shardId, checkpoint });
const oldest = (shardId: string) => ({ shardId, after: undefined });

test.each([
  ['495', [{ shardId: 'a', after: '495' }]],
  ['TRIM_HORIZON', [oldest('a')]],
  ['AT_TIMESTAMP', [oldest('a')]],
  [undefined, [oldest('a')]],
  ['LATEST', []],
  ['SHARD_END', []],
])('a checkpoint %s', (checkpoint, positions) => {
  expect(positionsOf([open('a')], [lease('a', checkpoint)]).positions).toEqual(positions);
});

test('what is not counted by a sequence number is said', () => {
  const shards = ['a', 'b', 'c', 'd'].map((id) => open(id));
  const leases = [lease('a', 'LATEST'), lease('b', 'LATEST'), lease('c', 'AT_TIMESTAMP'), lease('d', '7')];
  expect(positionsOf(shards, leases).notes).toEqual([
    '2 shards are at LATEST, without a checkpoint yet: nothing there counts as waiting',
    'one shard is at AT_TIMESTAMP, without a checkpoint yet: all that is kept counts as waiting',
  ]);
  expect(positionsOf([open('d')], [lease('d', '7')]).notes).toEqual([]);
});

const split = [closed('a'), open('b', 'a'), open('c', 'a')];

test.each([
  ['the parent is not finished, its children have no lease yet', [lease('a', '7')], ['a', 'b', 'c']],
  ['the parent is finished, one child has begun', [lease('a', 'SHARD_END'), lease('b', '9')], ['b', 'c']],
  ["the parent's lease is deleted", [lease('b', '9'), lease('c', 'TRIM_HORIZON')], ['b', 'c']],
])('after a split: %s', (_, leases, unread) => {
  expect(positionsOf(split, leases).positions.map(({ shardId }) => shardId)).toEqual(unread);
});

test('after a merge, both parents and the child', () => {
  const shards = [closed('a'), closed('b'), open('c', 'a', 'b')];
  const positions = (...leases: ReturnType<typeof lease>[]) =>
    positionsOf(shards, leases).positions.map(({ shardId }) => shardId);
  expect(positions(lease('a', '1'), lease('b', 'SHARD_END'))).toEqual(['a', 'c']);
  expect(positions(lease('a', 'SHARD_END'), lease('b', 'SHARD_END'), lease('c', '5'))).toEqual(['c']);
});

test('a shard that was split before anybody could lease it is unread, one that was finished long ago is not', () => {
  const shards = [closed('old'), closed('a'), closed('b', 'a'), open('c', 'b')];
  const { positions } = positionsOf(shards, [lease('a', '7')]);
  expect(positions).toEqual([{ shardId: 'a', after: '7' }, oldest('b'), oldest('c')]);
});

test('a lease whose shard is gone has nothing to read; an unfinished one is a reason to list the shards anew', () => {
  const leases = [lease('gone', '7'), lease('a', '8')];
  expect(positionsOf([open('a')], leases).positions).toEqual([{ shardId: 'a', after: '8' }]);
  expect(coversLeases(leases)([open('a')])).toBe(false);
  expect(coversLeases([lease('gone', 'SHARD_END'), lease('a', '8')])([open('a')])).toBe(true);
});
