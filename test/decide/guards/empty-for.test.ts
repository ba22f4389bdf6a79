/** Before the last task goes: how long there must have been nothing to do, and what begins the time anew. */
import { describe, expect, test } from '@jest/globals';
import type { Reading } from '../../../lambdas/contract/records.ts';
import { later, unseen } from '../../samples.ts';
import { every, saidBy, type Tick, tellTicks, toOf } from './story.ts';

type Numbers = Partial<Extract<Reading, { known: true }>>;
const read = (numbers: Numbers): Reading => ({ known: true, ...numbers });
const settled: Numbers = { visible: 0, inFlight: 0, delayed: 0 };
const sqs = (numbers: Numbers = settled): Reading => read({ ...settled, ...numbers, settlesInSeconds: 60 });

/** Ticks 5 s apart with one task, of which those at these moments see something else. */
const ticks = (until: number, usual: Reading, others: Readonly<Record<number, readonly Reading[]>> = {}) =>
  every(5, 0, until, { counts: 1 }).map((tick): Tick => ({ ...tick, readings: others[tick.at] ?? [usual] }));

/** After how many seconds the last task goes. */
const goesAfter = (
  config: Readonly<Record<string, unknown>>,
  story: readonly Tick[],
  memory = {},
): number | undefined => {
  const index = toOf(tellTicks(config, story, memory)).indexOf(0);
  return index < 0 ? undefined : story[index]?.at;
};

describe('how long', () => {
  test('unset: as long as the counters of the source may lie', () => {
    expect(goesAfter({}, ticks(120, sqs()))).toBe(60);
  });
  test('unset, several sources: the longest', () => {
    const story = every(5, 0, 120, {
      counts: 1,
      readings: [sqs(), read({ visible: 0, settlesInSeconds: 90 })],
    });
    expect(goesAfter({}, story)).toBe(90);
  });
  test('unset, counters that do not lie: at once', () => {
    expect(goesAfter({}, ticks(120, read({ visible: 0 })))).toBe(0);
  });
  test('set: that, be it more or less', () => {
    expect(goesAfter({ emptyFor: '2m' }, ticks(300, sqs()))).toBe(120);
    expect(goesAfter({ emptyFor: '15s' }, ticks(300, sqs()))).toBe(15);
    expect(goesAfter({ emptyFor: 0 }, ticks(300, sqs()))).toBe(0);
  });
  test('nobody empties for ever: from 40 tasks to 1 at once, and then the last', () => {
    const story = every(5, 0, 60, { readings: [sqs()], counts: 1 });
    const told = tellTicks({}, [{ at: 0, readings: [sqs()], counts: 40 }, ...story.slice(1)]);
    expect(toOf(told)).toEqual([...Array.from({ length: 12 }, () => 1), 0]);
    expect(told.decisions[0]?.reasons.at(-1)).toEqual({
      by: 'emptyFor',
      said: 1,
      why: 'the last task stays for 60 s without work, so far 0 s',
    });
  });
});

describe('what begins it anew', () => {
  const begins = (other: readonly Reading[]) => goesAfter({}, ticks(300, sqs(), { 45: other }));

  test.each<readonly [string, readonly Reading[]]>([
    ['a message waiting', [sqs({ visible: 1 })]],
    ['one in flight', [sqs({ inFlight: 1 })]],
    ['one delayed', [sqs({ delayed: 1 })]],
    ['one in any of several queues', [sqs(), sqs({ inFlight: 1 })]],
    ['an unknown reading', [unseen]],
    ['one unknown of two', [sqs(), unseen]],
    ['only a part of it read', [sqs({ atLeast: true })]],
    ['nothing read', []],
  ])('%s: 60 s after it was empty again', (_, other) => expect(begins(other)).toBe(110));

  test('more than 90 s without a look, or a clock that went back', () => {
    const first = ticks(50, sqs());
    expect(goesAfter({}, [...first, ...every(5, 145, 300, { readings: [sqs()], counts: 1 })])).toBe(205);
    expect(goesAfter({}, [...first, ...every(5, -600, -500, { readings: [sqs()], counts: 1 })])).toBe(-540);
    expect(goesAfter({}, [...first, ...every(5, 140, 300, { readings: [sqs()], counts: 1 })])).toBe(140);
  });

  test.each([
    ['an hour old', [Date.parse(later(-3600)) / 1000, 3000]],
    ['of the future', [Date.parse(later(3600)) / 1000, 3000]],
    ['odd', [Date.parse(later(0)) / 1000, -1e9]],
    ['half', [Date.parse(later(0)) / 1000]],
  ])('memory that is %s', (_, kept) => {
    expect(goesAfter({}, ticks(120, sqs()), { kept: { emptyFor: kept } })).toBe(60);
  });
});

describe('what is work', () => {
  const threshold = { policy: { type: 'threshold' }, tasks: { min: 0, max: 50 } };

  test('threshold would stop the last task with 50 messages waiting', () => {
    const told = tellTicks(threshold, [{ at: 0, readings: [sqs({ visible: 50 })], counts: 1 }]);
    expect(toOf(told)).toEqual([1]);
    expect(saidBy(told, 'emptyFor')?.why).toBe('the last task stays while there is work');
  });
  test('a plain value above 0', () => {
    expect(goesAfter(threshold, ticks(60, read({ value: 2 })))).toBeUndefined();
    expect(goesAfter(threshold, ticks(60, read({ value: 0 })))).toBe(0);
    expect(goesAfter(threshold, ticks(60, read({ value: -2 })))).toBe(0);
  });
  test('numbers that only the policy understands: what the policy says', () => {
    const policy = {
      type: 'steps',
      metric: 'cpu',
      steps: [
        { atLeast: 0, tasks: 0 },
        { atLeast: 10, tasks: 1 },
      ],
    };
    const cpu = (value: number) => read({ values: { cpu: value } });
    const story = ticks(100, cpu(3), { 20: [cpu(30)] });
    expect(goesAfter({ policy, emptyFor: 30 }, story)).toBe(55);
  });
});

test('a service that never has less than one task is left alone', () => {
  const told = tellTicks({ tasks: { min: 1, max: 9 } }, ticks(10, sqs()));
  expect(toOf(told)).toEqual([1, 1, 1]);
  expect(saidBy(told, 'emptyFor')).toBeUndefined();
  expect(told.memory.kept).toBeUndefined();
});

test('presence has its own time, and the longer of both counts', () => {
  const policy = (seconds: number) => ({ policy: { type: 'presence', tasks: 1, emptyFor: seconds } });
  expect(goesAfter(policy(30), ticks(300, sqs()))).toBe(60);
  expect(goesAfter(policy(120), ticks(300, sqs()))).toBe(120);
});
