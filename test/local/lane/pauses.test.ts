/** What a pause and its end change in a lane's object. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { serviceMeant } from '../../../local/lane/meant.ts';
import { type Pause, pausesOf, withoutPause, withPause } from '../../../local/lane/pauses.ts';
import { later, lease, NOW } from './leases.ts';

const scope = fc.constantFrom('lane', '*', 'shop/mailer', 'shop/orders-worker');
const what = fc.constantFrom('in' as const, 'out' as const, 'all' as const);
const until = fc.option(fc.integer({ min: 1, max: 9999 }).map(later), { nil: undefined });
const pause: fc.Arbitrary<Pause> = fc
  .record({ scope, what, until })
  .map((each) => (each.scope === 'lane' ? { ...each, what: 'all' } : each));

/** After these commands, one after the other. */
const paused = (pauses: readonly Pause[]) =>
  pauses.reduce((before, each) => withPause(before, each, NOW), lease());

const byScope = (pauses: readonly Pause[]) => new Map(pauses.map((each) => [each.scope, each]));

test('each scope has the pause that was asked for last, and all else in the object stays', () => {
  fc.assert(
    fc.property(fc.array(pause, { maxLength: 8 }), (asked) => {
      const { paused: _, pausedUntil: __, pauses: ___, ...rest } = paused(asked);
      const { paused: _1, pauses: _2, ...before } = lease();
      expect(rest).toEqual(before);
      const now = byScope(pausesOf(paused(asked), NOW));
      expect(now.size).toBe(byScope(asked).size);
      for (const [key, last] of byScope(asked))
        expect(now.get(key)).toMatchObject(JSON.parse(JSON.stringify(last)));
    }),
  );
});

test('resuming the same scope ends that pause and no other', () => {
  fc.assert(
    fc.property(fc.array(pause, { minLength: 1, maxLength: 8 }), scope, (asked, key) => {
      const before = paused(asked);
      const left = pausesOf(withoutPause(before, key, 'all', NOW), NOW);
      expect(left).toEqual(pausesOf(before, NOW).filter((each) => each.scope !== key));
      expect(pausesOf(withoutPause(before, undefined, 'all', NOW), NOW)).toEqual([]);
    }),
  );
});

test.each([
  ['all', 'in', 'out'],
  ['all', 'out', 'in'],
  ['in', 'out', 'in'],
  ['in', 'in', undefined],
  ['out', 'all', undefined],
] as const)('of a pause of %s, resuming %s leaves %s', (had, resumed, left) => {
  const before = paused([{ scope: 'shop/mailer', what: had, until: later(60) }]);
  const now = pausesOf(withoutPause(before, 'shop/mailer', resumed, NOW), NOW);
  expect(now).toEqual(left === undefined ? [] : [{ scope: 'shop/mailer', what: left, until: later(60) }]);
});

test('what has ended by itself is not paused, and goes with the next command', () => {
  const asked = paused([
    { scope: 'lane', what: 'all', until: later(60) },
    { scope: '*', what: 'in', until: later(59) },
    { scope: 'shop/mailer', what: 'out' },
  ]);
  const then = new Date(later(60));
  expect(pausesOf(asked, then)).toEqual([{ scope: 'shop/mailer', what: 'out' }]);
  const next = withPause(asked, { scope: 'shop/orders-worker', what: 'all' }, then);
  expect(next).toMatchObject({ paused: false });
  expect(next).not.toHaveProperty('pausedUntil');
  expect(Object.keys(next.pauses)).toEqual(['shop/mailer', 'shop/orders-worker']);
});

describe('the service that was meant', () => {
  const known = lease({ services: ['eu/mailer', 'shop/mailer', 'shop/orders-worker'] });
  test.each([
    ['shop/orders-worker', 'shop/orders-worker'],
    ['orders-worker', 'shop/orders-worker'],
    ['eu/mailer', 'eu/mailer'],
  ])('%s', (given, meant) => {
    expect(serviceMeant(known, 'default', given)).toBe(meant);
  });

  test.each([
    [
      'shop/order-worker',
      'the nearest is shop/orders-worker, it has eu/mailer, shop/mailer, shop/orders-worker',
    ],
    ['mailer', 'say which of eu/mailer, shop/mailer'],
  ])('not %s', (given, why) => {
    expect(() => serviceMeant(known, 'default', given)).toThrow(why);
  });

  test('an object of an older version: what the lane remembers; nothing: any whole name', () => {
    const { services: _, ...old } = lease({ memory: { 'shop/mailer': { desired: 1 } } });
    expect(serviceMeant(old, 'default', 'mailer')).toBe('shop/mailer');
    expect(() => serviceMeant(old, 'default', 'shop/orders')).toThrow('the nearest is shop/mailer');
    expect(serviceMeant({ ...old, memory: {} }, 'default', 'shop/orders')).toBe('shop/orders');
    expect(() => serviceMeant({ ...old, memory: {} }, 'default', 'orders')).toThrow('cluster/service');
  });
});
