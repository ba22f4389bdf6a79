import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Reading } from '../../../lambdas/contract/records.ts';
import { decide } from '../../../lambdas/decide/decide.ts';
import { steady, tell } from '../../../local/simulation/story.ts';
import { AT, circumstances, counts, sample, service, tools, unseen } from '../../samples.ts';

const now = circumstances();
type Event = { metric: string | number; action: number; min?: number | null; max?: number | null };

/** As the source `http` reads the fields foo, bar and baz. */
const http = (values: Record<string, number>): Reading => ({ known: true, values, at: AT });
const FOO = http({ foo: 2, bar: 3, baz: 4 });

type Bounds = { readonly min: number; readonly max: number };

interface Asked {
  readonly from?: number;
  readonly running?: number;
  readonly tasks?: Bounds;
  readonly readings?: Reading[];
}

const ask = (
  events: readonly Event[],
  { from = 5, running = from, tasks = { min: 1, max: 10 }, readings = [FOO] }: Asked = {},
) => {
  const { decision } = decide(
    sample({
      service: service({ policy: { type: 'rules', events }, tasks, cooldown: { in: 0 } }),
      readings,
      counts: counts(from, running),
    }),
    now,
  );
  return { to: decision.to, reasons: decision.reasons, why: decision.reasons[0]?.why };
};

const usual = service({ cooldown: { in: 0 } });
/** The same for properties, in which parsing the configuration would take far longer than the decision. */
const askOften = (events: readonly Event[], from: number, tasks: Bounds, reading = FOO): number => {
  const parsed = events.map(({ metric, action, min, max }) => ({
    ...{ metric: String(metric), action, min: min ?? undefined, max: max ?? undefined },
  }));
  const given = { ...usual, tasks, policy: { type: 'rules' as const, events: parsed } };
  return decide(sample({ service: given, readings: [reading], counts: counts(from) }), now).decision.to;
};

describe('metrics of system C', () => {
  test.each([
    ['foo * bar * baz', 24],
    ['foo', 2],
    [' foo ', 2],
    ['foo * bar / baz', 1.5],
    ['foo*bar/ baz', 1.5],
    ['foo * 100', 200],
    ['foo - 1 + 2', 3],
    ['(foo - 1) * 10', 10],
    ['foo * foo', 4],
    ['foo ** 2', 4],
    ['min([foo, bar])', 2],
    ['max([foo, bar])', 3],
  ])('%s = %d', (metric, value) => {
    const exactly = { metric, action: 1, min: value, max: value };
    expect(ask([exactly]).to).toBe(6);
    expect(ask([{ ...exactly, min: value + 1e-9, max: null }]).to).toBe(5);
    expect(ask([{ ...exactly, min: null, max: value - 1e-9 }]).to).toBe(5);
  });
});

describe('the first event that holds', () => {
  test.each<[string, Event[], Asked, number]>([
    // The three of ecs-autoscale's own test: one task, at most five or three.
    [
      'adds its action',
      [{ metric: 'foo', action: 1, min: 1, max: null }],
      { from: 1, tasks: { min: 0, max: 5 } },
      2,
    ],
    [
      'adds two',
      [{ metric: 'foo', action: 2, min: 1, max: null }],
      { from: 1, tasks: { min: 0, max: 5 } },
      3,
    ],
    [
      'up to the most',
      [{ metric: 'foo', action: 3, min: 1, max: null }],
      { from: 1, tasks: { min: 0, max: 3 } },
      3,
    ],
    ['takes away', [{ metric: 'foo', action: -2, max: 2 }], {}, 3],
    ['down to the least', [{ metric: 'foo', action: -9, max: 2 }], {}, 1],
    ['is open where nothing is given', [{ metric: 'foo', action: 1 }], {}, 6],
    ['includes both ends', [{ metric: 'foo', action: 1, min: 2, max: 2 }], {}, 6],
    [
      'is not a later one',
      [
        { metric: 'foo', action: 1, min: 3 },
        { metric: 'bar', action: -1, min: 3 },
        { metric: 'baz', action: 4 },
      ],
      {},
      4,
    ],
    [
      'is passed over at the most',
      [
        { metric: 'foo', action: 2 },
        { metric: 'bar', action: -3 },
      ],
      { from: 10 },
      7,
    ],
    [
      'is passed over at the least',
      [
        { metric: 'foo', action: -2 },
        { metric: 'bar', action: 3 },
      ],
      { from: 1 },
      4,
    ],
    [
      'holds the count with the action 0',
      [
        { metric: 'foo', action: 0 },
        { metric: 'bar', action: 3 },
      ],
      {},
      5,
    ],
    [
      'none, where the bounds are one',
      [{ metric: 'foo', action: 2 }],
      { from: 4, tasks: { min: 4, max: 4 } },
      4,
    ],
    ['brings a count above the bounds to the most first', [{ metric: 'foo', action: -5 }], { from: 15 }, 10],
    ['brings a count below the bounds to the least first', [{ metric: 'foo', action: 5 }], { from: 0 }, 1],
    ['a number is a metric too', [{ metric: 7, action: 1, min: 7, max: 7 }], {}, 6],
  ])('%s', (_, events, asked, answer) => expect(ask(events, asked).to).toBe(answer));
});

test('reasons carry the numbers', () => {
  expect(ask([{ metric: 'foo * bar', action: 2, min: 5, max: 7 }]).why).toBe(
    'foo * bar is 6 (foo 2, bar 3), from 5 to 7: 5 + 2',
  );
  expect(ask([{ metric: 'foo', action: -2, max: 2 }]).why).toBe('foo is 2, at most 2: 5 - 2');
  expect(ask([{ metric: 'foo', action: 7, min: 1 }]).why).toBe('foo is 2, at least 1: 5 + 7, within 1 to 10');
  expect(ask([{ metric: 'foo', action: 0 }]).why).toBe('foo is 2, whatever it is: 5');
  expect(ask([{ metric: 'foo', action: 1 }], { from: 10 }).why).toBe(
    'no event changes it: foo is 2, whatever it is: 10 + 1 is out of bounds',
  );
  expect(
    ask([
      { metric: 'foo', action: 1, min: 9 },
      { metric: 'foo', action: -1, max: 1 },
      { metric: 'bar', action: 1, min: 9 },
    ]).why,
  ).toBe('no event changes it: foo is 2, bar is 3');
  expect(ask([{ metric: 'foo', action: -5 }], { from: 15 }).why).toBe('15 tasks, first of all 1 to 10');
});

describe('an event whose metric cannot be worked out', () => {
  const lost: Event = { metric: 'nobody', action: 1 };
  test('lets those after it scale out, and never in', () => {
    const out = ask([lost, { metric: 'foo', action: 2 }]);
    expect(out.to).toBe(7);
    expect(out.reasons.at(-1)).toEqual({
      by: 'unknown',
      said: 7,
      why: expect.stringContaining('nothing is called nobody'),
    });
    const held = ask([lost, { metric: 'foo', action: -2 }, { metric: 'foo', action: 2 }]);
    expect(held.to).toBe(5);
    expect(held.why).toBe('foo is 2, whatever it is: 5 - 2, but not while an event above it is unknown');
  });
  test('is of no matter after the one that holds', () => {
    expect(ask([{ metric: 'foo', action: -2 }, lost])).toMatchObject({ to: 3, reasons: [{ by: 'rules' }] });
  });
  test('and nothing else leaves no answer', () => {
    const { to, reasons } = ask([lost, { metric: 'foo / 0', action: 1 }]);
    expect(to).toBe(5);
    expect(reasons).toEqual([
      {
        by: 'unknown',
        said: 5,
        why: expect.stringMatching(/nobody.*foo \/ 0, foo 2: no finite number comes out/),
      },
    ]);
  });
  test('none holds, but one may: no other policy scales in either', () => {
    const policies = [
      { type: 'rules', events: [lost, { metric: 'foo', action: 1, min: 9 }] },
      { type: 'formula', tasks: '1' },
    ];
    const { decision } = decide(
      sample({
        service: service({ policy: undefined, policies, combine: 'min', cooldown: { in: 0 } }),
        readings: [FOO],
        counts: counts(5),
      }),
      now,
    );
    expect(decision.to).toBe(5);
  });
  test('of two sources one is down: the other still counts, outwards', () => {
    const readings = [http({ foo: 2 }), unseen];
    expect(ask([{ metric: 'foo', action: 2 }], { readings }).to).toBe(7);
    expect(ask([{ metric: 'foo', action: -2 }], { readings }).to).toBe(5);
    expect(ask([{ metric: 'bar', action: 2 }], { readings })).toMatchObject({
      to: 5,
      reasons: [{ by: 'unknown', why: expect.stringContaining('the queue did not answer') }],
    });
  });
});

test('a count that its answer does not reach by the bound is reached while tasks start, and not passed', () => {
  // 3 of 5 run: 2 of the 2 that the action adds are starting.
  expect(ask([{ metric: 'foo', action: 2 }], { running: 3 }).to).toBe(5);
  expect(ask([{ metric: 'foo', action: 3 }], { running: 3 }).to).toBe(6);
});

test('an action of + 2 is not added again at every tick while the tasks start', () => {
  const { ticks } = tell({
    service: {
      tasks: { max: 50 },
      policy: { type: 'rules', events: [{ metric: 'visible', action: 2, min: 100 }] },
    },
    tools,
    seconds: 120,
    startUp: 30,
    load: steady((t) => (t === 0 ? 500 : 0), 60),
  });
  const asked = ticks.map(({ t, decision }) => [t, decision.to]);
  const at = (seconds: number) => asked.find(([t]) => t === seconds)?.[1];
  expect(at(5)).toBe(2);
  expect(at(30)).toBe(2);
  expect(at(35)).toBe(4);
  expect(at(60)).toBe(4);
  expect(at(65)).toBe(6);
});

test('like ecs-autoscale itself, event by event, wherever all can be seen', () => {
  /** Its rule, as the facts tell it. */
  const reference = (
    events: readonly Required<Event>[],
    foo: number,
    from: number,
    least: number,
    most: number,
  ): number => {
    if (from < least) return least;
    if (from > most) return most;
    for (const { action, min, max } of events) {
      if ((max !== null && foo > max) || (min !== null && foo < min)) continue;
      if ((from + action < least && from === least) || (from + action > most && from === most)) continue;
      return Math.min(most, Math.max(least, from + action));
    }
    return from;
  };
  const end = fc.option(fc.integer({ min: -3, max: 3 }));
  const event = fc
    .record({ metric: fc.constant('foo'), action: fc.integer({ min: -4, max: 4 }), ends: fc.tuple(end, end) })
    .map(({ ends: [one, other], ...rest }) => {
      const swapped = one !== null && other !== null && one > other;
      return { ...rest, min: swapped ? other : one, max: swapped ? one : other };
    });
  const bounds = fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 6 }));
  fc.assert(
    fc.property(
      fc.array(event, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: -4, max: 4 }),
      fc.nat({ max: 12 }),
      bounds,
      (events, foo, from, [min, more]) => {
        const tasks = { min, max: min + more };
        const to = askOften(events, from, tasks, http({ foo }));
        expect(to).toBe(reference(events, foo, from, min, min + more));
      },
    ),
    { numRuns: 5000 },
  );
});

test('never in past an event that is unknown, and never more than one action out', () => {
  const metric = fc.constantFrom('foo', 'bar', 'nobody', 'foo / 0', 'desired', '1 / 0');
  const event = fc.record({
    metric,
    action: fc.integer({ min: -5, max: 5 }),
    min: fc.option(fc.integer({ min: -2, max: 6 })),
  });
  fc.assert(
    fc.property(
      fc.array(event, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 10 }),
      (events, from) => {
        const to = askOften(events, from, { min: 1, max: 10 });
        const known = events.findIndex(({ metric: text }) => ['nobody', 'foo / 0', '1 / 0'].includes(text));
        const before = known < 0 ? events : events.slice(0, known);
        expect(to).toBeLessThanOrEqual(from + Math.max(0, ...events.map(({ action }) => action)));
        expect(to).toBeGreaterThanOrEqual(from + Math.min(0, ...before.map(({ action }) => action)));
      },
    ),
    { numRuns: 3000 },
  );
});
