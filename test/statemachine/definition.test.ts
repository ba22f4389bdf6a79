/** The state machine as a file: what it names must exist, and it must be able to end before Express ends it. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { anySource } from '../../lambdas/contract/config.ts';
import { ErrorName, TRANSIENT_LAMBDA_ERRORS } from '../../lambdas/contract/errors.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { service } from '../samples.ts';

interface State {
  readonly Type: string;
  readonly Retry?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly IntervalSeconds?: number;
    readonly MaxAttempts: number;
    readonly BackoffRate?: number;
  }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly TimeoutSeconds?: number;
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}

const text = readFileSync('statemachine/loop.asl.json', 'utf8');
const { States: states } = JSON.parse(text) as { readonly States: Readonly<Record<string, State>> };
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
  const inLoop = ['Collect', 'Decide', 'Apply', 'Notify', 'HandOver'];
  for (const name of inLoop)
    expect(states[name]?.Catch?.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual(['States.ALL']);
});

test('an execution in which every room takes all its time still ends before the five minutes of Express', () => {
  const worst = (...names: readonly string[]): number =>
    names.reduce((sum, name) => {
      const { TimeoutSeconds = 0, Retry = [] } = all.find(([each]) => each === name)?.[1] ?? {};
      const attempts = Math.max(...Retry.map(({ MaxAttempts }) => MaxAttempts));
      const pauses = Math.max(
        ...Retry.map(({ IntervalSeconds = 0, MaxAttempts }) => IntervalSeconds * MaxAttempts),
      );
      return sum + TimeoutSeconds * (1 + attempts) + pauses;
    }, 0);
  const { executionLength, interval } = { executionLength: 60, interval: 60 };
  const firstWait = 1.25 * interval;
  // The last tick begins just before the execution's length is over, and either acts or is blind.
  const lastTick = Math.max(
    worst('Collect', 'Decide', 'Apply', 'Publish'),
    worst('Collect', 'Decide') + interval,
  );
  expect(worst('AcquireLease') + firstWait + executionLength + lastTick + worst('HandOver')).toBeLessThan(
    300,
  );
  expect(
    parseConfig({ loop: { executionLength, interval }, services: [service()] }, anySource),
  ).toBeDefined();
  expect(() => parseConfig({ loop: { executionLength: 61 }, services: [service()] }, anySource)).toThrow(
    'executionLength',
  );
});
