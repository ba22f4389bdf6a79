/** queueDelay from visible and in flight alone, before anything has told how long a message takes. */
import { describe, expect, test } from '@jest/globals';
import { ask, loop } from './queue-delay-situation.ts';

const PER_TASK = 19;

/** Four tasks, all at work, and as many more messages waiting at each tick as `waiting` tells. */
const asked = (waiting: readonly number[], options = {}) => {
  let kept: readonly number[] | undefined;
  let to: number | undefined;
  waiting.forEach((visible, tick) => {
    const reading = { visible, inFlight: 4 };
    const said = ask({ options, reading, counts: { desired: 4 }, kept, at: 5 * tick });
    kept = said.kept;
    to = said.to;
  });
  return to ?? 0;
};

describe('a queue that stands behind four tasks', () => {
  test('may be one of long messages: ten tasks are tried for each that runs', () => {
    expect(asked([8, 12, 16])).toBe(40);
  });

  test('is no reason for more than one for each message, with what arrives until they run', () => {
    const to = asked([4, 4, 4]);
    expect(to).toBeGreaterThan(4);
    expect(to).toBeLessThanOrEqual(20);
  });

  test('is none as long as it may go within a tick, or where the seconds are told', () => {
    const told = { secondsPerMessage: 0.1 };
    expect(asked([120])).toBeLessThan(20);
    expect(asked([8, 12, 16], told)).toBe(4);
  });
});

test('messages longer than the target, two for each of eight tasks, and none of them late', () => {
  const perSecond = (t: number): number => (t % 10 === 0 ? 1 : 0);
  const options = { target: 60 };
  const { waits } = loop({ options, perSecond, serviceTime: 160, startUp: 23, seconds: 1200, tasks: 8 });
  expect(waits.filter((wait) => wait > 60).length / waits.length).toBeLessThan(0.01);
});

test('by as much as the backlog fell, tasks worked: 300 messages in 5 s are 15 a second for each of four', () => {
  const counts = { desired: 4 };
  const first = ask({ reading: { visible: 296, inFlight: 4 }, counts });
  const { kept } = ask({ reading: { visible: 0, inFlight: 0 }, counts, kept: first.kept, at: 5 });
  expect(kept?.[PER_TASK]).toBeGreaterThan(10);
  expect(kept?.[PER_TASK]).toBeLessThan(20);
});
