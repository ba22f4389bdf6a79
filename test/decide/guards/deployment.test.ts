/** What may change while a deployment runs. */
import { expect, test } from '@jest/globals';
import { saidBy, tellTicks, toOf } from './story.ts';

const deploying = { desired: 20, running: 25, pending: 5, deploying: true };

const decided = (deployment: string | undefined, wish: number) => {
  const told = tellTicks({ deployment }, [{ at: 0, wish, counts: deploying }]);
  return { to: toOf(told)[0], why: saidBy(told, 'deployment')?.why };
};

test.each([
  { deployment: undefined, out: 30, in: 20 },
  { deployment: 'out', out: 30, in: 20 },
  { deployment: 'hold', out: 20, in: 20 },
  { deployment: 'any', out: 30, in: 5 },
])('$deployment: 20 → 30 is $out, 20 → 5 is $in', ({ deployment, ...answers }) => {
  expect(decided(deployment, 30).to).toBe(answers.out);
  expect(decided(deployment, 5).to).toBe(answers.in);
});

test('the reason says so, and only where it changes something', () => {
  expect(decided('out', 5).why).toBe('a deployment runs: no scale-in until it is over');
  expect(decided('hold', 30).why).toBe('a deployment runs: nothing changes until it is over');
  expect(decided('out', 30).why).toBeUndefined();
  expect(decided('hold', 20).why).toBeUndefined();
});

test('when it is over everything is as usual', () => {
  const ticks = [true, false].map((runs, nth) => ({
    at: nth * 5,
    wish: 5,
    counts: { ...deploying, deploying: runs },
  }));
  expect(toOf(tellTicks({ deployment: 'hold' }, ticks))).toEqual([20, 5]);
});

test('the bounds hold all the same', () => {
  const ticks = [{ at: 0, wish: 20, counts: deploying }];
  expect(toOf(tellTicks({ deployment: 'hold', tasks: { max: 10 } }, ticks))).toEqual([10]);
  expect(toOf(tellTicks({ deployment: 'hold', tasks: { min: 22, max: 30 } }, ticks))).toEqual([22]);
});
