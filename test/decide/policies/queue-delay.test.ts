/** queueDelay: what it answers, and what it learns. */
import { describe, expect, test } from '@jest/globals';
import { withRates } from '../../../bench/queue-delay/rules.ts';
import { ask, loop } from './queue-delay-situation.ts';

/** W = 0.8 × 60 s = 48 s; a second per message, so that a task takes 1 + t messages in t seconds. */
const known = { target: 60, secondsPerMessage: 1, startDelay: 30 };

describe('the deadline, worked out by hand', () => {
  test.each([
    { what: 'nothing to do', visible: 0, running: 0, starting: 0, to: 0 },
    { what: 'one message, one task', visible: 1, running: 0, starting: 0, to: 1 },
    // 18 s are left after the start: 19 messages each; 173 + 1.3 √173 = 190 are reckoned with.
    { what: 'from 0', visible: 173, running: 0, starting: 0, to: 10 },
    { what: 'a message more', visible: 175, running: 0, starting: 0, to: 11 },
    // Ten that run take 49 each: 462 + 1.3 √452 = 490.
    { what: 'enough run', visible: 452, running: 10, starting: 0, to: 10 },
    { what: 'too few run', visible: 540, running: 10, starting: 0, to: 15 },
    // They were asked for just now: 19 messages each as well.
    { what: 'those that start count as there', visible: 173, running: 0, starting: 10, to: 10 },
  ])('$what', ({ visible, running, starting, to }) => {
    const inFlight = running;
    const counts = { desired: running + starting, running, pending: starting };
    expect(ask({ options: known, reading: { visible, inFlight }, counts }).to).toBe(to);
  });

  test('there are never more tasks than messages, however long these take', () => {
    const options = { target: 60, secondsPerMessage: 600, startDelay: 30 };
    expect(ask({ options, reading: { visible: 7, inFlight: 0 } }).to).toBe(7);
  });

  test('a longer start-up than the target gets as many as can still save a message, and says what would help', () => {
    const said = ask({ options: { ...known, startDelay: 90 }, reading: { visible: 116, inFlight: 0 } });
    // 12 s of patience are left for the last message that can be saved: 13 each, and 116 + 1.3 √116 = 130.
    expect(said.to).toBe(10);
    expect(said.why).toContain('raise tasks.min');
  });
});

test('what it says carries the numbers', () => {
  const first = ask({ options: { target: 30 }, reading: { visible: 0, inFlight: 0 } });
  const reading = { visible: 820, inFlight: 0, arrivalsPerSecond: 12, departuresPerSecond: 0 };
  const { why } = ask({ options: { target: 30 }, reading, kept: first.kept, at: 5 });
  expect(why).toMatch(
    /^820 waiting, 12\/s arriving, 1\/s per task \(a guess\), target 30 s, start-up 60 s \(learned\): \d+ for the deadline; .*raise tasks\.min$/,
  );
  const told = ask({ options: known, reading: { visible: 0, inFlight: 0 } });
  expect(told.why).toBe('0 waiting, 0/s arriving, 1/s per task, target 60 s, start-up 30 s: nothing to do');
});

test('a source that reports neither messages nor a value is no source for it; a value counts as messages', () => {
  expect(ask({ reading: {} })).toMatchObject({ known: false });
  expect(ask({ options: known, reading: { value: 173 } }).to).toBe(10);
});

describe('what it learns', () => {
  const PER_TASK = 19;
  const DELAY = 24;

  test.each([10, 23, 57])('tasks that take %d s to start', (startUp) => {
    // A burst every five minutes: it takes two to forget the prior of 60 s.
    const perSecond = (t: number) => (t % 300 === 60 ? 400 : 0);
    const { noted } = loop({ perSecond, serviceTime: 1, startUp, seconds: 1500 });
    expect(Math.abs((noted.at(-1)?.kept[DELAY] ?? 0) - startUp)).toBeLessThanOrEqual(3);
  });

  test.each([
    { serviceTime: 0.2, perSecond: 30 },
    { serviceTime: 1, perSecond: 20 },
    { serviceTime: 5, perSecond: 4 },
    { serviceTime: 20, perSecond: 2 },
  ])(
    'messages that take $serviceTime s, within a factor of two from the counters alone, in one burst',
    ({ serviceTime, perSecond }) => {
      const { noted } = loop({ perSecond: (t) => (t < 240 ? perSecond : 0), serviceTime, seconds: 400 });
      const ratio = (noted.at(-1)?.kept[PER_TASK] ?? 0) * serviceTime;
      expect(ratio).toBeGreaterThan(0.45);
      expect(ratio).toBeLessThan(1.5);
    },
  );

  test('from the server’s counters within a tenth', () => {
    const { noted } = loop({ perSecond: () => 6, serviceTime: 3, seconds: 300, see: withRates });
    const ratio = (noted.at(-1)?.kept[PER_TASK] ?? 0) * 3;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
  });

  test('nothing from a reading of which only a part could be read', () => {
    const before = ask({ options: known, reading: { visible: 100, inFlight: 5 }, counts: { desired: 5 } });
    const partly = ask({
      ...{ options: known, reading: { visible: 0, inFlight: 0, atLeast: true }, counts: { desired: 5 } },
      ...{ kept: before.kept, at: 5 },
    });
    // Slow and fast means are what they were.
    expect(partly.kept?.slice(10, 14)).toEqual(before.kept?.slice(10, 14));
  });
});

describe('consumers that are not as simple', () => {
  test('in flight that no task can hold makes no task: fetched ahead, or dead with who took it', () => {
    const counts = { desired: 5 };
    const few = ask({ options: known, reading: { visible: 0, inFlight: 5 }, counts });
    const many = ask({ options: known, reading: { visible: 0, inFlight: 5000 }, counts });
    expect(many.to).toBe(few.to);
  });

  test('a hundred dead messages in flight do not let five tasks grow', () => {
    let kept: readonly number[] | undefined;
    let desired = 5;
    for (let at = 0; at < 900; at += 5) {
      const said = ask({
        options: known,
        reading: { visible: 0, inFlight: 100 },
        counts: { desired },
        kept,
        at,
      });
      kept = said.kept;
      desired = said.to ?? desired;
    }
    expect(desired).toBe(5);
  });

  test('a source that counts only what waits is followed, held while it is empty, and let go in the end', () => {
    const onlyWaiting = (look: { readonly visible: number }) => ({
      known: true as const,
      visible: look.visible,
    });
    const perSecond = (t: number) => (t < 600 ? 10 : 0);
    const { waits, at, left } = loop({
      options: { target: 60 },
      perSecond,
      serviceTime: 1,
      seconds: 5000,
      see: onlyWaiting,
    });
    expect(left).toBe(0);
    expect(waits.filter((wait) => wait > 60).length / waits.length).toBeLessThan(0.03);
    expect(at(599)?.to).toBeGreaterThanOrEqual(8);
    expect(at(599)?.to).toBeLessThanOrEqual(14);
    expect(at(4999)?.to).toBeLessThanOrEqual(2);
  });

  test('while a deployment runs, the old tasks do not hide that the new ones start', () => {
    const reading = { visible: 480, inFlight: 10 };
    const deploying = { desired: 10, running: 20, pending: 0, deploying: true };
    expect(ask({ options: known, reading, counts: deploying }).to).toBe(
      ask({ options: known, reading, counts: { desired: 10 } }).to,
    );
  });
});
