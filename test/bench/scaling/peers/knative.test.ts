import { expect, test } from '@jest/globals';
import type { Setting } from '../../../../bench/scaling/peer.ts';
import { knative } from '../../../../bench/scaling/peers/knative.ts';
import { play } from '../views.ts';

const setting = (min: number): Setting => ({ target: 60, meanWork: 2, tasks: { min, max: 100 } });
const fresh = (min: number, some = {}) =>
  knative.create({ ...knative.defaults(setting(min)), ...some }, setting(min));

test('a step of 7 messages is ten tasks: panic by the mean of 6 s, and no fewer while the long mean follows', () => {
  const inFlight = (t: number) => (t >= 100 ? 7 : 0);
  expect(play(fresh(1), { inFlight }, { seconds: 400 })).toEqual([
    // 1 of 6 s: 7/6 ÷ 0.7 = 1.67 → 2, and 2 ≥ 2 × 1 is panic; then 3 of 6, 5 of 6, 6 of 6.
    { t: 100, from: 1, to: 2 },
    { t: 102, from: 2, to: 5 },
    { t: 104, from: 5, to: 9 },
    { t: 106, from: 9, to: 10 },
  ]);
});

test('without panic the count follows the mean of 60 s', () => {
  const inFlight = (t: number) => (t >= 120 ? 7.5 : 6.5);
  // 6.5 ÷ 0.7 is ten tasks; of the last 60 s, more than half at 7.5 make more than 7, and eleven.
  expect(play(fresh(1), { inFlight }, { seconds: 400, desired: 10 })).toEqual([{ t: 150, from: 10, to: 11 }]);
});

test('above its target a single task is in panic at once', () => {
  const inFlight = (t: number) => (t >= 120 ? 1.3 : 0.65);
  expect(play(fresh(1), { inFlight }, { seconds: 400 })).toEqual([{ t: 120, from: 1, to: 2 }]);
});

test('while new tasks start the panic goes on, and its end is a stable window after they run', () => {
  const visible = (t: number) => (t < 20 ? 70 : 0);
  const actions = play(fresh(1), { visible }, { seconds: 400, startUp: 30 });
  // 100 asked for at once; the last look at which the panic window saw twice the one ready task is at 24 s (2 of 6 s); over after more than 60.
  expect(actions).toEqual([
    { t: 0, from: 1, to: 100 },
    { t: 86, from: 100, to: 50 },
    { t: 88, from: 50, to: 25 },
    { t: 90, from: 25, to: 12 },
    { t: 92, from: 12, to: 6 },
    { t: 94, from: 6, to: 3 },
    { t: 96, from: 3, to: 1 },
  ]);
});

test('the last task goes 30 s after nothing was left of the stable window', () => {
  const inFlight = (t: number) => (t >= 10 && t < 100 ? 0.6 : 0);
  // 99 s is the last second with load: it leaves the window of 60 s by the look at 160.
  expect(play(fresh(0), { inFlight }, { seconds: 400 })).toEqual([{ t: 190, from: 1, to: 0 }]);
  expect(play(fresh(1), { inFlight }, { seconds: 400 })).toEqual([]);
});

test('from 0 it goes to what is wanted, and nothing goes to 0 while the first task starts', () => {
  const visible = (t: number) => (t === 50 ? 1 : 0);
  const actions = play(fresh(0), { visible }, { seconds: 600, desired: 0, startUp: 150 });
  // Running since 200 s, idle since long: a stable window of being active, and the grace.
  expect(actions).toEqual([
    { t: 50, from: 0, to: 1 },
    { t: 290, from: 1, to: 0 },
  ]);
});

test('a service that stays at 0 is left there', () => {
  expect(play(fresh(0), {}, { seconds: 300, desired: 0 })).toEqual([]);
});

test('more messages for each task: a soft target', () => {
  const visible = (t: number) => (t >= 100 ? 70 : 0);
  const last = play(fresh(1, { perTask: 10 }), { visible }, { seconds: 300 }).at(-1);
  expect(last?.to).toBe(10);
});

test('the sweep tries soft targets up to three quarters of what a task works off in the wait target', () => {
  expect(knative.grid(setting(1))['perTask']).toEqual([1, 2, 8, 15, 23]);
  expect(knative.grid({ ...setting(1), meanWork: 100 })['perTask']).toEqual([1, 2]);
});
