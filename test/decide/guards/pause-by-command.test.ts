/** What an operator pauses by command reaches decide in the memory, beside what the configuration says. */
import { expect, test } from '@jest/globals';
import type { ServiceMemory } from '../../../lambdas/contract/records.ts';
import { decide } from '../../../lambdas/decide/decide.ts';
import { AT, circumstances, counts, later, sample, seen, service } from '../../samples.ts';

const on = (visible: number, paused: NonNullable<ServiceMemory['paused']>, config = {}) =>
  decide(
    sample({ service: service(config), readings: [seen(visible)], counts: counts(20), memory: { paused } }),
    circumstances(),
  );

test.each([
  ['in', 0, 20],
  ['in', 400, 40],
  ['out', 0, 0],
  ['out', 400, 20],
  ['all', 0, 20],
  ['all', 400, 20],
] as const)('%s paused, %i waiting: %i', (what, visible, to) => {
  const { decision } = on(visible, { what });
  expect(decision.to).toBe(to);
  if (to === 20)
    expect(decision.reasons.at(-1)).toMatchObject({
      by: 'pause',
      why: expect.stringContaining('by command'),
    });
});

test('it ends by itself, and says when', () => {
  const { decision } = on(0, { what: 'in', until: later(60) });
  expect(decision).toMatchObject({ to: 20 });
  expect(decision.reasons.at(-1)?.why).toBe(`scale-in is paused by command until ${later(60)}`);
  expect(on(0, { what: 'in', until: AT }).decision.to).toBe(0);
});

test('bounds win over it, and a count that the configuration holds stands', () => {
  expect(on(0, { what: 'all' }, { tasks: { min: 0, max: 10 } }).decision.to).toBe(10);
  expect(on(0, { what: 'all' }, { pause: { at: 7 } }).decision.to).toBe(7);
});

test('it is remembered until the next execution is told anew', () => {
  expect(on(0, { what: 'in' }).memory.paused).toEqual({ what: 'in' });
});
