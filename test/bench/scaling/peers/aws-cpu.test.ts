import { describe, expect, test } from '@jest/globals';
import type { Peer } from '../../../../bench/scaling/peer.ts';
import { awsCpu, awsCpuHighResolution } from '../../../../bench/scaling/peers/aws-cpu.ts';
import { play, type Script } from '../views.ts';

const setting = { target: 60, meanWork: 1, tasks: { min: 1, max: 50 } };
const create = (peer: Peer, parameters = {}, tasks = setting.tasks) =>
  peer.create({ ...peer.defaults(setting), ...parameters }, { ...setting, tasks });
const phases = Array.from({ length: 60 }, (_, second) => 1200 + second);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;

/** Seconds from a step of the load to the first action, in the mean over all phases of the minute. */
const delay = (peer: Peer, script: (from: number) => Script): number =>
  mean(
    phases.map((from) => {
      const [first] = play(create(peer), script(from), { seconds: from + 1500, desired: 3, startUp: 23 });
      return (first?.t ?? Number.POSITIVE_INFINITY) - from;
    }),
  );

/** So much work for whole tasks, spread over those that run. */
const load = (tasks: number) => (running: number) => Math.min(100, (100 * tasks) / running);

describe('as long as AWS takes', () => {
  // aws/containers-roadmap#2113, comment of 2026-09-15: time to trigger a scale-out.
  test.each([
    ['60 s', awsCpu, 363],
    ['20 s', awsCpuHighResolution, 86],
  ])('with %s metrics', (_, peer, measured) => {
    const fromIdle = mean(
      phases.map((from) => {
        const controller = create(peer, {}, { min: 3, max: 50 });
        const utilization = (t: number) => (t < from ? 0 : 100);
        return (play(controller, { utilization }, { seconds: from + 600, desired: 3 })[0]?.t ?? 0) - from;
      }),
    );
    expect(Math.abs(fromIdle - measured)).toBeLessThanOrEqual(5);
    const fromBusy = delay(peer, (from) => ({ utilization: (t) => (t < from ? 70 : 100) }));
    expect(fromBusy).toBeLessThan(fromIdle);
  });
  test.each([
    ['60 s', awsCpu, 17, 19],
    ['20 s', awsCpuHighResolution, 10, 11],
  ])('in after minutes with %s metrics', (_, peer, least, most) => {
    const minutes = delay(peer, (from) => ({ utilization: (t) => (t < from ? 70 : 0) })) / 60;
    expect(minutes).toBeGreaterThan(least);
    expect(minutes).toBeLessThan(most);
  });
});

describe('the new count', () => {
  const first = (utilization: number, desired: number, parameters = {}) =>
    play(create(awsCpu, parameters), { utilization }, { seconds: 1200, desired })[0]?.to;
  test.each([
    ['10 × 90 ÷ 75', 90, 10, 12],
    ['rounded up', 76, 10, 11],
    ['by a third at most', 100, 30, 40],
    ['in: 10 × 30 ÷ 75', 30, 10, 4],
    ['in, rounded up: 10 × 31 ÷ 75', 31, 10, 5],
    ['never past the target: 3 tasks at 66 % hold 2 at 99', 66, 3, undefined],
    ['at the target nothing', 75, 10, undefined],
    ['nor within a tenth below', 67.5, 10, undefined],
    ['and to the minimum', 0, 10, 1],
  ])('%s', (_, utilization, desired, to) => {
    expect(first(utilization, desired)).toBe(to);
  });
  test('at the most the maximum', () => {
    expect(first(100, 45)).toBe(50);
  });
});

test('a saturated service: what was added counts until the cooldown after its start is over', () => {
  const actions = play(
    create(awsCpu),
    { utilization: (_, running) => load(100)(running) },
    { seconds: 1200, desired: 9, startUp: 23 },
  );
  // Three periods are published at 350 s: 9 × 4/3 = 12. At 410 s these run: 16 less the 3 that were added; at 470 s 18 less 4; at 530 s 19 less 5 is
  // what there is. The last one runs since 493 s, which is seen at 500 s: from 800 s on all 19 count.
  expect(actions.slice(0, 4).map(({ t, to }) => [t, to])).toEqual([
    [350, 12],
    [410, 13],
    [470, 14],
    [830, 19],
  ]);
});

test('no running task, no metric: from 0 it never starts, and it does not go in', () => {
  const script = { utilization: 0, visible: 9999 };
  expect(play(create(awsCpu, {}, { min: 0, max: 9 }), script, { seconds: 3600, desired: 0 })).toEqual([]);
  // Nothing of what is asked for runs yet.
  const starting = play(create(awsCpu), script, { seconds: 60, desired: 4, startUp: 3600 });
  expect(starting).toEqual([]);
});
