import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Parameters, Peer } from '../../../bench/scaling/peer.ts';
import { type Score, tune } from '../../../bench/scaling/tune.ts';

const setting = { target: 60, meanWork: 1, tasks: { min: 1, max: 10 } };
type Grid = Readonly<Record<string, readonly number[]>>;

const peer = (defaults: Parameters, grid: Grid): Peer => ({
  ...{ name: 'surface', rule: '', source: '' },
  ...{ defaults: () => defaults, grid: () => grid },
  create: () => ({ every: 60, decide: () => undefined }),
});
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Cost grows with x and y; lateness falls with x down to a floor that y does not move. */
const surface = ({ x = 0, y = 0 }: Parameters): readonly Score[] => {
  const late = Math.max(0.002, 0.1 - 0.02 * x);
  return [
    { cost: 1 + x + y, late },
    { cost: 4 * (1 + x + y), late: late + 0.001 },
  ];
};

describe('a grid that is tried whole', () => {
  const swept = () =>
    tune({ peer: peer({ x: 2, y: 3 }, { x: range(8), y: range(5) }), setting, evaluate: surface });

  test('the tuned ones are the cheapest of the most punctual', async () => {
    const { tuned, tried } = await swept();
    expect(tuned.parameters).toEqual({ x: 5, y: 0 });
    // √(6 × 24) = 12, and the mean of 0.002 and 0.003.
    expect([tuned.cost, tuned.late]).toEqual([expect.closeTo(12, 9), expect.closeTo(0.0025, 9)]);
    expect(tried).toHaveLength(40);
  });

  test('the front goes from the cheapest to the most punctual, and has nothing that another one beats', async () => {
    const { front, tried } = await swept();
    expect(front.map(({ parameters }) => parameters)).toEqual(range(6).map((x) => ({ x, y: 0 })));
    for (const each of tried)
      expect(front.some(({ cost, late }) => cost <= each.cost && late <= each.late)).toBe(true);
  });

  test('a little later and much cheaper is as punctual', async () => {
    const options = { peer: peer({ x: 2 }, { x: range(8) }), setting, evaluate: surface };
    expect((await tune({ ...options, tolerance: 0.018 })).tuned.parameters).toEqual({ x: 4 });
    expect((await tune({ ...options, tolerance: 0.017 })).tuned.parameters).toEqual({ x: 5 });
  });

  test('defaults beside the grid are tried too, first', async () => {
    const { tuned, defaults, tried } = await tune({
      ...{ peer: peer({ x: 4.9, y: 0 }, { x: [0, 9] }), setting, evaluate: surface },
      tolerance: 0.01,
    });
    expect(defaults.parameters).toEqual({ x: 4.9, y: 0 });
    expect([tuned, tried[0]]).toEqual([defaults, defaults]);
    expect(tried).toHaveLength(3);
  });
});

describe('a grid that is too large', () => {
  const grid = { x: range(12), y: range(12), z: range(12) };
  const evaluate = ({ z = 0, ...rest }: Parameters) =>
    surface(rest).map(({ cost, late }) => ({ cost: cost + Math.abs(z - 7), late }));

  test('descends to where no parameter alone helps, and spends its budget', async () => {
    const { tuned, tried } = await tune({
      peer: peer({ x: 11, y: 11, z: 0 }, grid),
      setting,
      evaluate,
      budget: 80,
    });
    expect(tuned.parameters).toEqual({ x: 5, y: 0, z: 7 });
    expect(tried).toHaveLength(80);
  });

  test('stops when the budget is spent, with the best so far', async () => {
    const { tuned, tried } = await tune({
      peer: peer({ x: 11, y: 11, z: 0 }, grid),
      setting,
      evaluate,
      budget: 13,
    });
    expect(tried).toHaveLength(13);
    expect(tuned.parameters).toEqual({ x: 5, y: 0, z: 0 });
  });
});

test('two parameters that only help together are found by what is left of the budget', async () => {
  // A valley on the diagonal, late everywhere else: neither x nor y alone leads down it.
  const evaluate = ({ x = 0, y = 0 }: Parameters) => [
    { cost: 20 - x - y, late: Math.abs(x - y) > 1 ? 0.5 : 0 },
  ];
  const diagonal = peer({ x: 0, y: 0 }, { x: range(9).map((x) => 2 * x), y: range(9).map((y) => 2 * y) });
  const { tuned, tried } = await tune({ peer: diagonal, setting, evaluate, budget: 60 });
  expect(tried).toHaveLength(60);
  expect(tuned.cost).toBeLessThan(0.5 * 20);
});

test('who answers late changes nothing', async () => {
  const options = { peer: peer({ x: 11, y: 11 }, { x: range(12), y: range(12) }), setting };
  const slow = async (parameters: Parameters) => {
    for (let turn = 0; turn < 12 - (parameters['x'] ?? 0); turn += 1) await Promise.resolve();
    return surface(parameters);
  };
  expect(await tune({ ...options, evaluate: slow })).toEqual(await tune({ ...options, evaluate: surface }));
});

test('tuned is never dearer than anything as punctual, nor later than the defaults by more than the tolerance', async () => {
  const score = fc.record({
    cost: fc.double({ min: 0.5, max: 20, noNaN: true }),
    late: fc.double({ min: 0, max: 0.2, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(score, { minLength: 5, maxLength: 5 }), async (scores) => {
      const { tuned, defaults, tried } = await tune({
        ...{ peer: peer({ x: 2 }, { x: range(5) }), setting },
        evaluate: ({ x = 0 }) => [scores[x] ?? { cost: 1, late: 1 }],
      });
      expect(tuned.late).toBeLessThanOrEqual(defaults.late + 0.0011);
      for (const { cost, late } of tried)
        if (late <= tuned.late) expect(tuned.cost).toBeLessThanOrEqual(cost);
    }),
  );
});
