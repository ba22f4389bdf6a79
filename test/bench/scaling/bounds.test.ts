/** The bounds as they are set up. */
import { expect, test } from '@jest/globals';
import { bounds } from '../../../bench/scaling/bounds.ts';
import { fargate } from '../../../local/simulation/plant.ts';

const demand = Uint16Array.of(2, 2, 5, 1);

test('Who starts at once, and how many stay', () => {
  expect(
    bounds.map(({ name, plant }) => [name, plant(fargate, demand).running, plant(fargate, demand).startUp]),
  ).toEqual([
    ['optimum', 2, 0],
    ['always at peak', 5, 23],
    ['static mean', 3, 23],
  ]);
});
