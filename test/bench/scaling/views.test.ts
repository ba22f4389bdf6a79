import { expect, test } from '@jest/globals';
import { play, viewAt } from './views.ts';

test('what is asked for runs after the start-up, and what is not asked for stops at once', () => {
  const seen: (readonly [number, number, number])[] = [];
  const asks: Readonly<Record<number, number>> = { 2: 3, 6: 2 };
  const actions = play(
    {
      every: 1,
      decide: ({ t, desired, running }) => {
        seen.push([t, desired, running]);
        return asks[t];
      },
    },
    {},
    { seconds: 8, startUp: 3 },
  );
  expect(actions).toEqual([
    { t: 2, from: 1, to: 3 },
    { t: 6, from: 3, to: 2 },
  ]);
  expect(seen.slice(2)).toEqual([
    ...[[2, 1, 1] as const, [3, 3, 1] as const, [4, 3, 1] as const],
    ...[[5, 3, 3] as const, [6, 3, 3] as const, [7, 2, 2] as const],
  ]);
});

test('a period is published some time after its end, and the first one is not there before', () => {
  const { average } = viewAt(200, { visible: (t) => t });
  expect(average('visible', 60, 20, 0)).toBe(149.5);
  expect(average('visible', 60, 21, 0)).toBe(89.5);
  expect(average('visible', 60, 20, 2)).toBe(29.5);
  expect(average('visible', 60, 20, 3)).toBeUndefined();
});

test('the past is what was told, and before the beginning as it began', () => {
  const view = viewAt(10, { visible: (t) => t * 2, arrivals: 3 });
  expect([view.visible, view.before('visible', 4), view.before('visible', 99)]).toEqual([20, 12, 0]);
  expect(view.arrived).toBe(33);
});
