/** The simulation: plain state, the same for the same seed, and never more or fewer tasks than asked for. */
import { describe, expect, test } from '@jest/globals';
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

/** Launch and start of every task that has been launched, in that order. */
const launches = (world: World): readonly (readonly [launchedAt: number, startsAt: number])[] =>
  [...(findService(world, 'c', 's')?.tasks ?? [])]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .filter(({ launchedAt }) => launchedAt < Number.POSITIVE_INFINITY)
    .map(({ launchedAt, startsAt }) => [launchedAt, startsAt] as const);

describe('the launch bucket', () => {
  const limited = (): World =>
    createWorld({
      ...{ seed: 1, startUpMs: 8000, startUpSigma: 0.25, launches: { burst: 100, perSecond: 20 } },
      services: [
        { cluster: 'c', service: 's', desired: 3 },
        { cluster: 'c', service: 't', desired: 0 },
      ],
    });
  const launchedBy = (world: World): number => launches(world).length - 3;

  test('lets 100 go at once, then 20 a second; who runs from the start took none', () => {
    const asked = setDesired(limited(), 'c', 's', 303);
    expect(launchedBy(asked)).toBe(100);
    expect(launchedBy(advance(asked, 49))).toBe(100);
    expect(launchedBy(advance(asked, 50))).toBe(101);
    expect(launchedBy(advance(advance(asked, 700), 300))).toBe(120);
    expect(launchedBy(advance(asked, 9950))).toBe(299);
    expect(launchedBy(advance(asked, 10_000))).toBe(300);
    expect(
      launches(advance(asked, 60_000))
        .slice(-2)
        .map(([launchedAt]) => launchedAt),
    ).toEqual([9950, 10_000]);
  });

  test('fills again while nobody asks, and never above 100', () => {
    const spent = advance(setDesired(limited(), 'c', 's', 103), 2000);
    expect(launchedBy(setDesired(spent, 'c', 's', 203))).toBe(140);
    expect(launchedBy(setDesired(advance(spent, 60_000), 'c', 's', 303))).toBe(200);
  });

  test('is one for all services, first come first served', () => {
    const asked = setDesired(setDesired(limited(), 'c', 's', 113), 'c', 't', 10);
    const launchedIn = (world: World, service: string): number =>
      (findService(world, 'c', service)?.tasks ?? []).filter(({ launchedAt }) => launchedAt < 1e9).length;
    expect(launchedIn(advance(asked, 500), 't')).toBe(0);
    expect(launchedIn(advance(asked, 550), 't')).toBe(1);
    expect(launchedIn(advance(asked, 1000), 't')).toBe(10);
  });

  test('gives no token to a task that is no longer wanted', () => {
    const asked = setDesired(limited(), 'c', 's', 203);
    const less = setDesired(setDesired(asked, 'c', 's', 103), 'c', 't', 1);
    expect(findService(advance(less, 50), 'c', 't')?.tasks).toMatchObject([{ launchedAt: 50 }]);
  });
});

test('what the nth launch takes depends on the seed and on n, not on when it is asked for', () => {
  const times = (world: World): readonly number[] => {
    const found = launches(advance(world, 600_000)).map(([launchedAt, startsAt]) => startsAt - launchedAt);
    return found.map((each) => Math.round(each * 1000) / 1000);
  };
  fc.assert(
    fc.property(fc.nat(), fc.array(fc.nat({ max: 9 }), { maxLength: 9 }), (seed, steps) => {
      const total = steps.reduce((sum, step) => sum + step, 1);
      const bitByBit = steps.reduce((world, step) => {
        const desired = findService(world, 'c', 's')?.desired ?? 0;
        return setDesired(advance(world, 7777), 'c', 's', desired + step);
      }, worldOf(seed));
      expect(times(bitByBit)).toEqual(times(setDesired(worldOf(seed), 'c', 's', total)));
    }),
  );
});

test('a world in which nothing happens keeps its services as they are', () => {
  const world = setDesired(worldOf(1), 'c', 's', 5);
  expect(advance(world, 1).services).toBe(world.services);
  expect(advance(world, world.nextAt).services).not.toBe(world.services);
});
