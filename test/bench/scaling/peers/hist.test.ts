import { expect, test } from '@jest/globals';
import type { Setting } from '../../../../bench/scaling/peer.ts';
import { hist } from '../../../../bench/scaling/peers/hist.ts';
import { play } from '../views.ts';

const setting: Setting = { target: 60, meanWork: 1, tasks: { min: 0, max: 100 } };
const fresh = (some = {}) => hist.create({ ...hist.defaults(setting), ...some }, setting);
const HOUR = 3600;

test('the 90th percentile of the hour so far: one high load in ten counts, one in eleven does not', () => {
  const arrivals = (t: number) => (t <= 30 ? 7 : 3);
  expect(play(fresh(), { arrivals }, { seconds: 600, desired: 7 })).toEqual([{ t: 330, from: 7, to: 3 }]);
});

test('a day later it goes by what that hour was, before the load is there', () => {
  const arrivals = (t: number) => (t > HOUR && t <= 2 * HOUR ? 12 : 2);
  const actions = play(fresh(), { arrivals }, { seconds: 26 * HOUR, desired: 2 });
  expect(actions.filter(({ t }) => t > 24 * HOUR)).toEqual([
    // The look on the hour belongs to the hour that begins, with the load of the one before it: 2 too seldom to count.
    { t: 25 * HOUR, from: 2, to: 12 },
  ]);
});

test('after three shortages of the last five looks: the percentile and the load and two more', () => {
  // Twenty loads of 1, then 8s: the percentile is 1 until there are three of them among 23 (index 20), which is also when the repair is due.
  const arrivals = (t: number) => (t <= 600 ? 1 : 8);
  expect(play(fresh(), { arrivals }, { seconds: 760 })).toEqual([
    { t: 690, from: 1, to: 8 + 8 + 2 },
    { t: 720, from: 18, to: 8 },
  ]);
});

test('a new hour begins with nothing but its own loads, and only idle tasks go', () => {
  const arrivals = (t: number) => (t < HOUR ? 9 : 4);
  // The look on the hour brings 9 into the new one, where ten loads of 4 outnumber it.
  const script = { arrivals, inFlight: (t: number) => (t < HOUR + 400 ? 6 : 0) };
  expect(play(fresh(), script, { seconds: HOUR + 500, desired: 9 })).toEqual([
    { t: HOUR + 300, from: 9, to: 6 },
    { t: HOUR + 420, from: 6, to: 4 },
  ]);
});
