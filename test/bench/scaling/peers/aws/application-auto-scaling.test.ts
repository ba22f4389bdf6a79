import { expect, test } from '@jest/globals';
import {
  applicationAutoScaling,
  type Policy,
  type Proposal,
} from '../../../../../bench/scaling/peers/aws/application-auto-scaling.ts';
import type { View } from '../../../../../local/simulation/controller.ts';
import { play } from '../../views.ts';

const tasks = { min: 1, max: 20 };
const policy = (propose: (view: View) => Proposal | undefined, more: Partial<Policy> = {}): Policy => ({
  ...{ period: 60, delay: 0, propose, cooldown: { out: 300, in: 300 } },
  ...more,
});
const out = (count: number): Proposal => ({ direction: 'out', count });
const in_ = (count: number): Proposal => ({ direction: 'in', count });
const moves = (policies: readonly Policy[], seconds: number, desired: number, startUp = 0) =>
  play(applicationAutoScaling(policies, tasks), {}, { seconds, desired, startUp }).map(({ t, to }) => [
    t,
    to,
  ]);

test("AWS's example: 2 are added, and of 3 within the cooldown only 1", () => {
  const adds = policy(({ t, running }) =>
    t < 60 ? out(running + 2) : t < 240 ? out(running + 3) : undefined,
  );
  expect(moves([adds], 400, 5)).toEqual([
    [0, 7],
    [60, 8],
  ]);
});

test('the cooldown begins when the new tasks run, and what has not started is not asked for twice', () => {
  const adds = policy(({ running }) => out(running + 2));
  // Asked at 0, running at 100: the next ones are due at the first minute after 400.
  expect(moves([adds], 500, 5, 100)).toEqual([
    [0, 7],
    [420, 9],
  ]);
});

test('a scale-in waits for its cooldown, which a scale-out ends', () => {
  const takes = policy(({ t, running }) => (t === 120 ? undefined : in_(running - 1)));
  expect(moves([takes], 420, 9)).toEqual([
    [0, 8],
    [360, 7],
  ]);
  const adds = policy(({ t, running }) => (t === 120 ? out(running + 3) : undefined));
  expect(moves([takes, adds], 420, 9)).toEqual([
    [0, 8],
    [120, 11],
    [180, 10],
  ]);
});

test('of two policies the larger count holds, for out and in', () => {
  const both = (a: Proposal, b: Proposal) => [policy(() => a), policy(() => b)];
  expect(moves(both(out(12), out(30)), 30, 10)).toEqual([[0, 20]]);
  expect(moves(both(in_(4), in_(7)), 30, 10)).toEqual([[0, 7]]);
  expect(moves(both(in_(4), out(11)), 30, 10)).toEqual([[0, 11]]);
});

test('an alarm asks when its data comes, and again each minute while it lasts', () => {
  const asked: number[] = [];
  const ringing = policy(({ t }) => {
    if (t === 200) return undefined;
    asked.push(t);
    return out(6);
  });
  moves([{ ...ringing, period: 20, delay: 20 }], 1, 5);
  expect(asked).toEqual([0]);
  const late = policy(({ t }) => out(t), { period: 60, delay: 170 });
  expect(moves([late], 200, 5)).toEqual([[50, 20]]);
});

test('whatever is asked for, the bounds hold', () => {
  expect(moves([policy(() => out(1000))], 10, 5)).toEqual([[0, 20]]);
  expect(moves([policy(() => in_(-3))], 10, 5)).toEqual([[0, 1]]);
  expect(moves([policy(() => out(1000))], 10, 20)).toEqual([]);
});
