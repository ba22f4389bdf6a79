import { expect, test } from '@jest/globals';
import type { Setting } from '../../../../bench/scaling/peer.ts';
import { reg } from '../../../../bench/scaling/peers/reg.ts';
import { play } from '../views.ts';

const setting: Setting = { target: 60, meanWork: 1, tasks: { min: 1, max: 100 } };
const fresh = (some = {}) => reg.create({ ...reg.defaults(setting), ...some }, setting);

test('out to the load at the first look after it', () => {
  const arrivals = (t: number) => (t <= 60 ? 1 : 20);
  expect(play(fresh(), { arrivals }, { seconds: 300 })).toEqual([{ t: 90, from: 1, to: 20 }]);
});

test('in along the parabola: exactly with three loads', () => {
  const arrivals = (t: number) => (t <= 30 ? 9 : t <= 60 ? 5 : 6);
  expect(play(fresh(), { arrivals }, { seconds: 100, desired: 10 })).toEqual([
    { t: 30, from: 10, to: 9 },
    { t: 60, from: 9, to: 5 },
    { t: 90, from: 5, to: 6 },
  ]);
});

test('in along the parabola: with more loads it lags, and not below what is busy', () => {
  // Loads 8, 8, 8, 8, 2: at the newest the parabola says 8 − 6 × 31/35 = 2.69.
  const arrivals = (t: number) => (t <= 120 ? 8 : 2);
  expect(play(fresh(), { arrivals }, { seconds: 160, desired: 8 })).toEqual([{ t: 150, from: 8, to: 3 }]);
  expect(play(fresh(), { arrivals, inFlight: 5 }, { seconds: 160, desired: 8 })).toEqual([
    { t: 150, from: 8, to: 5 },
  ]);
});

test('a parabola above what there is means 0: all idle tasks go', () => {
  // Loads 0, 0, 0, 9, 9, 8 at nine tasks: it rises to 9.46.
  const arrivals = (t: number) => (t <= 90 ? 0 : t <= 150 ? 9 : 8);
  const actions = play(
    fresh(),
    { arrivals, inFlight: (t) => (t > 150 ? 2 : 9) },
    { seconds: 190, desired: 9 },
  );
  expect(actions).toEqual([{ t: 180, from: 9, to: 2 }]);
});

test('only the last points count', () => {
  const arrivals = (t: number) => (t <= 120 ? 8 : 2);
  expect(play(fresh({ points: 3 }), { arrivals }, { seconds: 160, desired: 8 })).toEqual([
    { t: 150, from: 8, to: 2 },
  ]);
});
