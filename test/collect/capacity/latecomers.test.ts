/** An instance that runs and is not in the cluster is waited for ten minutes, however often somebody looks. */
import { expect, test } from '@jest/globals';
import { latecomers } from '../../../lambdas/collect/capacity/latecomers.ts';

const MINUTE = 60_000;

test('ten minutes from the first sight of it, for each on its own', () => {
  expect(latecomers('one', ['i-a'], 5 * MINUTE)).toEqual([]);
  expect(latecomers('one', ['i-a', 'i-b'], 14.9 * MINUTE)).toEqual([]);
  expect(latecomers('one', ['i-a', 'i-b'], 15 * MINUTE)).toEqual(['i-a']);
  expect(latecomers('other', ['i-a'], 60 * MINUTE)).toEqual([]);
});

test('one that has been in the cluster meanwhile is waited for anew', () => {
  latecomers('back', ['i-a'], 0);
  latecomers('back', [], 9 * MINUTE);
  expect(latecomers('back', ['i-a'], 11 * MINUTE)).toEqual([]);
  expect(latecomers('back', ['i-a'], 21 * MINUTE)).toEqual(['i-a']);
});
