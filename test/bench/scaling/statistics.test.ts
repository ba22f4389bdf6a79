/** What is said of many runs, by hand. */
import { expect, test } from '@jest/globals';
import { geometricMean, median, overSeeds, paired } from '../../../bench/scaling/statistics.ts';
import { rowOf } from './rows.ts';

test('Median and geometric mean', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])]).toEqual([2, 2.5, 7]);
  expect(geometricMean([0.5, 2])).toBeCloseTo(1, 12);
  expect(geometricMean([0.5, 0.5, 4])).toBeCloseTo(1, 12);
  expect(median([])).toBeNaN();
  expect(geometricMean([])).toBeNaN();
});

test('One row for each contestant, variant, trace and plant: every figure over its seeds', () => {
  const run = (seed: number, over60: number, costRatio: number) =>
    rowOf({ seed, figures: { over60, costRatio } });
  const grouped = overSeeds([
    ...[run(1, 0, 2), run(2, 0, 1), rowOf({ variant: 'tuned' }), run(3, 0.3, 4)],
    ...[rowOf({ plant: '57 s' }), rowOf({ trace: 'spikes' }), rowOf({ contestant: 'theirs' })],
  ]);
  expect(
    grouped.map(({ trace, plant, contestant, variant, seeds }) =>
      [trace, plant, contestant, variant, seeds].join(' '),
    ),
  ).toEqual([
    'steps 23 s ours defaults 3',
    'steps 23 s ours tuned 1',
    'steps 57 s ours defaults 1',
    'spikes 23 s ours defaults 1',
    'steps 23 s theirs defaults 1',
  ]);
  expect(grouped[0]?.median).toMatchObject({ over60: 0, costRatio: 2 });
  expect(grouped[0]?.min).toMatchObject({ over60: 0, costRatio: 1 });
  expect(grouped[0]?.max).toMatchObject({ over60: 0.3, costRatio: 4 });
  expect(grouped[0]?.mean.over60).toBeCloseTo(0.1, 12);
});

test('Pair by pair: wins, ties and losses, the worst loss first', () => {
  const costs = (contestant: string, ...ratios: readonly number[]) =>
    ratios.map((costRatio, nth) => rowOf({ contestant, seed: nth, figures: { costRatio } }));
  const ours = costs('ours', 1, 2, 3, 4, 5, 6);
  const theirs = costs('theirs', 2, 2.05, 2.5, 1, 5);
  const compared = paired(ours, theirs, 'costRatio', 0.1);
  // Differences: -1, -0.05, 0.5, 3, 0. The sixth has no partner.
  expect(compared).toMatchObject({ pairs: 5, wins: 1, ties: 2, medianDifference: 0 });
  expect(compared.losses).toEqual([
    { trace: 'steps', plant: '23 s', seed: 3, ours: 4, theirs: 1 },
    { trace: 'steps', plant: '23 s', seed: 2, ours: 3, theirs: 2.5 },
  ]);
  // Ranks of what differs: 0.05, 0.5, 1, 3; negative 1 and 3: a sum of 4 or less has 7 of 16.
  expect(compared.p).toBeCloseTo(2 * (7 / 16), 12);
  expect(paired(theirs, theirs, 'costRatio')).toMatchObject({ wins: 0, ties: 5, losses: [], p: 1 });
});

test('Two runs of one seed have no one partner', () => {
  expect(() => paired([rowOf()], [rowOf(), rowOf({ variant: 'tuned' })], 'over60')).toThrow(
    'Only one run for each trace, plant and seed',
  );
});
