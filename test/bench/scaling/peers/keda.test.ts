import { expect, test } from '@jest/globals';
import type { Setting } from '../../../../bench/scaling/peer.ts';
import { keda } from '../../../../bench/scaling/peers/keda.ts';
import { play } from '../views.ts';

const setting = (min: number): Setting => ({ target: 60, meanWork: 2, tasks: { min, max: 100 } });
const fresh = (min: number) => keda.create(keda.defaults(setting(min)), setting(min));

test('a step of 300 messages: out by the HPA every 15 s, in 300 s after it is over, in one step', () => {
  const visible = (t: number) => (t >= 40 && t < 160 ? 290 : 0);
  const inFlight = (t: number) => (t >= 40 && t < 160 ? 10 : 0);
  expect(play(fresh(1), { visible, inFlight }, { seconds: 900 })).toEqual([
    { t: 45, from: 1, to: 5 },
    { t: 60, from: 5, to: 10 },
    { t: 75, from: 10, to: 20 },
    { t: 90, from: 20, to: 40 },
    { t: 105, from: 40, to: 60 },
    // 150 s was the last look at which 60 were asked for.
    { t: 450, from: 60, to: 1 },
  ]);
});

test('from 0 at a poll of 30 s to 1, and on from there; to 0 in one step, 300 s after the last active poll', () => {
  const visible = (t: number) => (t >= 35 && t < 130 ? 200 : 0);
  expect(play(fresh(0), { visible }, { seconds: 900, desired: 0 })).toEqual([
    { t: 60, from: 0, to: 1 },
    { t: 75, from: 1, to: 5 },
    { t: 90, from: 5, to: 10 },
    { t: 105, from: 10, to: 20 },
    { t: 120, from: 20, to: 40 },
    // The HPA would hold its 40 until 120 + 300 as well; KEDA's cliff is there first.
    { t: 420, from: 40, to: 0 },
  ]);
});

test('one message in flight keeps it alive', () => {
  const inFlight = (t: number) => (t < 600 ? 1 : 0);
  expect(play(fresh(0), { inFlight }, { seconds: 1200, desired: 1 })).toEqual([{ t: 870, from: 1, to: 0 }]);
});

test('a service that was never active is stopped at the first poll, but not below its minimum', () => {
  expect(play(fresh(0), {}, { seconds: 400, desired: 8 })).toEqual([{ t: 0, from: 8, to: 0 }]);
  expect(play(fresh(2), {}, { seconds: 400, desired: 8 })).toEqual([{ t: 300, from: 8, to: 2 }]);
});

test('the sweep tries quarters of what a task works off in the target, and whole messages only', () => {
  expect(keda.grid(setting(1))['queueLength']).toEqual([1, 2, 5, 8, 10, 15, 20, 30]);
  expect(keda.grid({ ...setting(1), meanWork: 100 })['queueLength']).toEqual([1, 2, 5, 10, 20]);
});
