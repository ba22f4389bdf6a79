/** Tasks that are protected from scale-in: they stay above desired, and go when their protection ends. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { advance, createWorld, findService, protectTask, setDesired, type World } from '../../local/world.ts';

const worldOf = (desired: number): World =>
  createWorld({
    ...{ seed: 1, startUpMs: 8000, startUpSigma: 0.25 },
    services: [{ cluster: 'c', service: 's', desired }],
  });
const tasksOf = (world: World) => findService(world, 'c', 's')?.tasks ?? [];
const idsOf = (world: World): readonly string[] => tasksOf(world).map(({ id }) => id);

/** Five tasks that run, the one of that index protected. */
const fiveWith = (nth: number, until: number): { readonly world: World; readonly id: string } => {
  const five = worldOf(5);
  const id = idsOf(five)[nth] ?? '';
  return { world: protectTask(five, id, until), id };
};

test.each([0, 2, 4])('task %i is the one that a scale-in to 1 leaves', (nth) => {
  const { world, id } = fiveWith(nth, 60_000);
  expect(idsOf(setDesired(world, 'c', 's', 1))).toEqual([id]);
});

test('it stays above desired, and stops the moment its protection is over', () => {
  const { world, id } = fiveWith(3, 60_000);
  const none = setDesired(world, 'c', 's', 0);
  expect(findService(none, 'c', 's')?.desired).toBe(0);
  expect(idsOf(advance(none, 59_999))).toEqual([id]);
  expect(idsOf(advance(none, 60_000))).toEqual([]);
});

test('a protection is renewed, and released before its time', () => {
  const { world, id } = fiveWith(3, 60_000);
  const renewed = protectTask(setDesired(world, 'c', 's', 0), id, 90_000);
  expect(idsOf(advance(renewed, 89_999))).toEqual([id]);
  expect(idsOf(protectTask(advance(renewed, 1000), id, undefined))).toEqual([]);
});

test('who is protected counts: a scale-out while two are above desired asks for no task too many', () => {
  const three = idsOf(worldOf(5)).slice(0, 3);
  const world = three.reduce((now, id) => protectTask(now, id, 60_000), worldOf(5));
  const back = setDesired(setDesired(world, 'c', 's', 1), 'c', 's', 4);
  expect(idsOf(back)).toHaveLength(4);
  expect(idsOf(back)).toEqual(expect.arrayContaining([...three]));
});

test('a task that is not there, or has ended its protection, is nobody', () => {
  const world = worldOf(2);
  expect(protectTask(world, 'gone', 1000)).toBe(world);
  const [id = ''] = idsOf(world);
  expect(tasksOf(protectTask(protectTask(world, id, 1000), id, undefined))).toEqual(tasksOf(world));
});

type Step =
  | { readonly desired: number }
  | { readonly ms: number }
  | { readonly nth: number; readonly forMs: number };
const steps = fc.array(
  fc.oneof(
    fc.record({ desired: fc.nat({ max: 12 }) }),
    fc.record({ ms: fc.nat({ max: 20_000 }) }),
    fc.record({ nth: fc.nat({ max: 12 }), forMs: fc.nat({ max: 40_000 }) }),
  ),
  { maxLength: 30 },
);

test('whatever happens: no protected task is stopped, and nobody else is above desired', () => {
  fc.assert(
    fc.property(steps, (path) => {
      let world = worldOf(3);
      const until = new Map<string, number>();
      for (const step of path as readonly Step[]) {
        const id = 'nth' in step ? (idsOf(world)[step.nth] ?? '') : '';
        if ('nth' in step) {
          world = protectTask(world, id, world.now + step.forMs);
          until.set(id, world.now + step.forMs);
        } else if ('ms' in step) world = advance(world, step.ms);
        else world = setDesired(world, 'c', 's', step.desired);
        const there = idsOf(world);
        const protectedOnes = [...until].flatMap(([each, end]) =>
          each !== '' && end > world.now ? [each] : [],
        );
        expect(there).toEqual(expect.arrayContaining(protectedOnes));
        const desired = findService(world, 'c', 's')?.desired ?? 0;
        expect(there).toHaveLength(Math.max(desired, protectedOnes.length));
      }
      const later = findService(advance(world, 60_000), 'c', 's');
      expect(later?.tasks).toHaveLength(later?.desired ?? -1);
    }),
  );
});
