/** Tasks that were asked for and have not started yet count as there: for rules that add at every tick. */
import { expect, test } from '@jest/globals';
import { counts, seen } from '../../samples.ts';
import { saidBy, type Tick, tellTicks, toOf } from './story.ts';

/** Adds 10 from 100 messages on, 30 from 1000 on. */
const adding = {
  policy: {
    type: 'steps',
    steps: [
      { atLeast: 100, change: 10 },
      { atLeast: 1000, change: 30 },
    ],
  },
  tasks: { min: 10, max: 300 },
};
const tick = (at: number, desired: number, running: number, visible = 200): Tick => ({
  at,
  readings: [seen(visible)],
  counts: counts(desired, running),
});

test('adds no more before those have started that were asked for', () => {
  const told = tellTicks(adding, [tick(0, 10, 10), tick(5, 20, 10), tick(10, 20, 16), tick(15, 26, 26)]);
  expect(toOf(told)).toEqual([20, 20, 26, 36]);
  const second = tellTicks(adding, [tick(5, 20, 10)]);
  expect(saidBy(second, 'starting')).toEqual({
    by: 'starting',
    said: 20,
    why: '10 running + 10 starting count as there',
  });
});

test('a larger backlog still gets the tasks that are missing', () => {
  expect(toOf(tellTicks(adding, [tick(0, 20, 10, 3000)]))).toEqual([40]);
});

test('more tasks running than are wanted, because some are stopping, make no difference', () => {
  expect(toOf(tellTicks(adding, [tick(0, 20, 35)]))).toEqual([30]);
});

test('none of many has started', () => {
  expect(toOf(tellTicks(adding, [tick(0, 50, 0)]))).toEqual([50]);
});

test('while a deployment runs, old tasks do not stand in for new ones that are pending', () => {
  const deploying = { desired: 20, running: 20, pending: 10, deploying: true };
  expect(toOf(tellTicks(adding, [{ at: 0, readings: [seen(200)], counts: deploying }]))).toEqual([20]);
});

test('a rule that computes a whole count is left alone', () => {
  expect(toOf(tellTicks({}, [{ at: 0, wish: 30, counts: counts(20, 5) }]))).toEqual([30]);
});
