/** The stage's time: it jumps, it runs or it stands still. */
import { setTimeout as really } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSkippingClock, type SkippingClock } from './skipping-clock.ts';

const BEGAN = 1_800_000_000_000;
const HOUR = 3_600_000;
let clock: SkippingClock;
beforeEach(() => {
  clock = createSkippingClock(BEGAN);
});
afterEach(() => clock.stop());

test('while everybody only waits it jumps from timer to timer, in their order', async () => {
  const rung: (readonly [string, number])[] = [];
  const wait = async (name: string, ms: number): Promise<void> => {
    await clock.sleep(ms);
    rung.push([name, clock.now() - BEGAN]);
    if (name === 'first') await wait('first, again', HOUR / 2);
  };
  const all = [wait('second', 2 * HOUR), wait('first', HOUR)];
  await clock.pass(3 * HOUR);
  await Promise.all(all);
  expect(rung).toEqual([
    ['first', HOUR],
    ['first, again', 1.5 * HOUR],
    ['second', 2 * HOUR],
  ]);
  expect(clock.now() - BEGAN).toBe(3 * HOUR);
});

test('while anything is in flight it runs like the real one', async () => {
  const began = performance.now();
  const rung = clock.sleep(60).then(() => performance.now() - began);
  const held = clock.hold(really(100));
  await clock.pass(0);
  await held;
  // Node's timers may ring a millisecond early.
  expect(await rung).toBeGreaterThan(55);
  expect(clock.now() - BEGAN).toBeGreaterThanOrEqual(95);
});

test('what nobody waits for any more is not in flight', async () => {
  const given = new AbortController();
  const held = clock.hold(new Promise(() => undefined), given.signal);
  given.abort();
  await clock.pass(HOUR);
  expect(clock.now() - BEGAN).toBeGreaterThanOrEqual(HOUR);
  expect(held).toBeInstanceOf(Promise);
});

test('while no story lets time pass it stands still', async () => {
  let rung = false;
  const sleeping = clock.sleep(10).then(() => {
    rung = true;
  });
  await really(50);
  expect({ rung, now: clock.now() }).toEqual({ rung: false, now: BEGAN });
  await clock.pass(10);
  await sleeping;
  expect(rung).toBe(true);
});

test('a sleep that is given up ends at once, and the clock ends all of them', async () => {
  const given = new AbortController();
  const sleeping = [clock.sleep(HOUR, given.signal), clock.sleep(HOUR)];
  given.abort();
  await sleeping[0];
  clock.stop();
  await sleeping[1];
  expect(clock.now()).toBe(BEGAN);
});
