import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pathOf, stepsOf } from '../../lambdas/contract/path.ts';

test.each([
  [[], ''],
  [['services', 0, 'tasks', 'max'], 'services[0].tasks.max'],
  [['$schema'], '$schema'],
  [['headers', 'a key'], 'headers["a key"]'],
  [['a"]b', 3], '["a\\"]b"][3]'],
  [['5'], '["5"]'],
])('%j reads %p', (steps, path) => {
  expect(pathOf(steps)).toBe(path);
  expect(stepsOf(path)).toEqual(steps);
});

test('every path leads back to its steps', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.nat(99))), (steps) => {
      expect(stepsOf(pathOf(steps))).toEqual(steps);
    }),
  );
});
