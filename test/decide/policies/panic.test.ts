/** Knative's pod autoscaler: the rows of its table (shared/facts/scaling-rules.md), its windows, and stories through `decide`. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { panicPolicy } from '../../../lambdas/contract/policies/panic.ts';
import type { KnownCounts } from '../../../lambdas/contract/records.ts';
import { newestShare } from '../../../lambdas/decide/policies/panic/averages.ts';
import { type Panic, type Rates, scaled } from '../../../lambdas/decide/policies/panic/scale.ts';
import { panic, panicSecondsOf } from '../../../lambdas/decide/policies/panic.ts';
import type { Kept } from '../../../lambdas/decide/policies/policy.ts';
import { steady, tell } from '../../../local/simulation/story.ts';
import { AT, counts, seen, tools, unseen } from '../../samples.ts';
import { ask, type Options, story, type Tick } from './tick.ts';

/** What Knative's own tests use. */
const RATES: Rates = {
  target: 1,
  panicThreshold: 2,
  maxScaleUpRate: 10,
  maxScaleDownRate: 10,
  stableWindow: 60,
  scaleInDelay: 0,
};

interface Row {
  readonly at?: number;
  readonly stable: number;
  readonly panic?: number;
  readonly ready?: number;
  readonly answer: number;
  readonly panics?: boolean;
}

/** Each row follows on what the one before it left. */
const answers = (rates: Partial<Rates>, rows: readonly Row[], first?: Partial<Panic>) => {
  let state: Panic = { since: undefined, most: 0, answers: undefined, ...first };
  return rows.map(({ at = 0, stable, panic = stable, ready = 1 }) => {
    const { to, after } = scaled({ ...RATES, ...rates }, { stable, panic, ready, from: ready, at }, state);
    state = after;
    return { to, panics: after.since !== undefined };
  });
};

describe("Knative's table", () => {
  test.each<{ name: string; rates?: Partial<Rates>; rows: readonly Row[]; first?: Partial<Panic> }>([
    {
      name: 'stable 50, panic 10, target 10, ready 1',
      rates: { target: 10 },
      rows: [{ stable: 50, panic: 10, answer: 5, panics: false }],
    },
    {
      name: 'panic starts, goes on with the highest, and is over after the stable window',
      rows: [
        { at: 0, ready: 10, stable: 11, panic: 25, answer: 25, panics: true },
        { at: 30, ready: 40, stable: 30, panic: 41, answer: 41, panics: true },
        { at: 62, ready: 55, stable: 50, panic: 56, answer: 50, panics: false },
      ],
    },
    {
      name: 'up rate 1.1, ready 2, stable 3, target 1',
      rates: { maxScaleUpRate: 1.1 },
      rows: [{ ready: 2, stable: 3, panic: 3.1, answer: 3 }],
    },
    {
      name: 'down rate 1.1, ready 100, stable 1, target 10',
      rates: { maxScaleDownRate: 1.1, target: 10 },
      rows: [{ ready: 100, stable: 1, answer: 90 }],
    },
    {
      name: 'scale-in delay 5 min: 40 at 2 s; 0 at 5 min; 0 at 5 min 2 s',
      rates: { target: 10, panicThreshold: 100, scaleInDelay: 300 },
      // A loop looks once a minute at least: who has not looked for five starts anew.
      rows: [
        { at: 2, stable: 40, answer: 4 },
        ...[60, 120, 180, 240].map((at) => ({ at, stable: 0, answer: 4 })),
        { at: 300, stable: 0, answer: 4 },
        { at: 302, stable: 0, answer: 0 },
      ],
    },
    // From here on of Knative's autoscaler_test.go.
    {
      name: 'a surge that goes on prolongs the panic',
      rows: [
        { at: 0, ready: 10, stable: 11, panic: 25, answer: 25, panics: true },
        { at: 30, ready: 40, stable: 30, panic: 80, answer: 80, panics: true },
        { at: 90, ready: 80, stable: 30, panic: 30, answer: 80, panics: true },
        { at: 91, ready: 80, stable: 30, panic: 30, answer: 30, panics: false },
      ],
    },
    {
      name: 'traffic that drops off in a panic',
      rates: { target: 10 },
      rows: [
        { at: 0, stable: 100, answer: 10, panics: true },
        { at: 0, ready: 10, stable: 100, panic: 1000, answer: 100, panics: true },
        { at: 30, ready: 10, stable: 1, answer: 100, panics: true },
        { at: 61, ready: 10, stable: 1, answer: 1, panics: false },
      ],
    },
    {
      name: 'stable above panic, in a panic',
      first: { since: -5, most: 5 },
      rows: [{ ready: 5, stable: 50, panic: 30, answer: 50 }],
    },
    {
      name: 'panic above stable, in a panic',
      first: { since: -5, most: 5 },
      rows: [{ ready: 5, stable: 20, panic: 30, answer: 30 }],
    },
    {
      name: 'load that grows sixfold at every step',
      rows: [
        { at: 0, ready: 1, stable: 6, answer: 6 },
        { at: 1, ready: 6, stable: 36, answer: 36 },
        { at: 2, ready: 36, stable: 216, answer: 216 },
        { at: 3, ready: 216, stable: 1296, answer: 1296 },
        { at: 4, ready: 1296, stable: 1296, answer: 1296 },
      ],
    },
    {
      name: 'ten times up at most, with one task for none',
      rates: { target: 10 },
      rows: [
        { ready: 0, stable: 1000, panic: 888, answer: 10 },
        { ready: 10, stable: 1000, panic: 1001, answer: 100 },
      ],
    },
    {
      name: 'a tenth at least',
      rates: { target: 10 },
      rows: [
        { ready: 100, stable: 1, answer: 10 },
        { ready: 10, stable: 1, answer: 1 },
      ],
    },
    {
      name: 'no load at all',
      rates: { target: 10 },
      rows: [
        { stable: 1, panic: 0, answer: 1 },
        { stable: 0, answer: 0 },
      ],
    },
    {
      name: 'delay: answers leave it one after the other',
      rates: { target: 10, panicThreshold: 100, scaleInDelay: 300 },
      rows: [
        { at: 540, stable: 40, answer: 4 },
        { at: 600, stable: 30, answer: 4 },
        { at: 660, stable: 0, answer: 4 },
        { at: 720, stable: 0, answer: 4 },
        { at: 780, stable: 0, answer: 4 },
        { at: 840, stable: 0, answer: 3 },
        { at: 900, stable: 0, answer: 0 },
      ],
    },
  ])('$name', ({ rates = {}, rows, first }) => {
    const given = answers(rates, rows, first);
    expect(given.map(({ to }) => to)).toEqual(rows.map(({ answer }) => answer));
    rows.forEach(({ panics }, index) => {
      if (panics !== undefined) expect(given[index]?.panics).toBe(panics);
    });
  });

  test.each([
    { stableWindow: 10, panicWindow: 0.1, seconds: 1 },
    { stableWindow: 600, panicWindow: 0.1, seconds: 60 },
    { stableWindow: 60, panicWindow: 0.51, seconds: 31 },
    { stableWindow: 6, panicWindow: 0.01, seconds: 1 },
  ])('panic window: $stableWindow s × $panicWindow = $seconds s', ({ seconds, ...windows }) => {
    expect(panicSecondsOf(windows)).toBe(seconds);
  });
});

const NOW = Date.parse(AT) / 1000;

const kpa = (given: object = {}): Options => ({ type: 'panic', target: 10, ...given });

/** Every `interval` seconds from 0 on; the count follows at once where `tasks` doesn't say otherwise. */
const follow = (
  policy: Options,
  {
    load,
    until,
    interval = 1,
    tasks,
    from = 0,
  }: {
    readonly load: (at: number) => number | undefined;
    readonly until: number;
    readonly interval?: number;
    readonly tasks?: number;
    readonly from?: number;
  },
) => {
  let kept: readonly number[] | undefined;
  let to = from;
  return Array.from({ length: Math.floor(until / interval) + 1 }, (_, nth) => {
    const at = nth * interval;
    const visible = load(at);
    const reading = visible === undefined ? unseen : seen(visible);
    const asked = ask(policy, { at, reading, tasks: tasks ?? to, ...(kept === undefined ? {} : { kept }) });
    kept = asked.kept;
    to = asked.to;
    return { at, ...asked };
  });
};

/** `34 over 60 s, 83 over 6 s`, as numbers. */
const averagesIn = (why: string | undefined): readonly number[] =>
  [...(why ?? '').matchAll(/([\d.]+) over \d+ s/g)].map(([, number]) => Number(number));

const allRunning = (desired: number): KnownCounts => ({
  desired,
  running: desired,
  pending: 0,
  deploying: false,
});

/** The policy without the rest of the room, which a property asks thousands of times. */
const alone = (given: Options) => {
  const policy = panicPolicy.parse(given);
  let kept: Kept = [];
  return (at: number, visible: number, counts: KnownCounts) => {
    const answer = panic(policy, {
      reading: { known: true, visible },
      from: counts.desired,
      counts,
      tasks: { min: 0, max: 5000 },
      at,
      kept,
      measure: () => ({ known: false, why: 'not asked for' }),
      others: undefined,
    });
    kept = JSON.parse(JSON.stringify(answer.kept));
    return { said: answer.known ? answer.to : Number.NaN, why: answer.why, kept };
  };
};

describe('windows', () => {
  test.each([1, 2, 5, 7, 10, 20])(
    'at a tick of %i s they are the mean of what was seen in them',
    (interval) => {
      const load = (at: number) => 100 + (at % 140) * 2;
      const ticks = follow(kpa(), { load, until: 300, interval, tasks: 20 });
      for (const { at, why } of ticks.filter(({ at }) => at >= 120)) {
        const meanOf = (seconds: number) => {
          const values = Array.from(
            { length: seconds },
            (_, age) => Math.ceil((at - age) / interval) * interval,
          );
          return values.reduce((total, time) => total + load(time) / 10, 0) / seconds;
        };
        const [stable = 0, panic = 0] = averagesIn(why);
        // What leaves with a part of a bucket of 8 s is not exact: of a jump by 28 a quarter of a bucket, 28 × 2 / 60.
        expect(Math.abs(stable - meanOf(60))).toBeLessThan(0.94);
        expect(Math.abs(panic - meanOf(6))).toBeLessThan(0.06);
      }
    },
  );

  test('where the tick is longer than the panic window its average is the latest value', () => {
    const load = (at: number) => (at * 37) % 400;
    for (const { at, why } of follow(kpa(), { load, until: 600, interval: 10, tasks: 20 }))
      expect(averagesIn(why)[1]).toBeCloseTo(Math.ceil(load(at)) / 10, 1);
  });

  test('the average of a window that has not filled is that of what was seen', () => {
    const ticks = follow(kpa({ stableWindow: 600 }), { load: () => 70, until: 20, interval: 5 });
    for (const { why } of ticks) expect(averagesIn(why)).toEqual([7, 7]);
  });

  test.each([0, 8, 31, 74])(
    'the first value stands for one second, wherever in a bucket that is: %i',
    (begin) => {
      const next = alone(kpa({ stableWindow: 600, panicWindow: 1 }));
      const averages = [0, 5, 10].map((at) =>
        averagesIn(next(NOW + begin + at, at === 0 ? 0 : 66, allRunning(9)).why),
      );
      expect(averages.map(([stable]) => stable)).toEqual([0, 5.5, 6]);
      expect(averages.map(([, panic]) => panic)).toEqual([0, 5.5, 6]);
    },
  );

  test('what could not be seen is no zero, and the first value after it does not stand for it', () => {
    const load = (at: number) => (at >= 200 && at < 250 ? undefined : at < 250 ? 100 : 0);
    const at = new Map(
      follow(kpa(), { load, until: 400, interval: 5, tasks: 10 }).map((each) => [each.at, each]),
    );
    expect(at.get(225)?.to).toBe(10);
    expect(averagesIn(at.get(250)?.why)).toEqual([expect.closeTo(9.17, 1), expect.closeTo(1.67, 1)]);
    expect(averagesIn(at.get(280)?.why)[0]).toBeCloseTo(4.17, 0);
    expect(averagesIn(at.get(310)?.why)).toEqual([0, 0]);
  });

  test('weighted: Knative’s formula', () => {
    expect(newestShare(60)).toBe(0.2);
    expect(newestShare(6)).toBeCloseTo(0.7846, 4);
    const load = (at: number) => (at * 53) % 300;
    const ticks = follow(kpa({ average: 'weighted' }), { load, until: 200, tasks: 20 });
    const weighted = (at: number, seconds: number) => {
      const share = newestShare(seconds);
      return Array.from(
        { length: seconds },
        (_, age) => (load(at - age) / 10) * share * (1 - share) ** age,
      ).reduce((total, each) => total + each);
    };
    for (const { at, why } of ticks.filter(({ at }) => at >= 100)) {
      const [stable, panic] = averagesIn(why);
      expect(stable).toBeCloseTo(weighted(at, 60), 1);
      expect(panic).toBeCloseTo(weighted(at, 6), 1);
    }
  });
});

describe('through decide', () => {
  test('a burst from 0 is answered at once, held for a stable window, and let go', () => {
    const load = (at: number) => (at >= 100 && at < 110 ? 200 : 0);
    const ticks = follow(kpa({ maxScaleDownRate: 1000 }), { load, until: 300, interval: 5 });
    const at = (time: number) => ticks.find((each) => each.at === time);
    expect([at(95), at(100), at(105), at(110), at(160)].map((each) => each?.to)).toEqual([0, 17, 20, 20, 20]);
    expect(at(105)?.why).toBe(
      '200 waiting + 0 in flight / 10 per task: on average 3.333 over 60 s, 20 over 6 s; panic: never fewer than 20',
    );
    expect(at(165)?.to).toBeLessThan(5);
    expect(at(300)?.to).toBe(0);
  });

  test('a load that creeps up starts no panic', () => {
    const ticks = follow(kpa(), { load: (at) => 100 + at / 2, until: 600, interval: 5, from: 10 });
    const later = ticks.filter(({ at }) => at > 120);
    expect(later.some(({ why }) => why?.includes('panic'))).toBe(false);
    expect(later.at(-1)?.to).toBe(39);
  });

  test('the rates speak', () => {
    const up = ask(kpa({ maxScaleUpRate: 3 }), { reading: seen(1000), tasks: 2 });
    expect(up).toMatchObject({ to: 6, why: expect.stringContaining('; at most 6 with 2 running;') });
    const long = Array.from({ length: 200 }, (_, nth) => ({ at: nth, reading: seen(0), tasks: 20 }));
    const down = story(kpa(), long).at(-1);
    expect(down).toMatchObject({
      to: 10,
      reasons: [{ why: expect.stringContaining('at least 10 with 20 running') }],
    });
  });

  test('scaleInDelay: the highest of its time', () => {
    const load = (at: number) => (at < 300 ? 100 : 0);
    const ticks = follow(kpa({ scaleInDelay: '2m' }), { load, until: 600, interval: 5, tasks: 10 });
    const to = (time: number) => ticks.find(({ at }) => at === time)?.to;
    expect([to(300), to(415), to(600)]).toEqual([10, 10, 5]);
    expect(ticks.find(({ at }) => at === 400)?.why).toContain('the highest answer of 120 s');
  });

  test.each([2, 10])('ready is at most the desired count: %i of them while old tasks run', (desired) => {
    const tasks = { desired, running: 40, pending: 0, deploying: false };
    const long = Array.from({ length: 100 }, (_, nth) => ({ at: nth, reading: seen(0), tasks }));
    expect(story(kpa(), long, { deployment: 'any' }).at(-1)?.to).toBe(desired / 2);
  });

  test('counts without running: all desired tasks are ready', () => {
    const tasks = { desired: 10, running: 0, pending: 0, deploying: false };
    const long = Array.from({ length: 100 }, (_, nth) => ({ at: nth, reading: seen(80), tasks }));
    expect(story(kpa(), long).at(-1)?.to).toBe(8);
  });

  test('while tasks start nothing compounds: the load asks for what it asks for', () => {
    const { ticks } = tell({
      service: { tasks: { max: 500 }, policy: kpa() },
      tools,
      ...{ interval: 1, startUp: 30, seconds: 60 },
      load: steady((t) => (t === 10 ? 200 : 0), 300),
    });
    expect(Math.max(...ticks.map(({ decision }) => decision.to))).toBe(20);
  });
});

test.each([1, 2, 5, 10])(
  'a queue with a constant load settles, at a tick of %i s as at any other',
  (interval) => {
    const { ticks, left } = tell({
      service: { tasks: { max: 100 }, cooldown: { in: 0 }, policy: kpa({ target: 0.7 }) },
      tools,
      ...{ interval, startUp: 30, seconds: 600 },
      load: steady((t) => (t < 500 ? 5 : 0), 2),
    });
    const during = ticks.filter(({ t }) => t > 240 && t < 500);
    expect(new Set(during.map(({ decision }) => decision.to))).toEqual(new Set([15]));
    expect(left).toBe(0);
  },
);

describe('a restart', () => {
  test.each([1, 2, 40])('can not shrink a service of %i tasks for a stable window', (tasks) => {
    const ticks = follow(kpa(), { load: () => 0, until: 100, interval: 5, tasks });
    const to = (time: number) => ticks.find(({ at }) => at === time)?.to;
    expect([to(0), to(30), to(60), to(65)]).toEqual([tasks, tasks, tasks, Math.floor(tasks / 2)]);
  });

  test('in the middle of it all: what starts is not taken away either', () => {
    expect(ask(kpa(), { reading: seen(0), tasks: counts(40, 3) }).to).toBe(40);
  });

  test.each<[string, number]>([
    ['nobody looked for 91 s', 91],
    ['the clock went back', -1],
  ])('%s: as a restart', (_, gap) => {
    const quiet = Array.from({ length: 100 }, (__, nth) => ({ at: nth, reading: seen(0), tasks: 0 }));
    const ticks: Tick[] = [...quiet, { at: 99 + gap, reading: seen(0), tasks: 10 }];
    expect(story(kpa(), ticks).at(-1)?.to).toBe(10);
  });

  test('what was kept for other windows is not taken for theirs', () => {
    const { kept } = follow(kpa(), { load: () => 0, until: 100 }).at(-1) ?? {};
    const asked = (given: object) =>
      ask(kpa(given), { at: 101, reading: seen(0), tasks: 10, kept: kept as readonly number[] }).to;
    expect(asked({})).toBe(5);
    expect([
      asked({ stableWindow: 61 }),
      asked({ panicWindow: '20%' }),
      asked({ average: 'weighted' }),
      asked({ scaleInDelay: '5m' }),
    ]).toEqual([10, 10, 10, 10]);
  });
});

const options = fc.record({
  type: fc.constant('panic'),
  target: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
  stableWindow: fc.integer({ min: 6, max: 3600 }),
  panicWindow: fc.double({ min: 0.01, max: 1, noNaN: true }),
  panicThreshold: fc.double({ min: 1.1, max: 10, noNaN: true }),
  maxScaleUpRate: fc.double({ min: 1.01, max: 1e4, noNaN: true }),
  maxScaleDownRate: fc.double({ min: 1.01, max: 1e4, noNaN: true }),
  scaleInDelay: fc.constantFrom(0, 30, 3600),
  average: fc.constantFrom('plain', 'weighted'),
});
const amount = fc.oneof(
  fc.nat({ max: 100_000 }),
  fc.double({ min: 0, max: 1e308, noNaN: true }),
  fc.constant(0),
);
const anyCounts = fc.record({
  desired: fc.nat({ max: 5000 }),
  running: fc.nat({ max: 5000 }),
  pending: fc.nat({ max: 5000 }),
  deploying: fc.boolean(),
});

const charactersOf = (kept: Kept): number => JSON.stringify({ panic: kept }).length - 2;

test('its memory never grows beyond 170 characters, and the answers are whole', () => {
  const tick = fc.record({ gap: fc.integer({ min: 1, max: 80 }), visible: amount, tasks: anyCounts });
  fc.assert(
    fc.property(options, fc.array(tick, { minLength: 1, maxLength: 40 }), (policy, ticks) => {
      const next = alone(policy);
      let at = NOW;
      for (const { gap, visible, tasks } of ticks) {
        at += gap;
        const { said, kept } = next(at, visible, tasks);
        expect(Number.isSafeInteger(said) && said >= 0).toBe(true);
        expect(charactersOf(kept)).toBeLessThanOrEqual(170);
      }
    }),
    { numRuns: 2000 },
  );
});

test('its memory at its largest', () => {
  const next = alone(kpa({ stableWindow: 3600, panicWindow: 1, scaleInDelay: 3600, target: 1 }));
  const sizes = Array.from({ length: 300 }, (_, nth) => {
    const visible = 9990 - nth * 3 + (nth % 2) / 3;
    return charactersOf(next(NOW + nth * 47, visible, allRunning(4999)).kept);
  });
  expect(Math.max(...sizes)).toBeGreaterThan(150);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(170);
});

test('odd memory takes no task away', () => {
  const number = fc.oneof(
    fc.integer({ min: -5, max: 4000 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  fc.assert(
    fc.property(
      fc.array(number, { maxLength: 30 }),
      fc.constantFrom(
        [],
        [NOW],
        [NOW - 5, 60],
        [NOW - 5, 60, 6],
        [NOW - 5, 60, 6, 0],
        [NOW - 3, 60, 6, 1, 5, -1],
      ),
      fc.nat({ max: 300 }),
      (rest, begin, tasks) => {
        const { to, said, why } = ask(kpa(), { reading: seen(0), tasks, kept: [...begin, ...rest] });
        expect(Number.isSafeInteger(said)).toBe(true);
        expect(why).not.toMatch(/NaN|Infinity/);
        // With three or six numbers it may be right.
        if (begin.length !== 3 && begin.length !== 6) expect(to).toBe(tasks);
      },
    ),
    { numRuns: 2000 },
  );
});

test('a constant load comes to a constant count once the windows have filled, at any tick', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.oneof(
        fc.nat({ max: 3000 }),
        fc.nat({ max: 3_000_000 }).map((each) => each / 1000),
      ),
      fc.nat({ max: 100 }),
      fc.constantFrom('plain', 'weighted'),
      fc.integer({ min: 6, max: 90 }),
      (interval, visible, from, average, stableWindow) => {
        const next = alone(kpa({ average, stableWindow, maxScaleDownRate: 1000 }));
        let to = from;
        for (let at = 0; at < 400; at += interval) {
          to = next(NOW + at, visible, allRunning(to)).said;
          if (at > stableWindow + interval) expect(to).toBe(Math.ceil(visible / 10));
        }
      },
    ),
    { numRuns: 500 },
  );
});
