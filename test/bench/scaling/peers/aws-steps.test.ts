import { expect, test } from '@jest/globals';
import { awsSteps } from '../../../../bench/scaling/peers/aws-steps.ts';
import { play } from '../views.ts';

const setting = { target: 60, meanWork: 1, tasks: { min: 1, max: 50 } };
const create = (parameters = {}) =>
  awsSteps.create({ ...awsSteps.defaults(setting), cpu: 0, ...parameters }, setting);
const moves = (...args: Parameters<typeof play>) => play(...args).map(({ t, to }) => [t, to]);

test.each([
  ['nothing waits', 0, 9],
  ['one waits', 1, undefined],
  ['99 wait', 99, undefined],
  ['100 wait', 100, 11],
  ['499 wait', 499, 11],
  ['500 wait', 500, 15],
])('%s', (_, visible, to) => {
  expect(play(create(), { visible }, { seconds: 130, desired: 10 })[0]?.to).toBe(to);
});

test('it goes out one to two minutes after the backlog came, and once in a cooldown', () => {
  const visible = (t: number) => (t < 600 ? 50 : 400);
  // The minute from 600 s on is published at 720 s; the new task runs at 743 s, which is seen at 750 s, so the cooldown ends at 1,050 s.
  expect(moves(create(), { visible }, { seconds: 1150, desired: 4, startUp: 23 })).toEqual([
    [720, 5],
    [1080, 6],
  ]);
});

test('a backlog that grows on asks for five, of which one is there', () => {
  const visible = (t: number) => (t < 600 ? 50 : t < 780 ? 400 : 4000);
  expect(moves(create(), { visible }, { seconds: 1000, desired: 4, startUp: 23 })).toEqual([
    [720, 5],
    [900, 9],
  ]);
});

test('it goes in once all of five minutes were without a message, by one in a cooldown', () => {
  const visible = (t: number) => (t < 600 ? 50 : 0);
  expect(moves(create(), { visible, inFlight: 9 }, { seconds: 1330, desired: 9 })).toEqual([
    [960, 8],
    // The last task is gone at the look of 970 s: 1,270 s and the next minute's data.
    [1320, 7],
  ]);
});

test('CPU pulls the other way: what the steps take, target tracking brings back', () => {
  // Three whole tasks' work that keeps the queue empty: 100 % of three, 75 % of four, both above 50 %.
  const script = { visible: 0, utilization: (_: number, running: number) => Math.min(100, 300 / running) };
  const both = moves(create({ cpu: 1 }), script, { seconds: 1200, desired: 4 });
  expect(both.slice(0, 3)).toEqual([
    [120, 3],
    [350, 6],
    [360, 5],
  ]);
});
