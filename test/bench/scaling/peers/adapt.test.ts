import { expect, test } from '@jest/globals';
import type { Setting } from '../../../../bench/scaling/peer.ts';
import { adapt } from '../../../../bench/scaling/peers/adapt.ts';
import { play } from '../views.ts';

const setting: Setting = { target: 60, meanWork: 1, tasks: { min: 1, max: 100 } };
const fresh = (some = {}) => adapt.create({ ...adapt.defaults(setting), ...some }, setting);

test('before the first estimate it only reacts: a tenth more than the load', () => {
  const arrivals = (t: number) => (t <= 30 ? 1 : 5);
  // 5.5 are six tasks; the sixth is not needed, and goes when estimates have begun.
  expect(play(fresh(), { arrivals }, { seconds: 150 })).toEqual([{ t: 60, from: 1, to: 6 }]);
});

test('downwards a quarter of what is too much adds up to whole tasks, never below the load', () => {
  // At 8 tasks and a load of 4 the fifth look gives −4 × 8 × 5 ÷ (1 + 32) ÷ 4 = −1.21: one task, −0.21 stays.
  // At 7: −3 × 7 × 6 ÷ 40 ÷ 4 = −0.79: −1.00 in all. At 6: −2 × 6 × 7 ÷ 46 ÷ 4 = −0.46, and so on.
  const actions = play(fresh(), { arrivals: 4 }, { seconds: 700, desired: 8 });
  expect(actions[0]).toEqual({ t: 150, from: 8, to: 7 });
  expect(actions.at(-1)?.to).toBe(4);
  expect(actions.map(({ from, to }) => from - to)).toEqual([1, 1, 1, 1]);
});

test('a load above the capacity: 1.1 × the load, and what the controller adds besides', () => {
  const arrivals = (t: number) => (t <= 300 ? 4 : 10);
  // At the eleventh look: 6 missing × 4 × 11 ÷ (1 + 40) = 6.44, so six more besides 11.
  expect(play(fresh(), { arrivals }, { seconds: 340, desired: 4 })).toEqual([{ t: 330, from: 4, to: 17 }]);
});
