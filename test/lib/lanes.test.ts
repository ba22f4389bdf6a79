import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitIntoLanes } from '../../lib/lanes.ts';

const services = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 60 });
const size = fc.integer({ min: 1, max: 10 });

/** Services of a weight that never matters. */
const split = (name: string, list: readonly string[], most?: number) =>
  splitIntoLanes(
    name,
    list.map((each) => ({ config: {}, arn: each })),
    most === undefined ? {} : { size: most },
  ).map((lane) => ({ name: lane.name, services: lane.services.map(({ arn }) => arn) }));

const laneByService = (list: readonly string[], most: number): ReadonlyMap<string, string> =>
  new Map(split('default', list, most).flatMap(({ name, services }) => services.map((s) => [s, name])));

describe('splitting services over lanes', () => {
  test('up to 100 stay in one lane; the next one opens the second', () => {
    const named = (count: number) => Array.from({ length: count }, (_, index) => `service-${index}`);
    expect(split('eu', named(100)).map(({ name }) => name)).toEqual(['eu']);
    expect(split('eu', named(201)).map(({ name, services }) => [name, services.length])).toEqual([
      ['eu', 100],
      ['eu-2', 100],
      ['eu-3', 1],
    ]);
  });

  test('nobody is lost, nobody is doubled, no lane is too full', () => {
    fc.assert(
      fc.property(services, size, (list, most) => {
        const lanes = split('default', list, most);
        expect(lanes.flatMap(({ services }) => services)).toEqual(list);
        for (const lane of lanes) expect(lane.services.length).toBeLessThanOrEqual(most);
      }),
    );
  });

  test('a service added at the end moves no other', () => {
    fc.assert(
      fc.property(services, size, (list, most) => {
        const [added, ...before] = list;
        const then = laneByService(before, most);
        const now = laneByService([...before, added ?? ''], most);
        for (const [service, lane] of then) expect(now.get(service)).toBe(lane);
      }),
    );
  });

  test('a service added anywhere moves at most one other per lane after it', () => {
    fc.assert(
      fc.property(services, size, fc.nat(), (list, most, where) => {
        const [added = '', ...before] = list;
        const after = before.toSpliced(where % list.length, 0, added);
        const then = laneByService(before, most);
        const now = laneByService(after, most);
        const moved = before.filter((service) => now.get(service) !== then.get(service));
        expect(moved.length).toBeLessThanOrEqual(Math.floor(before.length / most));
      }),
    );
  });

  test('whatever services weigh, one that is added at the end moves no other', () => {
    const kilobytes = fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(kilobytes, fc.integer({ min: 0, max: 120 }), size, (given, added, most) => {
        const heavy = (weights: readonly number[]) =>
          splitIntoLanes(
            'eu',
            weights.map((each, index) => ({ config: { text: 'x'.repeat(1000 * each) }, arn: `s${index}` })),
            { size: most },
          ).flatMap((lane) => lane.services.map(({ arn }) => [arn, lane.name] as const));
        expect(heavy([...given, added]).slice(0, -1)).toEqual(heavy(given));
      }),
    );
  });

  test('services with very long names or configurations get lanes of fewer', () => {
    const heavy = Array.from({ length: 100 }, (_, index) => ({
      config: { text: 'x'.repeat(3000) },
      arn: `${'n'.repeat(500)}${index}`,
    }));
    const lanes = splitIntoLanes('eu', heavy);
    expect(lanes.flatMap(({ services }) => services)).toEqual(heavy);
    expect(Math.max(...lanes.map(({ services }) => services.length))).toBe(43);
    const monster = { config: { text: 'x'.repeat(300_000) }, arn: 'a' };
    expect(splitIntoLanes('eu', [monster, monster]).map(({ services }) => services.length)).toEqual([1, 1]);
  });
});

/** Of a list of so many: some that have to be together, tie by tie. */
const tied = fc.record({ list: services, size: fc.integer({ min: 3, max: 10 }) }).chain(({ list, size }) =>
  fc
    .array(fc.uniqueArray(fc.integer({ min: 0, max: list.length - 1 }), { minLength: 1, maxLength: 3 }), {
      maxLength: 4,
    })
    .map((groups) => {
      // Each service in one of them, or the ties could join into more than a lane holds.
      const free = new Set(list.keys());
      const ties = groups.map((group) => group.filter((each) => free.delete(each)));
      return { list, size, ties: ties.filter(({ length }) => length > 0) };
    }),
);

describe('services that have to be together', () => {
  const tie = (members: readonly number[], nth = 0) => ({ path: `groups[${nth}]`, services: members });
  const lanesOf = (list: readonly string[], ties: readonly (readonly number[])[], most: number) =>
    splitIntoLanes(
      'eu',
      list.map((arn) => ({ config: {}, arn })),
      { size: most, ties: ties.map(tie) },
    ).map((lane) => lane.services.map(({ arn }) => arn));

  test('are in one lane, at the place of the first; the others keep their order', () => {
    expect(lanesOf(['a', 'b', 'c', 'd', 'e'], [[1, 4]], 3)).toEqual([
      ['a', 'b', 'e'],
      ['c', 'd'],
    ]);
    expect(lanesOf(['a', 'b', 'c', 'd', 'e'], [[1, 3, 4]], 3)).toEqual([['a'], ['b', 'd', 'e'], ['c']]);
  });

  test('by one who is in two of them all of both', () => {
    expect(
      lanesOf(
        ['a', 'b', 'c', 'd', 'e'],
        [
          [0, 2],
          [2, 4],
        ],
        3,
      ),
    ).toEqual([
      ['a', 'c', 'e'],
      ['b', 'd'],
    ]);
  });

  test('nobody is lost or doubled, no lane is too full, nobody is parted, and each lane keeps the order of the list', () => {
    fc.assert(
      fc.property(tied, ({ list, size: most, ties }) => {
        const lanes = lanesOf(list, ties, most);
        expect(lanes.flat().sort()).toEqual(list.toSorted());
        for (const lane of lanes) expect(lane.length).toBeLessThanOrEqual(most);
        for (const members of ties) {
          const [first = ''] = members.map((each) => list[each] ?? '');
          const own = lanes.find((lane) => lane.includes(first));
          expect(own).toEqual(expect.arrayContaining(members.map((each) => list[each])));
        }
        const free = list.filter((_, index) => !ties.flat().includes(index));
        expect(lanes.flat().filter((each) => free.includes(each))).toEqual(free);
      }),
    );
  });

  test('what they share takes its part of the state', () => {
    const heavy = Array.from({ length: 40 }, (_, index) => ({
      config: { text: 'x'.repeat(3000) },
      arn: `${index}`,
    }));
    const all = { ...tie([0, 1]), bytes: 100_000 };
    expect(splitIntoLanes('eu', heavy).map((lane) => lane.services.length)).toEqual([40]);
    expect(splitIntoLanes('eu', heavy, { ties: [all] }).map((lane) => lane.services.length)).toEqual([
      27, 13,
    ]);
  });

  test('more of them than a lane holds are refused with what to do', () => {
    const list = Array.from({ length: 120 }, (_, index) => `s${index}`);
    expect(() => lanesOf(list, [[...list.keys()]], 100)).toThrow(
      /groups\[0\]: 120 services have to be in one lane because of groups\[0\], and a lane carries at most 100 services: make several groups/,
    );
    const heavy = list.slice(0, 50).map((arn) => ({ config: { text: 'x'.repeat(5000) }, arn }));
    expect(() => splitIntoLanes('eu', heavy, { ties: [tie([...heavy.keys()])] })).toThrow(
      /a lane carries less than these need in its state/,
    );
  });
});
