import { expect, test } from '@jest/globals';
import { ecsAutoscale } from '../../../../bench/scaling/peers/ecs-autoscale.ts';
import { play, viewAt } from '../views.ts';

const setting = { target: 60, meanWork: 1, tasks: { min: 1, max: 3 } };
const create = (parameters = {}) =>
  ecsAutoscale.create({ ...ecsAutoscale.defaults(setting), ...parameters }, setting);

// The worker of its README: min 1, max 3, out from 5 messages on, in up to 3.
test.each([
  ['5 messages', 1, 5, 2],
  ['4 messages are neither', 2, 4, undefined],
  ['3 messages', 2, 3, 1],
  ['at its minimum already', 1, 0, undefined],
  ['at its maximum already', 3, 500, undefined],
  ['above its maximum, whatever waits', 7, 500, 3],
  ['below its minimum, whatever waits', 0, 0, 1],
])('%s: %d tasks, %d messages: %s', (_, desired, visible, answer) => {
  expect(create().decide(viewAt(0, { visible }, { desired }))).toBe(answer);
});

test('a larger step is cut at the bound, and then gives way', () => {
  const controller = create({ out: 5, in: 5 });
  expect(controller.decide(viewAt(0, { visible: 9 }, { desired: 2 }))).toBe(3);
  expect(controller.decide(viewAt(0, { visible: 0 }, { desired: 2 }))).toBe(1);
  expect(controller.decide(viewAt(0, { visible: 9 }, { desired: 3 }))).toBeUndefined();
});

test('it runs every 5 minutes, and counts what runs: a run within the start-up asks for the same again', () => {
  const at = (parameters: object, startUp: number) =>
    play(create(parameters), { visible: 50 }, { seconds: 700, startUp }).map(({ t, to }) => [t, to]);
  expect(at({}, 90)).toEqual([
    [0, 2],
    [300, 3],
  ]);
  expect(at({ every: 60 }, 90)).toEqual([
    [0, 2],
    [120, 3],
  ]);
});

test('where a sweep goes out from one message on, it goes in at none', () => {
  const controller = create({ outFrom: 1 });
  expect(controller.decide(viewAt(0, { visible: 1 }, { desired: 2 }))).toBe(3);
  expect(controller.decide(viewAt(0, { visible: 0 }, { desired: 2 }))).toBe(1);
});
