import { expect, test } from '@jest/globals';
import { awsBacklogPerTask } from '../../../../bench/scaling/peers/aws-backlog-per-task.ts';
import { play } from '../views.ts';

/** AWS's example: a message takes 0.1 s and may wait for 10 s. */
const setting = { target: 10, meanWork: 0.1, tasks: { min: 1, max: 50 } };
const create = (parameters = {}, tasks = setting.tasks) =>
  awsBacklogPerTask.create({ ...awsBacklogPerTask.defaults(setting), ...parameters }, { ...setting, tasks });

test('the acceptable backlog is the latency ÷ the processing time', () => {
  expect(awsBacklogPerTask.defaults(setting)['backlog']).toBe(100);
});

test('1,500 messages and 10 tasks: 5 more, after three minutes and the delay of SQS', () => {
  const actions = play(create(), { visible: 1500 }, { seconds: 300, desired: 10, startUp: 60 });
  expect(actions).toEqual([{ t: 240, from: 10, to: 15 }]);
});

test('a spike of two minutes is not seen', () => {
  const visible = (t: number) => (t >= 600 && t < 720 ? 90_000 : 900);
  expect(play(create(), { visible }, { seconds: 1800, desired: 10 })).toEqual([]);
});

test('a service that keeps up has no backlog, and comes down to its minimum however busy it is', () => {
  const actions = play(create(), { visible: 0, inFlight: 20 }, { seconds: 1200, desired: 20 });
  expect(actions).toEqual([{ t: 960, from: 20, to: 1 }]);
});

test('from 0 it never starts: nothing can be divided by no task', () => {
  const nobody = create({}, { min: 0, max: 9 });
  expect(play(nobody, { visible: 9999 }, { seconds: 3600, desired: 0 })).toEqual([]);
});

test('within a cooldown only what goes beyond the last scale-out is added, after it the whole', () => {
  // The backlog of each task stays at 150, whatever is done.
  const script = { visible: (_: number, running: number) => 150 * running };
  const at = (parameters: object) =>
    play(create(parameters), script, { seconds: 660, desired: 10, startUp: 20 }).map(({ t, to }) => [t, to]);
  // 15; 23 − 5; 27 − 8; 29 − 9 and 30 − 10 are a little more each time. 300 s after the last one runs they begin anew.
  expect(at({}).slice(0, 5)).toEqual([
    [240, 15],
    [300, 18],
    [360, 19],
    [420, 20],
  ]);
  expect(at({ outCooldown: 0 }).slice(0, 3)).toEqual([
    [240, 15],
    [300, 23],
    [360, 35],
  ]);
});
