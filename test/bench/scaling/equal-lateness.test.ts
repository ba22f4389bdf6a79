/** Ours against the cheapest peer that is as punctual, by hand. */
import { expect, test } from '@jest/globals';
import { atEqualLateness, summaryOf } from '../../../bench/scaling/equal-lateness.ts';
import { rowOf } from './rows.ts';

const run = (contestant: string, over60: number, taskSeconds: number, trace = 'steps', seed = 1) =>
  rowOf({ contestant, trace, seed, figures: { over60, taskSeconds } });

test('The cheapest of those within 0.1 percentage points of the best', () => {
  const peers = [
    run('late', 0.02, 50),
    run('just', 0.002, 100),
    run('dear', 0.0015, 200),
    run('best', 0.001, 400),
  ];
  const [compared] = atEqualLateness([run('ours', 0.001, 80)], peers);
  expect(compared).toMatchObject({ matched: true, asPunctual: true, ratio: 0.8 });
  expect(compared?.peer.contestant).toBe('just');
});

test('Ours is later than the best peer: said, and compared all the same', () => {
  const [compared] = atEqualLateness([run('ours', 0.01, 80)], [run('best', 0, 100), run('late', 0.01, 20)]);
  expect(compared).toMatchObject({ asPunctual: false, matched: true, ratio: 0.8 });
  expect(compared?.peer.contestant).toBe('best');
});

test('Nobody is as punctual as ours: the best of the peers, and it is said', () => {
  const peers = [run('best', 0.05, 100), run('near', 0.0505, 90), run('late', 0.2, 10)];
  const [compared] = atEqualLateness([run('ours', 0, 120)], peers);
  expect(compared).toMatchObject({ matched: false, asPunctual: true });
  expect(compared?.peer.contestant).toBe('near');
  expect(compared?.ratio).toBeCloseTo(120 / 90, 12);
});

test('One seed in three that goes wrong counts', () => {
  const peers = [0, 0, 0.3].flatMap((late, seed) => [
    run('shaky', late, 10, 'steps', seed),
    run('sure', 0, 100 + seed, 'steps', seed),
  ]);
  const [compared] = atEqualLateness([run('ours', 0, 50)], peers);
  // 101 is the median of what the other one costs.
  expect(compared?.peer.contestant).toBe('sure');
  expect(compared?.ratio).toBeCloseTo(50 / 101, 12);
});

test('Over traces: the geometric mean, the worst, the later and the dearer', () => {
  const ours = [run('ours', 0, 50), run('ours', 0, 200, 'spikes'), run('ours', 0.5, 100, 'flat')];
  const peers = [run('it', 0, 100), run('it', 0, 100, 'spikes'), run('it', 0, 100, 'flat')];
  const summary = summaryOf(atEqualLateness([...ours, run('ours', 0, 1, 'alone')], peers));
  expect(summary.compared).toBe(3);
  expect(summary.geometricMean).toBeCloseTo((0.5 * 2 * 1) ** (1 / 3), 12);
  expect(summary.worst).toMatchObject({ trace: 'spikes', ratio: 2 });
  expect(summary.dearer.map(({ trace }) => trace)).toEqual(['spikes']);
  expect(summary.later.map(({ trace }) => trace)).toEqual(['flat']);
});
