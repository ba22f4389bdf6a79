import { expect, test } from '@jest/globals';
import { loadOf, releasing } from '../../../../../bench/scaling/peers/literature/load.ts';
import { viewAt } from '../../views.ts';

const script = { arrivals: (t: number) => (t <= 30 ? 2 : 5), visible: 40, inFlight: 3 };

test('arrivals of the last period × mean work, rounded up; nothing at the first look', () => {
  const load = loadOf(0, 1.3);
  expect(load(viewAt(0, script))).toBeUndefined();
  // 60 arrivals in 30 s: 2.6 tasks; then 150: 6.5.
  expect([load(viewAt(30, script)), load(viewAt(60, script))]).toEqual([3, 7]);
});

test('messages in the system are a task each, from the first look on', () => {
  expect(loadOf(1, 1.3)(viewAt(0, script))).toBe(43);
});

test('only idle tasks go', () => {
  const view = viewAt(0, { inFlight: 6 }, { desired: 10 });
  expect([8, 6, 2].map((to) => releasing(view, to))).toEqual([8, 6, 6]);
  // More in flight than there are tasks, while some finish on their way out: none goes.
  expect(releasing(viewAt(0, { inFlight: 12 }, { desired: 10 }), 4)).toBe(10);
});
