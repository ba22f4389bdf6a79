/** The state machine as a file: what it names must exist, and it must be able to end before Express ends it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { anySource } from '../../lambdas/contract/config.ts';
import { ErrorName, TRANSIENT_LAMBDA_ERRORS } from '../../lambdas/contract/errors.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { service } from '../samples.ts';
import { longestExecution, type States } from './longest.ts';

const text = readFileSync('statemachine/loop.asl.json', 'utf8');
const { States: states, StartAt: first } = JSON.parse(text) as {
  readonly States: States;
  readonly StartAt: string;
};
const all = Object.entries(states).flatMap(([name, state]) => [
  [name, state] as const,
  ...Object.entries(state.ItemProcessor?.States ?? {}),
]);
const tasks = all.filter(([, { Type }]) => Type === 'Task');

test('every error that it names exists', () => {
  const known = new Set<string>([
    ...Object.values(ErrorName),
    ...TRANSIENT_LAMBDA_ERRORS,
    'States.ALL',
    'States.Timeout',
  ]);
  const named = all.flatMap(([, { Retry = [], Catch = [] }]) =>
    [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals),
  );
  expect(named.filter((name) => !known.has(name))).toEqual([]);
  expect(named).toContain(ErrorName.Store);
});

test('an execution that only looked at its lane says so when it hands over', () => {
  const { HandOver } = JSON.parse(text).States;
  expect(HandOver.Parameters.Input).toMatchObject({ 'term.$': '$.term', 'peek.$': '$.peek' });
});

test('every task has a time limit and short retries of its own', () => {
  for (const [name, { TimeoutSeconds, Retry = [] }] of tasks) {
    expect({ name, limit: TimeoutSeconds }).toEqual({ name, limit: expect.any(Number) });
    const pauses = Retry.reduce(
      (sum, { IntervalSeconds = 0, MaxAttempts }) => sum + IntervalSeconds * MaxAttempts,
      0,
    );
    expect({
      name,
      pauses: pauses <= 2,
      steady: Retry.every(({ BackoffRate }) => BackoffRate === undefined || BackoffRate === 1),
    }).toEqual({ name, pauses: true, steady: true });
  }
});

test('a tick that fails in any room goes on to the next: every task of the loop is caught', () => {
  const inLoop = all.filter(([name, { Type }]) => ['Task', 'Map'].includes(Type) && name !== 'AcquireLease');
  expect(inLoop.map(([name]) => name)).toEqual(
    expect.arrayContaining(['Collect', 'Decide', 'Apply', 'Notify', 'Publish', 'Confirm', 'HandOver']),
  );
  for (const [name, { Catch }] of inLoop)
    expect({ name, caught: Catch?.flatMap(({ ErrorEquals }) => ErrorEquals) }).toEqual({
      name,
      caught: ['States.ALL'],
    });
});

describe('an execution in which every room takes all its time still ends before the five minutes of Express', () => {
  const EXPRESS_SECONDS = 300;
  const LONGEST = 60;
  /** As many as a lane has services. */
  const notices = 100;

  test('on every path, at every interval', () => {
    for (let interval = 1; interval <= 60; interval += 1) {
      for (const executionLength of interval === 30 ? [1, 30, LONGEST] : [LONGEST]) {
        const { seconds, path } = longestExecution(states, first, { interval, executionLength, notices });
        expect({
          interval,
          ends: seconds < EXPRESS_SECONDS,
          path: seconds < EXPRESS_SECONDS ? [] : path,
        }).toEqual({
          interval,
          ends: true,
          path: [],
        });
      }
    }
  });

  test('which is every state that there is', () => {
    const { visited } = longestExecution(states, first, { interval: 30, executionLength: LONGEST, notices });
    expect([...visited].sort()).toEqual(Object.keys(states).sort());
  });

  test.each<[string, Readonly<Record<string, object>>]>([
    [
      'a tick of its own after the deadline',
      { 'TimeToStay?': { Choices: [{ Variable: '$.x', Next: 'Wait' }] } },
    ],
    ['a slower apply', { Apply: { TimeoutSeconds: 30 } }],
    ['one notice after the other', { Notify: { MaxConcurrency: 5 } }],
    ['a slower lease', { AcquireLease: { TimeoutSeconds: 20 } }],
  ])('with %s it would not', (_, changes) => {
    const changed = Object.entries(changes).map(([name, change]) => [name, { ...states[name], ...change }]);
    const other = { ...states, ...Object.fromEntries(changed) } as States;
    const { seconds } = longestExecution(other, first, { interval: 60, executionLength: LONGEST, notices });
    expect(seconds).toBeGreaterThanOrEqual(EXPRESS_SECONDS);
  });

  test('a longer one cannot be configured', () => {
    const loop = (executionLength: number) => ({
      loop: { executionLength, interval: 60 },
      services: [service()],
    });
    expect(parseConfig(loop(LONGEST), anySource)).toBeDefined();
    expect(() => parseConfig(loop(LONGEST + 1), anySource)).toThrow('executionLength');
  });
});
