/** A short storm at every commit: rounds like those of `npm run chaos`, shorter ones, of fixed seeds and all at once. */
import { expect, test } from '@jest/globals';
import { chanceOf } from './chaos/chance.ts';
import { type Length, playRound } from './chaos/round.ts';

const SHORT: Length = { storms: 2, stormSeconds: [30, 60] };

const SEEDS = [1, 2, 3];

test('rounds of chaos keep every rule', async () => {
  const rounds = await Promise.all(SEEDS.map((seed) => playRound(seed, SHORT)));
  expect(
    rounds.flatMap(({ seed, violations }) => violations.map(({ what }) => `seed ${seed}: ${what}`)),
  ).toEqual([]);
  // A storm that nobody noticed would prove nothing.
  for (const { recording } of rounds) {
    expect(recording.faults.filter(({ hits }) => hits > 0).length).toBeGreaterThan(3);
    expect(recording.updates.length).toBeGreaterThan(0);
  }
}, 120_000);

test('the same seed leaves the same to chance, another one something else', () => {
  const draws = (seed: number): readonly number[] => {
    const { whole } = chanceOf('chaos', seed);
    return Array.from({ length: 20 }, () => whole(0, 1000));
  };
  expect(draws(7)).toEqual(draws(7));
  expect(draws(7)).not.toEqual(draws(8));
});
