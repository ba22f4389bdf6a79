/** The arithmetic of a lag, where a broker would take too long to come to such numbers. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Look, PartitionSeen } from '../../../lambdas/collect/sources/kafka/cluster.ts';
import { type LagOptions, sightingOf } from '../../../lambdas/collect/sources/kafka/lag.ts';
import { stuckMemory } from '../../../lambdas/collect/sources/kafka/stuck.ts';
import { AT, later } from '../../samples.ts';

const options: LagOptions = {
  topic: 'orders',
  consumerGroup: 'workers',
  offsetReset: 'earliest',
  limitTo: 'partitions',
};
const look = (...seen: readonly Omit<PartitionSeen, 'partition'>[]): Look => ({
  seen: seen.map((each, partition) => ({ partition, ...each })),
  unseen: [],
});
const nothingStuck = () => new Map();

test('offsets beyond 2^53 are subtracted exactly', () => {
  const end = 2n ** 62n;
  const far = look({ start: 0n, end, committed: end - 3n });
  expect(sightingOf(far, options, AT, nothingStuck)).toMatchObject({ known: true, visible: 3 });
});

test('a thousand partitions are named in a line', () => {
  const seen = Array.from({ length: 1000 }, () => ({ start: 0n, end: 1n, committed: undefined }));
  const reading = sightingOf(look(...seen), options, AT, nothingStuck);
  expect(reading).toMatchObject({
    visible: 1000,
    parallelism: 1000,
    notes: [expect.stringMatching(/in partitions 0, 1, 2, 3, 4 and 995 more: everything there counts/)],
  });
});

test('a part has no totals: a rate made of them and those of the whole would be wrong', () => {
  const part = {
    ...look({ start: 0n, end: 9n, committed: 2n }),
    unseen: [{ partition: 1, why: 'no leader' }],
  };
  const reading = sightingOf(part, { ...options, limitTo: 'partitionsWithLag' }, AT, nothingStuck);
  // What could not be seen may have a lag.
  expect(reading).toMatchObject({ visible: 7, atLeast: true, parallelism: 2 });
  expect(reading).not.toHaveProperty('totals');
});

test('the lag is never negative, never more than what is there, and the sum of its partitions', () => {
  const offset = fc.bigInt({ min: 0n, max: 1000n });
  const partition = fc
    .record({ start: offset, length: offset, committed: fc.option(offset, { nil: undefined }) })
    .map(({ start, length, committed }) => ({ start, end: start + length, committed }));
  fc.assert(
    fc.property(
      fc.array(partition, { minLength: 1, maxLength: 9 }),
      fc.constantFrom('earliest' as const, 'latest' as const),
      (partitions, offsetReset) => {
        const visibleOf = (some: readonly Omit<PartitionSeen, 'partition'>[]): number => {
          const seen = sightingOf(look(...some), { ...options, offsetReset }, AT, nothingStuck);
          return seen.known ? (seen.visible ?? Number.NaN) : Number.NaN;
        };
        const alone = partitions.map((each) => visibleOf([each]));
        partitions.forEach(({ start, end }, index) => {
          expect(alone[index]).toBeGreaterThanOrEqual(0);
          expect(alone[index]).toBeLessThanOrEqual(Number(end - start));
        });
        expect(visibleOf(partitions)).toBe(alone.reduce((sum, each) => sum + each, 0));
      },
    ),
  );
});

describe('standing still', () => {
  const after = { readings: 2, seconds: 5 };
  const at3 = [{ partition: 0, position: 3n }];

  test('is counted once a tick, however many services look at the same partition', () => {
    const still = stuckMemory();
    for (let service = 0; service < 9; service += 1) expect(still('t g', AT, at3, after).size).toBe(0);
    expect([...still('t g', later(5), at3, after)]).toEqual([[0, { readings: 2, seconds: 5 }]]);
    expect([...still('t other', later(5), at3, after)]).toEqual([]);
  });

  test('ends when the group moves, or has nothing to do there for a while', () => {
    const still = stuckMemory();
    still('t g', AT, at3, after);
    expect(still('t g', later(5), [{ partition: 0, position: 4n }], after).size).toBe(0);
    expect(still('t g', later(10), [{ partition: 0, position: 4n }], after).size).toBe(1);
    expect(still('t g', later(15), [], after).size).toBe(0);
    expect(still('t g', later(20), [{ partition: 0, position: 4n }], after).size).toBe(0);
  });
});
