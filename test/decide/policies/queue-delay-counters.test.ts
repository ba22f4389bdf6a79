/**
 * queueDelay on sources that count what comes and goes, at a restart: how fast tasks are is a guess then, and nobody is taken away or
 * asked for on it. And on lags (Kafka, Kinesis), in which the messages that tasks work on still are.
 */
import { expect, test } from '@jest/globals';
import type { Reading } from '../../../lambdas/contract/records.ts';
import { type Story, steady, type Truth } from '../../../local/simulation/story.ts';
import { at, expectSane, ins, longest, peak, told } from '../told.ts';

const counted = (truth: Truth): Reading => ({ known: true, ...truth });
const lag = ({ visible, inFlight, ...rates }: Truth): Reading => ({
  ...{ known: true, visible: visible + inFlight },
  ...rates,
});

/** So many messages a second, so long each. */
const story = (perSecond: number, seconds: number, given: Partial<Story>) => {
  const load = steady(() => perSecond, seconds);
  const service = { policy: { type: 'queueDelay' }, tasks: { max: 1000 } };
  return told({ load, seconds: 1800, see: counted, service, ...given });
};

test.each([1, 5, 10])('228 of 324 tasks are busy: so many stay, at a tick of %i s', (interval) => {
  const seen = story(41, 5.56, { tasks: 324, interval });
  expectSane(seen, 1800 * 41);
  for (const { decision, inFlight } of ins(seen.ticks)) expect(decision.to).toBeGreaterThanOrEqual(inFlight);
  expect(peak(seen)).toBe(324);
  expect(at(seen, 1790)).toBeGreaterThanOrEqual(228);
  expect(at(seen, 1790)).toBeLessThanOrEqual(240);
  expect(longest(seen)).toBeLessThanOrEqual(5);
});

test('all of 229 tasks are busy: so many stay until a message waits and tells how fast they are', () => {
  const seen = story(41, 5.56, { tasks: 229 });
  expect(Math.min(...seen.ticks.map(({ decision }) => decision.to))).toBeGreaterThanOrEqual(227);
  expect(peak(seen)).toBeLessThanOrEqual(250);
  expect(longest(seen)).toBeLessThanOrEqual(10);
});

test('five tasks that do 50 short messages a second are not taken for fifty', () => {
  const seen = story(50, 0.1, { tasks: 5 });
  expect(peak(seen)).toBeLessThanOrEqual(8);
  expect(longest(seen)).toBeLessThanOrEqual(1);
});

test.each([0, 20, 30, 60])('a lag of what %i tasks have in their hands asks for no more of them', (tasks) => {
  const seen = story(10, 2, { tasks, see: lag, seconds: 3600 });
  expect(at(seen, 3590)).toBeGreaterThanOrEqual(20);
  expect(at(seen, 3590)).toBeLessThanOrEqual(24);
  expect(seen.ticks.filter(({ t, decision }) => t > 900 && decision.direction !== 'hold')).toEqual([]);
});

test('messages in flight that nobody works on do not make five tasks grow', () => {
  const dead = ({ inFlight, ...rest }: Truth): Reading => ({
    known: true,
    ...rest,
    inFlight: inFlight + 100,
  });
  const seen = story(2, 1, { tasks: 5, see: dead });
  expect(peak(seen)).toBe(5);
});
