/** Serverless ECS Scaler's rule (shared/facts/seeds.md, system B) as stories on a scripted clock. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Reading } from '../../../lambdas/contract/records.ts';
import { AT, seen, unseen } from '../../samples.ts';
import { ask, measure, story, type Tick } from './tick.ts';

/** The first tick, in epoch seconds. */
const NOW = Date.parse(AT) / 1000;
const policy = { type: 'presence', tasks: 3, emptyFor: '120s' };

/** A tick every `interval` seconds from 0 to `until`; the count is what was decided last. */
const run = (see: (at: number) => Reading | undefined, until: number, interval = 10, config: object = {}) => {
  const ticks: Tick[] = [];
  let to = 3;
  const counts: (number | undefined)[] = [];
  for (let at = 0; at <= until; at += interval) {
    const reading = see(at);
    if (reading === undefined) continue;
    ticks.push({ at, reading, tasks: to });
    to = story({ ...policy, ...config }, ticks).at(-1)?.to ?? to;
    counts[at] = to;
  }
  return (at: number) => counts[at];
};

describe('work', () => {
  test.each<{ name: string; reading: Reading; answer: number }>([
    { name: 'waiting', reading: seen(1), answer: 3 },
    { name: 'in flight', reading: seen(0, 1), answer: 3 },
    { name: 'a value', reading: measure(0.5), answer: 3 },
    { name: 'none', reading: seen(0), answer: 0 },
    { name: 'a value of 0', reading: measure(0), answer: 0 },
    { name: 'a value below 0', reading: measure(-2), answer: 0 },
    { name: 'only delayed', reading: { known: true, visible: 0, inFlight: 0, delayed: 9 }, answer: 0 },
  ])('$name at 0 tasks → $answer', ({ reading, answer }) => {
    expect(ask(policy, { reading, tasks: 0 }).to).toBe(answer);
  });

  test('the default is 1 task', () => {
    expect(ask({ type: 'presence' }, { reading: seen(9), tasks: 0 }).to).toBe(1);
  });
  test('however much it is, exactly so many tasks, as system B', () => {
    expect(ask(policy, { reading: seen(1_000_000, 300), tasks: 2 }).to).toBe(3);
    expect(ask(policy, { reading: seen(1), tasks: 8 })).toMatchObject({
      to: 3,
      why: '1 waiting + 0 in flight: 3 while there is work',
    });
  });
  test('neither messages nor a value is no emptiness', () => {
    expect(ask(policy, { reading: { known: true, delayed: 0 }, tasks: 3, kept: [0, 0] }).to).toBe(3);
  });
});

describe('no work', () => {
  test('0 after it was empty for so long, and not a tick sooner', () => {
    const at = run((t) => seen(t < 60 ? 5 : 0), 200);
    expect([at(50), at(60), at(170), at(180), at(200)]).toEqual([3, 3, 3, 0, 0]);
  });
  test('system B: its default of two minutes', () => {
    const at = run(() => seen(0), 130, 10, { emptyFor: undefined });
    expect([at(110), at(120)]).toEqual([3, 0]);
  });
  test('0 s: at once', () => {
    expect(ask({ ...policy, emptyFor: 0 }, { reading: seen(0), tasks: 3 }).to).toBe(0);
  });
  test('milliseconds do not cost a tick', () => {
    const ticks = [0.004, 60, 119.997].map((at) => ({ at, reading: seen(0), tasks: 3 }));
    expect(story(policy, ticks).map(({ to }) => to)).toEqual([3, 3, 0]);
  });
  test('it says how long', () => {
    const decisions = story(policy, [
      { at: 0, reading: seen(0), tasks: 3 },
      { at: 45, reading: seen(0), tasks: 3 },
    ]);
    expect(decisions[1]?.reasons[0]?.why).toBe('0 waiting + 0 in flight for 45 s, 0 tasks after 120 s');
  });
  test('next to others it does not hold what was theirs', () => {
    const config = { policy: undefined, policies: [policy, { type: 'target', backlogPerTask: 1 }] };
    expect(story(policy, [{ reading: seen(0), tasks: 50 }], config)[0]?.to).toBe(3);
  });
});

describe('the clock starts again', () => {
  const empty = seen(0);
  test.each<{ name: string; odd: Reading | undefined; from: number; until: number; zeroAt: number }>([
    { name: 'work', odd: seen(1), from: 60, until: 60, zeroAt: 190 },
    { name: 'work in flight', odd: seen(0, 1), from: 60, until: 60, zeroAt: 190 },
    { name: 'an unknown reading', odd: unseen, from: 60, until: 60, zeroAt: 190 },
    {
      name: 'a part of a reading',
      odd: { ...empty, atLeast: true } as Reading,
      from: 60,
      until: 60,
      zeroAt: 190,
    },
    { name: 'delayed messages', odd: { ...empty, delayed: 1 } as Reading, from: 60, until: 100, zeroAt: 230 },
    { name: 'nobody looked for 100 s', odd: undefined, from: 20, until: 100, zeroAt: 230 },
  ])('$name', ({ odd, from, until, zeroAt }) => {
    const at = run((t) => (t >= from && t <= until ? odd : empty), 300);
    expect([at(zeroAt - 10), at(zeroAt)]).toEqual([3, 0]);
  });
  test('nobody looked for 90 s: it goes on', () => {
    const at = run((t) => (t >= 20 && t <= 90 ? undefined : empty), 200);
    expect([at(110), at(120)]).toEqual([3, 0]);
  });
  test('messages that were delayed find tasks when they become visible', () => {
    const at = run((t) => (t < 500 ? { ...empty, delayed: t < 300 ? 0 : 4 } : seen(4)) as Reading, 520);
    expect([at(120), at(490), at(500)]).toEqual([0, 0, 3]);
  });
});

const odd = fc.array(
  fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: NOW - 300, max: NOW + 300 }),
  ),
  {
    maxLength: 4,
  },
);

const near = fc.integer({ min: NOW - 150, max: NOW + 20 });

test.each([30, 120])('odd memory takes no task away before the queue was empty for %i s', (emptyFor) => {
  fc.assert(
    fc.property(fc.oneof(odd, fc.tuple(near, near)), fc.nat({ max: 20 }), (kept, from) => {
      const { to } = ask({ ...policy, emptyFor }, { reading: seen(0), tasks: from, kept });
      const [since = NOW, last = Number.NEGATIVE_INFINITY] = kept;
      const believable = NOW - since >= emptyFor && since <= last && last <= NOW && NOW - last <= 90;
      expect(to).toBe(believable ? 0 : Math.min(from, 3));
    }),
    { numRuns: 2000 },
  );
});
