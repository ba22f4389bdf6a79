/** A short storm at every commit: rounds like those of `npm run chaos`, shorter ones, of fixed seeds and all at once. */
import { expect, test } from '@jest/globals';
import { eventsBefore } from './chaos/before.ts';
import { chanceOf } from './chaos/chance.ts';
import { type Length, playRound } from './chaos/round.ts';
import { count, emptyTally, progressLine, summary } from './chaos/tally.ts';
import { after, clean, faultOf } from './invariants/written.ts';
import { violationsIn } from './invariants.ts';

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

test('what led to a violation is told up to its own time, the last of it last', () => {
  const lines = eventsBefore(clean(), after(40), 3);
  expect(lines).toHaveLength(3);
  expect(lines.join('\n')).toContain('+40.0 s  ECS accepts shop/orders 5 -> 3 of execution 1');
  expect(lines.join('\n')).not.toContain('+70.0 s');
});

test('rounds are added up', () => {
  const wrong = clean({
    faults: [faultOf({ hits: 3 }), faultOf({ api: 'sns:Publish', how: 'lost', hits: 0 })],
    counts: [{ key: 'shop/orders', desired: 2, right: 7 }],
  });
  const tally = emptyTally();
  for (const recording of [clean(), wrong])
    count(tally, {
      seed: 1,
      recording,
      violations: violationsIn(recording),
      played: new Map([['people start', 2]]),
    });
  expect(tally).toMatchObject({
    rounds: 2,
    seconds: 240,
    executions: 4,
    terms: 4,
    scaleOuts: 2,
    scaleIns: 4,
    notices: 2,
  });
  expect(progressLine(tally, 30.2)).toBe('30 s: 2 rounds, 50 ticks, 7 faults, 1 violations');
  const text = summary(tally, 5, 30);
  expect(text).toContain('seed 5: 2 rounds in 30 s');
  expect(text).toMatch(/s3:GetObject refuse +3\n/);
  expect(text).not.toContain('sns:Publish');
  expect(text).toMatch(/violations +1$/);
});
