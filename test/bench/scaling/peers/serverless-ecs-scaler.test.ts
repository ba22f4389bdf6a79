import { expect, test } from '@jest/globals';
import { serverlessEcsScaler } from '../../../../bench/scaling/peers/serverless-ecs-scaler.ts';
import { play } from '../views.ts';

const setting = { target: 60, meanWork: 1, tasks: { min: 0, max: 40 } };
const create = (parameters = {}, tasks = setting.tasks) =>
  serverlessEcsScaler.create(
    { ...serverlessEcsScaler.defaults(setting), ...parameters },
    { ...setting, tasks },
  );
const moves = (...args: Parameters<typeof play>) => play(...args).map(({ t, to }) => [t, to]);

test.each([
  ['20 s after a message', 65, 90],
  ['at the run of the minute, where that is sooner', 50, 60],
])('it wakes %s', (_, from, wakes) => {
  const visible = (t: number) => (t >= from ? 7 : 0);
  expect(moves(create(), { visible }, { seconds: 180, desired: 0 })).toEqual([[wakes, 1]]);
});

test('it is promised to stop 1 to 2 minutes after the last message', () => {
  for (let until = 61; until <= 120; until += 10) {
    const visible = (t: number) => (t < until ? 7 : 0);
    const [stop] = play(create(), { visible }, { seconds: 400, desired: 1 });
    expect(stop).toMatchObject({ from: 1, to: 0 });
    expect((stop?.t ?? 0) - until).toBeGreaterThanOrEqual(60);
    expect((stop?.t ?? 0) - until).toBeLessThanOrEqual(120);
  }
});

test('a message between two empty runs starts the count anew', () => {
  const until = (visible: (t: number) => number) =>
    moves(create(), { visible }, { seconds: 300, desired: 1 });
  expect(until(() => 0)).toEqual([[60, 0]]);
  expect(until((t) => (t === 50 ? 1 : 0))).toEqual([[120, 0]]);
});

test('however much waits, it is the one count', () => {
  expect(moves(create({ tasks: 12 }), { visible: 9999 }, { seconds: 300, desired: 0 })).toEqual([[0, 12]]);
  expect(moves(create({}, { min: 2, max: 9 }), { visible: 9999 }, { seconds: 300, desired: 9 })).toEqual([
    [0, 2],
  ]);
});

test('a sweep tries counts up to the most tasks', () => {
  expect(serverlessEcsScaler.grid(setting)['tasks']).toEqual([1, 2, 4, 10, 20, 40]);
});
