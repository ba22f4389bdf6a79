/** What a controller may look back on, by hand. */
import { expect, test } from '@jest/globals';
import { createHistory, type Measured } from '../../../local/simulation/history.ts';

const nothing: Measured = {
  ...{ visible: 0, inFlight: 0, desired: 1, running: 1 },
  ...{ arrivals: 0, departures: 0, utilization: 0, oldestAge: 0 },
};

/** At t, t messages wait; samples up to `now`. */
const rising = (now: number) => {
  const history = createHistory(now);
  for (let t = 0; t <= now; t += 1) history.add({ ...nothing, visible: t });
  return history;
};

test('looks back by whole seconds, and no further than to the beginning', () => {
  const { before } = rising(100);
  expect([0, 1, 100, 5000].map((ago) => before('visible', ago))).toEqual([100, 99, 0, 0]);
  expect(before('running', 5000)).toBe(1);
});

// The period that ends at 60 has the seconds that end at 1 … 60: their mean is 30.5, that of the next 90.5.
test.each([
  { now: 59, delay: 0, nth: 0, mean: undefined, why: 'the first minute is not over' },
  { now: 60, delay: 0, nth: 0, mean: 30.5, why: 'it is' },
  { now: 60, delay: 1, nth: 0, mean: undefined, why: 'but not yet published' },
  { now: 89, delay: 30, nth: 0, mean: undefined, why: 'published after 30 s' },
  { now: 90, delay: 30, nth: 0, mean: 30.5, why: 'which are over' },
  { now: 149, delay: 30, nth: 0, mean: 30.5, why: 'the second minute ended 29 s ago' },
  { now: 150, delay: 30, nth: 0, mean: 90.5, why: '30 s ago' },
  { now: 150, delay: 30, nth: 1, mean: 30.5, why: 'the one before' },
  { now: 150, delay: 30, nth: 2, mean: undefined, why: 'there is none before' },
])('a data point of a minute: $why', ({ now, delay, nth, mean }) => {
  expect(rising(now).average('visible', 60, delay, nth)).toBe(mean);
});

test('periods of 20 s are aligned to multiples of 20', () => {
  const { average } = rising(75);
  expect([0, 1, 2, 3].map((nth) => average('visible', 20, 10, nth))).toEqual([50.5, 30.5, 10.5, undefined]);
});

test('a metric that does not change has exactly its own mean', () => {
  expect(rising(7200).average('running', 300, 60, 3)).toBe(1);
});
