import { expect, test } from '@jest/globals';
import { fargateFastAutoscaler } from '../../../../bench/scaling/peers/fargate-fast-autoscaler.ts';
import { play, viewAt } from '../views.ts';

const setting = { target: 60, meanWork: 1, tasks: { min: 1, max: 100 } };
const create = (parameters = {}) =>
  fargateFastAutoscaler.create({ ...fargateFastAutoscaler.defaults(setting), ...parameters }, setting);

test.each([
  [49, undefined],
  [50, 2],
  [99, 2],
  [100, 10],
  [299, 10],
  [300, 15],
  [499, 15],
  [500, 20],
  [5000, 20],
])('%d connections of one task: %s', (connections, answer) => {
  expect(create().decide(viewAt(0, { visible: connections - 1, inFlight: 1 }))).toBe(answer);
});

test('the mean is in whole numbers', () => {
  expect(create().decide(viewAt(0, { visible: 149 }, { desired: 3 }))).toBeUndefined();
  expect(create({ disableScaleIn: 0 }).decide(viewAt(0, { visible: 150 }, { desired: 3 }))).toBe(2);
});

test('it sees a load within 3 s, and waits for 60 s after each step', () => {
  const visible = (t: number) => (t < 10 ? 0 : t < 50 ? 120 : 9000);
  const actions = play(create(), { visible }, { seconds: 300 });
  expect(actions.map(({ t, to }) => [t, to])).toEqual([
    [12, 10],
    [72, 20],
  ]);
});

test('scale-in is refused, and the 60 s pass all the same', () => {
  const visible = (t: number) => (t < 30 ? 750 : 9000);
  const at = (parameters: object) =>
    play(create(parameters), { visible }, { seconds: 110, desired: 15 }).map(({ t, to }) => [t, to]);
  expect(at({})).toEqual([[60, 20]]);
  expect(at({ disableScaleIn: 0 })).toEqual([
    [0, 2],
    [60, 20],
  ]);
});

test('without a running task there is nobody to ask', () => {
  expect(create().decide(viewAt(0, { visible: 900 }, { desired: 0 }))).toBeUndefined();
});

test('thresholds and counts can be scaled to a load', () => {
  expect(create({ thresholds: 0.02, counts: 5 }).decide(viewAt(0, { visible: 2 }))).toBe(50);
  expect(create({ counts: 10 }).decide(viewAt(0, { visible: 500 }))).toBe(100);
});
