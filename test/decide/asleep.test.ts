/** When a lane may stop ticking: nothing to do, nobody to do it, and no doubt about either, for as long as each service says. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { CapacityReading, Host } from '../../lambdas/contract/capacity.ts';
import { noticeOf } from '../../lambdas/contract/notice.ts';
import type { Reading } from '../../lambdas/contract/records.ts';
import { mayAllSleep } from '../../lambdas/decide/asleep.ts';
import { decide } from '../../lambdas/decide/decide.ts';
import { AT, circumstances, counts, later, sample, seen, service, unseen } from '../samples.ts';
import { asWished, every, type Tick, tellTicks } from './guards/story.ts';

process.env.LOG_LEVEL = 'SILENT';
const { handler } = await import('../../lambdas/decide/handler.ts');

const START = Date.parse(AT) / 1000;
const AFTER = 120;
const config = { ...asWished, idle: { after: AFTER } };
const owner = service(config);
const nothing = { wish: 0, counts: 0 };

/** Whether the lane of this one service sleeps after these ticks. */
const sleeps = (ticks: readonly Tick[], memory = {}, given: object = config): boolean => {
  const told = tellTicks(given as typeof config, ticks, memory);
  return mayAllSleep(
    [{ service: service(given as typeof config), memory: told.memory }],
    START + (ticks.at(-1)?.at ?? 0),
  );
};

test('after two minutes without work and without a task, not a second sooner', () => {
  expect(sleeps(every(5, 0, 115, nothing))).toBe(false);
  expect(sleeps(every(5, 0, 120, nothing))).toBe(true);
});

test('a look once a minute goes on where it left off', () => {
  const asleep = tellTicks(config, every(5, 0, 120, nothing)).memory;
  expect(sleeps([{ at: 180, ...nothing }], asleep)).toBe(true);
  expect(sleeps([{ at: 180, wish: 1, counts: 0 }], asleep)).toBe(false);
});

describe('the time begins anew with', () => {
  const partly: Reading = { known: true, visible: 0, inFlight: 0, atLeast: true, at: AT };
  test.each<[what: string, tick: Omit<Tick, 'at'>]>([
    ['a message', { wish: 1, counts: 0 }],
    ['one in flight', { readings: [seen(0, 1)], counts: 0 }],
    ['a delayed one', { readings: [{ known: true, visible: 0, delayed: 1, at: AT }], counts: 0 }],
    ['a value', { readings: [{ known: true, value: 0.1, at: AT }], counts: 0 }],
    ['a reading that is unknown', { readings: [unseen], counts: 0 }],
    ['one of two that is unknown', { readings: [seen(0), unseen], counts: 0 }],
    ['a part of a reading', { readings: [partly], counts: 0 }],
    ['no reading at all', { readings: [], counts: 0 }],
    ['counts that nobody knows', { wish: 0, counts: { known: false, why: 'throttled', error: 'X' } }],
    ['a task that still runs', { wish: 0, counts: counts(0, 1) }],
    ['one that starts', { wish: 0, counts: { desired: 0, running: 0, pending: 1, deploying: false } }],
    ['a desired one', { wish: 0, counts: 1 }],
  ])('%s', (_, tick) => {
    const before = every(5, 0, 300, nothing);
    expect(sleeps([...before, { at: 305, ...tick }])).toBe(false);
    expect(sleeps([...before, { at: 305, ...tick }, ...every(5, 310, 425, nothing)])).toBe(false);
    expect(sleeps([...before, { at: 305, ...tick }, ...every(5, 310, 430, nothing)])).toBe(true);
  });

  test('a lane that was dead, and goes on with an old memory', () => {
    const { memory } = tellTicks(config, every(5, 0, 300, nothing));
    const revived = { ...memory, revivedAt: later(360) };
    expect(sleeps([{ at: 360, ...nothing }], revived)).toBe(false);
    expect(sleeps(every(5, 360, 475, nothing), revived)).toBe(false);
    expect(sleeps(every(5, 360, 485, nothing), revived)).toBe(true);
  });

  test('a clock that went back', () => {
    const { memory } = tellTicks(config, every(5, 1000, 1300, nothing));
    expect(sleeps(every(5, 0, 115, nothing), memory)).toBe(false);
    expect(sleeps(every(5, 0, 120, nothing), memory)).toBe(true);
  });
});

test('whatever wants a task keeps the lane awake, though none is there yet', () => {
  const window = { start: '0 0 * * *', end: '59 23 * * *', min: 1 };
  expect(sleeps(every(5, 0, 300, nothing), {}, { ...config, schedule: [window] })).toBe(false);
  expect(sleeps(every(5, 0, 300, { wish: 3, counts: 0 }), {}, { ...config, dryRun: true })).toBe(false);
});

test('all services, and none that says nothing of it', () => {
  const { memory } = tellTicks(config, every(5, 0, 120, nothing));
  const resting = { service: owner, memory };
  const at = START + 120;
  expect(mayAllSleep([], at)).toBe(false);
  expect(mayAllSleep([resting, resting], at)).toBe(true);
  expect(mayAllSleep([resting, { service: service({ ...config, idle: { after: 600 } }), memory }], at)).toBe(
    false,
  );
  expect(mayAllSleep([resting, { service: service(asWished), memory }], at)).toBe(false);
  expect(mayAllSleep([resting, { service: owner, memory: {} }], at)).toBe(false);
});

const host = (status: Host['status']): Host => ({
  ...{ id: 'i-1', container: 'c1', type: 'c7g.large', status, tasks: 1, protectedTask: true },
  ...{ registered: { cpu: 2048, memory: 4096 }, free: { cpu: 1024, memory: 2048 } },
});
const group: Extract<CapacityReading, { readonly known: true }> = {
  known: true,
  desired: 1,
  min: 1,
  max: 4,
  hosts: [host('ACTIVE')],
  coming: [],
  needs: {},
};
const hosted = (reading: CapacityReading) => ({
  capacity: [
    {
      capacity: {
        ...{ cluster: 'shop', autoScalingGroup: 'hosts', cpuBuffer: 0, memoryBuffer: 0 },
        disableScaleIn: false,
      },
      reading,
    },
  ],
});

describe('the answer of the room', () => {
  const at = later(600);
  const memory = { 'shop/orders-worker': { kept: { idle: [START] } } };
  const resting = { service: owner, readings: [seen(0)], counts: counts(0) };
  const asleep = async (given: object): Promise<unknown> =>
    (await handler({ at, lane: 'default', term: 1, memory, samples: [resting], ...given })).asleep;
  const { body, ...rest } = noticeOf(
    decide(sample({ readings: [seen(90)] }), circumstances()).decision,
    'default',
  );

  test('is yes where nothing is left to do or to tell', async () => {
    expect(await asleep({})).toBe(true);
    expect(await asleep(hosted(group))).toBe(true);
  });
  test.each<[what: string, given: object]>([
    ['a notice waits', { notices: [{ ...rest, body }] }],
    [
      'a service was left out',
      { samples: [resting, { ...resting, service: { cluster: 'shop', service: 'x' } }] },
    ],
    ['a service has work', { samples: [{ ...resting, readings: [seen(5)] }] }],
    ['there is no service', { samples: [] }],
    ['nobody knows what becomes of the hosts', hosted({ known: false, why: 'denied', error: 'X' })],
    ['a host drains', hosted({ ...group, hosts: [host('DRAINING')] })],
    ['a host is on its way', hosted({ ...group, desired: 2, coming: [{ type: 'c7g.large' }] })],
  ])('is no where %s', async (_, given) => {
    expect(await asleep(given)).toBe(false);
  });
});

const few = fc.integer({ min: 0, max: 2 });
const look = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ visible: 0, running: 0, known: true }) },
  { weight: 1, arbitrary: fc.record({ visible: few, running: few, known: fc.boolean() }) },
);

test('property: it changes no count, and with any work, task or doubt in its last tick no lane sleeps', () => {
  fc.assert(
    fc.property(fc.array(look, { maxLength: 40 }), (looks) => {
      let plain = {};
      let memory = {};
      for (const [nth, { visible, running, known }] of looks.entries()) {
        const given = {
          readings: [known ? seen(visible) : unseen],
          counts: counts(running),
        };
        const now = circumstances({ at: later(30 * nth) });
        const with_ = decide(sample({ ...given, service: owner, memory }), now);
        const without = decide(sample({ ...given, service: service(asWished), memory: plain }), now);
        expect(with_.decision).toEqual(without.decision);
        ({ memory } = with_);
        plain = without.memory;
        const asleep = mayAllSleep([{ service: owner, memory: with_.memory }], START + 30 * nth);
        const lately = looks.slice(Math.max(0, nth - 4), nth + 1);
        const isCalm = (each: (typeof looks)[number]) => each.known && each.visible + each.running === 0;
        expect(asleep).toBe(nth >= 4 && lately.every(isCalm));
      }
    }),
  );
});
