/** The simulation: plain state, the same for the same seed, and never more or fewer tasks than asked for. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { advance, createWorld, findService, setDesired, type World } from '../../local/world.ts';

const worldOf = (seed: number): World =>
  createWorld({
    seed,
    startUpMs: 8000,
    startUpSigma: 0.25,
    services: [{ cluster: 'c', service: 's', desired: 1 }],
  });

type Step = { readonly desired: number } | { readonly ms: number };
const steps = fc.array(
  fc.oneof(fc.record({ desired: fc.nat({ max: 60 }) }), fc.record({ ms: fc.nat({ max: 20_000 }) })),
  { maxLength: 30 },
);
const walk = (world: World, path: readonly Step[]): World =>
  path.reduce(
    (now, step) => ('ms' in step ? advance(now, step.ms) : setDesired(now, 'c', 's', step.desired)),
    world,
  );

test('tasks are as many as desired, and each runs once its start-up is over', () => {
  fc.assert(
    fc.property(fc.nat(), steps, (seed, path) => {
      const world = walk(worldOf(seed), path);
      const found = findService(world, 'c', 's');
      expect(found?.tasks).toHaveLength(found?.desired ?? -1);
      expect(new Set(found?.tasks.map(({ id }) => id)).size).toBe(found?.desired);
      const later = findService(advance(world, 60_000), 'c', 's');
      expect(later?.tasks.every(({ status }) => status === 'RUNNING')).toBe(true);
    }),
  );
});

test('the same seed and the same steps give the same world', () => {
  fc.assert(
    fc.property(fc.nat(), steps, (seed, path) => {
      expect(walk(worldOf(seed), path)).toEqual(walk(worldOf(seed), path));
    }),
  );
});

test('start-up times lie around the median', () => {
  const world = setDesired(worldOf(1), 'c', 's', 2001);
  const times =
    findService(world, 'c', 's')
      ?.tasks.slice(1)
      .map(({ startsAt }) => startsAt)
      .sort((a, b) => a - b) ?? [];
  const median = times[1000] ?? 0;
  expect(median / 8000).toBeGreaterThan(0.95);
  expect(median / 8000).toBeLessThan(1.05);
});

test('a scale-in stops what has not started before what runs', () => {
  const world = setDesired(setDesired(worldOf(1), 'c', 's', 5), 'c', 's', 1);
  expect(findService(world, 'c', 's')?.tasks).toMatchObject([{ status: 'RUNNING' }]);
});
