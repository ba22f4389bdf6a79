/**
 * queueDelay on a constant load, in closed loop: it comes to one count and stays there, whatever the tick.
 *
 * To the task where the source counts what comes. From in flight alone, looked at every few seconds, a load is known to a task or
 * so: there the count may come out one task or a twentieth apart, but it is not to swing.
 */
import { describe, expect, test } from '@jest/globals';
import { withRates } from '../../../bench/queue-delay/rules.ts';
import { type Loop, loop } from './queue-delay-situation.ts';

const TICKS = [1, 5, 10];

const loads = [2, 10, 40].flatMap((perSecond) =>
  [0.5, 1, 5].flatMap((serviceTime) =>
    [10, 30, 60].flatMap((startUp) =>
      [30, 60].map((target) => ({ perSecond, serviceTime, startUp, target })),
    ),
  ),
);

/** From when on the count does not move, and where it ends. */
const settled = ({ noted }: ReturnType<typeof loop>) => {
  const end = noted.at(-1)?.to ?? 0;
  const last = noted.findLast(({ to }) => to !== end);
  return { end, since: last === undefined ? 0 : last.t + 1 };
};

const tell = ({ perSecond, serviceTime, startUp, target }: (typeof loads)[number], given: Partial<Loop>) =>
  loop({
    ...{ perSecond: () => perSecond, serviceTime, startUp, seconds: 1200, ...given },
    options: { target, ...given.options },
  });

describe('a constant load, arrivals counted and the service time configured', () => {
  test.each(loads)('$perSecond/s of $serviceTime s, start-up $startUp s, target $target s', (load) => {
    const options = { secondsPerMessage: load.serviceTime, startDelay: load.startUp, target: load.target };
    const ends = TICKS.map((interval) => settled(tell(load, { options, interval, see: withRates })));
    expect(new Set(ends.map(({ end }) => end)).size).toBe(1);
    const busy = load.perSecond * load.serviceTime;
    const spare = Math.min(
      0.27 * Math.sqrt(busy),
      Math.max(0.35, (3 * load.serviceTime) / (0.8 * load.target)),
    );
    expect(ends[0]?.end).toBe(Math.ceil(busy + spare - 0.05));
    // A spare task is kept for 30 s at least: after a start-up of 10 s it can't be gone in three of them.
    for (const { since } of ends)
      expect(since).toBeLessThanOrEqual(Math.max(3 * load.startUp, load.startUp + 60));
  });
});

describe('a constant load, everything learned from visible and in flight', () => {
  // Less than two tasks' work comes and goes between the looks of a clockwork like this, unseen.
  const seen = loads.filter(({ perSecond, serviceTime }) => perSecond * serviceTime >= 2);
  test.each(seen)('$perSecond/s of $serviceTime s, start-up $startUp s, target $target s', (load) => {
    const busy = load.perSecond * load.serviceTime;
    for (const interval of TICKS) {
      const { noted } = tell(load, { interval });
      const late = noted.filter(({ t }) => t >= 600).map(({ to }) => to);
      expect(Math.max(...late) - Math.min(...late)).toBeLessThanOrEqual(Math.max(2, 0.12 * busy));
      expect(Math.min(...late)).toBeGreaterThanOrEqual(Math.floor(busy) - 1);
      expect(Math.max(...late)).toBeLessThanOrEqual(1.25 * busy + 3);
      const moves = late.filter((to, nth) => nth > 0 && to !== late[nth - 1]).length;
      expect(moves).toBeLessThanOrEqual(6);
    }
  });
});
