/** What `pulsescale status` is told of a lane's last tick. */
import { expect, test } from '@jest/globals';
import type { ServiceTicks } from '../../lambdas/contract/history.ts';
import { lastTickOf } from '../../lambdas/store/last-tick.ts';

const at = [1_763_805_600, 1_763_805_605, 1_763_805_610];

/** The look at the last of three ticks. */
const lookAt = (ticks: Partial<ServiceTicks>) =>
  lastTickOf({ at, services: { 'shop/a': { readings: [], counts: {}, to: null, ...ticks } } })?.services[
    'shop/a'
  ];

test('no tick, nothing to tell', () => {
  expect(lastTickOf({ at: [], services: {} })).toBeUndefined();
});

test('it is the last one, with a number for every tick or one for all of them', () => {
  const look = lookAt({
    readings: [{ visible: [0, 7, 40], inFlight: 2 }],
    counts: { desired: [1, 1, 4], running: 1, pending: [0, 0, 3] },
    to: [1, 4, 6],
  });
  expect(look).toEqual({ to: 6, desired: 4, running: 1, visible: 40, inFlight: 2 });
  expect(lastTickOf({ at, services: {} })?.at).toBe('2025-11-22T10:00:10.000Z');
});

test.each<[string, ServiceTicks['readings'], object]>([
  ['queues are added up', [{ visible: 3, inFlight: 1 }, { visible: [1, 1, 4] }], { visible: 7, inFlight: 1 }],
  ['an unknown one makes all of it unknown', [{ visible: 3 }, { visible: [9, 9, null] }], { visible: null }],
  ['none was ever known', [{}], { visible: null }],
  ['a number that is no queue', [{ value: [0, 0, 0.7] }], { value: 0.7 }],
  ['beside a queue it is left out', [{ value: 0.7 }, { visible: 5 }], { visible: 5 }],
  ['empty is 0', [{ visible: 0 }], { visible: 0 }],
])('%s', (_, readings, seen) => {
  expect(lookAt({ readings, to: 1, counts: { desired: 1 } })).toEqual({ to: 1, desired: 1, ...seen });
});

test('counts that ECS did not tell and a service that was not looked at are unknown, not 0', () => {
  expect(lookAt({ readings: [{ visible: 1 }], counts: { desired: [1, 1, null] }, to: [1, 1, null] })).toEqual(
    {
      to: null,
      desired: null,
      visible: 1,
    },
  );
});
