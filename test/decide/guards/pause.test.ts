/** What the operator has paused. */
import { expect, test } from '@jest/globals';
import { counts, unseen } from '../../samples.ts';
import { saidBy, tellTicks, toOf } from './story.ts';

/** 10 tasks, asked for and there are these; what the pause leaves of it and says. */
test.each<readonly [pause: unknown, wish: number, to: number, why: string | undefined]>([
  ['in', 3, 10, 'scale-in is paused'],
  ['in', 10, 10, undefined],
  ['in', 20, 20, undefined],
  ['out', 3, 3, undefined],
  ['out', 20, 10, 'scale-out is paused'],
  ['all', 3, 10, 'scale-in is paused'],
  ['all', 20, 10, 'scale-out is paused'],
  ['all', 10, 10, undefined],
  [{ at: 7 }, 3, 7, 'paused at 7'],
  [{ at: 7 }, 20, 7, 'paused at 7'],
  [{ at: 7 }, 7, 7, undefined],
  [{ at: 0 }, 20, 0, 'paused at 0'],
  [{ at: 30 }, 3, 30, 'paused at 30'],
])('pause %j, 10 tasks, %i asked for: %i', (pause, wish, to, why) => {
  const told = tellTicks({ pause }, [{ at: 0, wish, counts: 10 }]);
  expect(toOf(told)).toEqual([to]);
  expect(saidBy(told, 'pause')?.why).toBe(why);
});

test.each<readonly [pause: unknown, desired: number, to: number, why: string]>([
  ['all', 1, 2, 'at least 2'],
  ['out', 1, 2, 'at least 2'],
  ['in', 20, 8, 'at most 8'],
  [{ at: 30 }, 5, 8, 'at most 8'],
  [{ at: 0 }, 5, 2, 'at least 2'],
])('the bounds win over pause %j at %i tasks: %i', (pause, desired, to, why) => {
  const told = tellTicks({ pause, tasks: { min: 2, max: 8 } }, [{ at: 0, wish: desired, counts: desired }]);
  expect(toOf(told)).toEqual([to]);
  expect(told.decisions[0]?.reasons.at(-1)).toEqual({ by: 'tasks', said: to, why });
});

test('a pause wins over an open window, and a fixed count over what is unknown or switched off', () => {
  const schedule = [{ start: '* * * * *', end: '0 0 29 2 *', min: 20 }];
  const wish = { at: 0, wish: 10, counts: 10 };
  expect(toOf(tellTicks({ pause: 'out', schedule }, [wish]))).toEqual([10]);
  expect(toOf(tellTicks({ pause: { at: 4 }, schedule }, [wish]))).toEqual([4]);
  const blind = tellTicks({ pause: { at: 4 }, disableScaleIn: true }, [
    { at: 0, readings: [unseen], counts: 10 },
  ]);
  expect(toOf(blind)).toEqual([4]);
  expect(blind.decisions[0]?.reasons.at(-1)).toEqual({ by: 'pause', said: 4, why: 'paused at 4' });
});

test('a count that is not known stays as it is', () => {
  const known = { ...counts(10), known: false as const, why: 'throttled', error: 'X' };
  const told = tellTicks({ pause: { at: 4 } }, [{ at: 0, wish: 4, counts: known }], { desired: 10 });
  expect(told.decisions).toMatchObject([{ direction: 'hold', to: 10 }]);
});
