import { expect, test } from '@jest/globals';
import type { Setting } from '../../../../bench/scaling/peer.ts';
import { react } from '../../../../bench/scaling/peers/react.ts';
import { play } from '../views.ts';

const setting: Setting = { target: 60, meanWork: 2, tasks: { min: 1, max: 100 } };
const fresh = (some = {}) => react.create({ ...react.defaults(setting), ...some }, setting);

test('out by what is missing and two more; in by what is left over and two more, and so out again', () => {
  // 5 a second of 2 s each keep ten tasks busy, from 300 s on 1 a second two.
  const arrivals = (t: number) => (t <= 300 ? 5 : 1);
  expect(play(fresh(), { arrivals }, { seconds: 600 })).toEqual([
    { t: 30, from: 1, to: 12 },
    { t: 330, from: 12, to: 0 },
    { t: 360, from: 0, to: 4 },
  ]);
});

test('two too many are kept, three are not', () => {
  expect(play(fresh(), { arrivals: 5 }, { seconds: 120, desired: 12 })).toEqual([]);
  expect(play(fresh(), { arrivals: 5 }, { seconds: 60, desired: 13 })).toEqual([{ t: 30, from: 13, to: 8 }]);
});

test('busy tasks are not released', () => {
  expect(play(fresh(), { arrivals: 5, inFlight: 9 }, { seconds: 60, desired: 20 })).toEqual([
    { t: 30, from: 20, to: 9 },
  ]);
});

test('a load in messages, another tick, no spare tasks', () => {
  const peer = fresh({ tick: 10, load: 1, spare: 0 });
  expect(play(peer, { visible: (t) => (t < 25 ? 4 : 9), inFlight: 1 }, { seconds: 60 })).toEqual([
    { t: 0, from: 1, to: 5 },
    { t: 30, from: 5, to: 10 },
  ]);
});
