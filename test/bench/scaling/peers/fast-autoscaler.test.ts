import { expect, test } from '@jest/globals';
import { fastAutoscaler } from '../../../../bench/scaling/peers/fast-autoscaler.ts';
import { play, viewAt } from '../views.ts';

const setting = { target: 60, meanWork: 1, tasks: { min: 1, max: 100 } };
const create = (parameters = {}, tasks = setting.tasks) =>
  fastAutoscaler.create({ ...fastAutoscaler.defaults(setting), ...parameters }, { ...setting, tasks });

// tests/test_scaler.py of its repository, where the factor is 0.5 and the lower threshold 10.
test.each([
  [10, 50, 1, 10],
  [10, 200, 1, 12],
  [10, 5, 1, 5],
  [5, 1, 3, 3],
  [90, 5000, 1, 100],
])('%d tasks, %d messages, at least %d: %d', (desired, visible, min, answer) => {
  const controller = create({ downThreshold: 10, maxScaleDownFactor: 0.5 }, { min, max: 100 });
  expect(controller.decide(viewAt(0, { visible }, { desired })) ?? desired).toBe(answer);
});

test.each([
  ['the thresholds themselves change nothing', 100, 10, 10],
  ['nor does the lower one', 99, 10, 10],
  ['one message more adds one', 101, 10, 11],
  ['one fewer takes 1 % off, in whole tasks', 98, 10, 9],
  ['of 200 tasks two', 98, 200, 198],
])('%s', (_, visible, desired, answer) => {
  const controller = create({}, { min: 1, max: 300 });
  expect(controller.decide(viewAt(0, { visible }, { desired })) ?? desired).toBe(answer);
});

test('it adds at every run, while nothing has started yet', () => {
  const actions = play(create(), { visible: 1000 }, { seconds: 240, desired: 5, startUp: 600 });
  expect(actions.map(({ t, to }) => [t, to])).toEqual([
    [0, 15],
    [60, 25],
    [120, 35],
    [180, 45],
  ]);
});

test('it goes in every third minute, and after a scale-out as late', () => {
  const visible = (t: number) => (t < 60 ? 1000 : 0);
  const actions = play(create(), { visible }, { seconds: 600, desired: 5 });
  expect(actions.map(({ t, to }) => [t, to])).toEqual([
    [0, 15],
    [180, 14],
    [360, 13],
    [540, 12],
  ]);
});

test('messages in flight count where they are combined', () => {
  const view = viewAt(0, { visible: 50, inFlight: 100 }, { desired: 5 });
  expect([create().decide(view), create({ combined: 1 }).decide(view)]).toEqual([4, 6]);
});

test('a threshold of 0 still goes in once nothing waits', () => {
  const { decide } = create({ upThreshold: 0 });
  expect(decide(viewAt(0, { visible: 0 }, { desired: 5 }))).toBe(4);
});
