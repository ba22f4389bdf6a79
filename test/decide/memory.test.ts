/** What is remembered stays within its limit, and what is over it goes in a fixed order. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { policiesOf, type Service } from '../../lambdas/contract/config.ts';
import type { Decision, Reading, ServiceMemory } from '../../lambdas/contract/records.ts';
import { decide } from '../../lambdas/decide/decide.ts';
import { MOST_CHARACTERS, remember, rememberBlind } from '../../lambdas/decide/memory.ts';
import { anyReading, anyService } from '../arbitrary/sample.ts';
import { AT, circumstances, counts, later, sample, service, unseen } from '../samples.ts';

const decision = (given: Partial<Decision> = {}): Decision => ({
  ...{ cluster: 'shop', service: 'orders-worker', from: 1, to: 1, direction: 'hold', reasons: [], term: 1 },
  reading: { known: true },
  at: AT,
  ...given,
});

const size = (memory: ServiceMemory): number => JSON.stringify(memory).length;

/** Times as long as a configuration from elsewhere may write them. */
const instant = fc
  .tuple(fc.nat({ max: 1e6 }), fc.nat({ max: 60 }))
  .map(([seconds, digits]) => `${later(seconds).slice(0, 19)}.${'1'.repeat(digits + 1)}+01:00`);
const count = fc.oneof(fc.nat({ max: 500 }), fc.constant(Number.MAX_SAFE_INTEGER));
const number = fc.oneof(
  fc.nat({ max: 2000 }),
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, 999, 1000, 9_999_999, 1e7, 999_999_999_999, 1e12, 1e21, -1e-300),
);
const keeps = fc.dictionary(fc.stringMatching(/^[A-Za-z_]\w{0,30}$/), fc.array(number, { maxLength: 60 }), {
  maxKeys: 8,
});

test('never more than the limit, whatever is kept', () => {
  fc.assert(
    fc.property(
      fc.record(
        { lastOut: fc.record({ at: instant, to: count }), desired: count, unknownSince: instant },
        { requiredKeys: [] },
      ),
      fc.record({
        at: instant,
        to: count,
        direction: fc.constantFrom('in' as const, 'out' as const, 'hold' as const),
      }),
      fc.boolean(),
      keeps,
      (before, decided, blind, kept) => {
        const { memory: after } = remember(before, decision(decided), blind, kept);
        expect(size(after)).toBeLessThanOrEqual(MOST_CHARACTERS);
        expect(after.desired).toBe(decided.to);
      },
    ),
    { numRuns: 2500 },
  );
});

test('without counts too', () => {
  const full = { kept: { panic: Array.from({ length: 500 }, () => 1) } };
  expect(size(full)).toBeLessThanOrEqual(MOST_CHARACTERS);
  expect(rememberBlind(full, AT)).toEqual({ unknownSince: AT });
});

test('what fits is kept whole', () => {
  const kept = {
    queueDelay: Array.from({ length: 40 }, (_, nth) => nth + 0.5),
    limits: [1_795_000_000, 0, 5, 0],
  };
  expect(remember({}, decision(), false, kept)).toEqual({ memory: { kept, desired: 1 }, forgotten: [] });
});

test('up to the last character: nothing goes that has room', () => {
  const ones = (count: number) => ({ panic: Array.from({ length: count }, () => 1) });
  const most = (MOST_CHARACTERS - size({ kept: ones(1), desired: 1 })) / 2 + 1;
  expect(size({ kept: ones(most), desired: 1 })).toBe(MOST_CHARACTERS);
  expect(remember({}, decision(), false, ones(most)).memory.kept).toEqual(ones(most));
  expect(remember({}, decision(), false, ones(most + 1)).memory.kept).toBeUndefined();
});

test('the totals go first, one by one, then what the last ones keep', () => {
  const totals = { sqs: { at: AT, arrived: 1, departed: 1 }, mails: { at: AT, arrived: 1, departed: 1 } };
  const ones = (count: number) => Array.from({ length: count }, () => 1);
  const after = (queueDelay: number, forecast: number) =>
    remember({ totals }, decision(), false, {
      limits: ones(100),
      queueDelay: ones(queueDelay),
      forecast: ones(forecast),
    });
  const kept = { limits: ones(100) };
  expect(after(100, 100)).toMatchObject({ memory: { totals }, forgotten: [] });
  expect(after(100, 230).memory.totals).toEqual({ sqs: totals.sqs });
  expect(after(200, 300)).toEqual({
    memory: { kept: { ...kept, queueDelay: ones(200) }, desired: 1 },
    forgotten: ['forecast'],
  });
  expect(after(500, 500)).toEqual({ memory: { kept, desired: 1 }, forgotten: ['forecast', 'queueDelay'] });
});

test('what is no number is not kept', () => {
  const { memory } = remember({}, decision(), false, { target: [1, Number.NaN], panic: [], limits: [1] });
  expect(memory.kept).toEqual({ limits: [1] });
});

test('what could not be seen since tomorrow could not be seen since now', () => {
  const since = (unknownSince: string) =>
    remember({ unknownSince }, decision(), true, {}).memory.unknownSince;
  expect([since(later(-60)), since(later(86_400))]).toEqual([later(-60), AT]);
});

/** All that a service may be given. */
const full = {
  tasks: { min: 0, max: 5000 },
  cooldown: { out: 0, in: 0 },
  stabilization: { out: '30s', in: '300s' },
  limits: {
    out: [
      { percent: 100, per: '15s' },
      { tasks: 4, per: '60s' },
    ],
    in: [{ percent: 10, per: '60s' }],
  },
  emptyFor: '2m',
  fallback: { after: '60s', tasks: 3 },
};
const queueDelay = { type: 'queueDelay' };

/** The memory after each tick of a day of a load that jumps about, at first every 5 s, with the totals of every source. */
const memoriesOf = (policies: readonly object[], sources: number): readonly ServiceMemory[] => {
  const names = ['orders', 'mails', 'jobs'].slice(0, sources);
  const owner = service({
    ...full,
    ...{ source: undefined, sources: names.map((name) => ({ type: 'sqs', name })) },
    ...{ policy: undefined, policies },
  });
  const random = fc.sample(
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 997, maxLength: 997 }),
    {
      numRuns: 1,
      seed: 4,
    },
  )[0] as number[];
  let drawn = 0;
  const draw = (most: number) => {
    drawn += 1;
    return Math.round((random[drawn % random.length] ?? 0) * most);
  };
  let memory: ServiceMemory = {};
  let [desired, running] = [300, 300];
  let backlogs = names.map(() => 9000);
  const memories: ServiceMemory[] = [];
  for (let t = 0; t < 86_400; t += t < 7200 ? 5 : 60) {
    const at = later(t + draw(300) / 1000);
    backlogs = backlogs.map((each) => Math.max(0, each + draw(3000) - 1500));
    const readings = backlogs.map(
      (visible): Reading =>
        draw(100) === 0
          ? unseen
          : { known: true, visible, inFlight: draw(300), arrivalsPerSecond: draw(1e6) / 1000, at },
    );
    const totals = Object.fromEntries(
      names.map((_, nth) => [`AbCdE${nth}`, { at, arrived: 123_456_789 + t, departed: 123_450_000 + t }]),
    );
    const there = { desired, running, pending: Math.max(0, desired - running), deploying: false };
    const decided = decide(
      sample({ service: owner, readings, counts: there, memory: { ...memory, totals } }),
      circumstances({ at }),
    );
    memory = JSON.parse(JSON.stringify(decided.memory));
    memories.push(memory);
    desired = decided.decision.to;
    running += Math.round((desired - running) * 0.3);
  }
  return memories;
};

test.each([
  ['queueDelay, forecast, two sources', [queueDelay, { type: 'forecast' }], 2, 950],
  [
    'queueDelay, smoothed forecast, two sources',
    [queueDelay, { type: 'forecast', method: 'smoothing' }],
    2,
    900,
  ],
  ['panic, forecast, two sources', [{ type: 'panic', target: 10 }, { type: 'forecast' }], 2, 950],
  ['queueDelay, three sources', [queueDelay], 3, 1024],
  ['queueDelay, one source', [queueDelay], 1, 550],
  ['target, one source', [{ type: 'target', backlogPerTask: 10 }], 1, 450],
])('%s and every guard: nothing is forgotten', (_, policies, sources, most) => {
  const memories = memoriesOf(policies, sources);
  const sizes = memories.map(size).sort((one, other) => one - other);
  expect(sizes.at(-1)).toBeLessThanOrEqual(most);
  expect(memories.every(({ totals }) => Object.keys(totals ?? {}).length === sources)).toBe(true);
  // At no tick after the first few minutes there is a policy or a window of which nothing is remembered.
  const slots = ({ kept }: ServiceMemory) =>
    Object.keys(kept ?? {}).filter((key) => key !== 'emptyFor').length;
  const settled = memories.slice(100).map(slots);
  expect(Math.min(...settled)).toBe(Math.max(...settled));
});

const tick = fc.record({
  seconds: fc.constantFrom(1, 5, 5, 5, 60),
  readings: fc.array(anyReading, { minLength: 1, maxLength: 3 }),
  starting: fc.nat({ max: 20 }),
});
type Tick = typeof tick extends fc.Arbitrary<infer T> ? T : never;

/** The last of these ticks, with what is remembered before it. */
const lastOf = (
  owner: Service,
  ticks: readonly Tick[],
  first: number,
  look: (memory: ServiceMemory) => void,
) => {
  let [now, desired] = [0, first];
  let memory: ServiceMemory = {};
  let last = sample({ service: owner });
  for (const { seconds, readings, starting } of ticks) {
    now += seconds;
    const at = later(now);
    const totals = Object.fromEntries(
      readings.map((_, nth) => [
        `AbCdE${nth}`,
        { at, arrived: 9_123_456_789 + now, departed: 9_123_450_000 + now },
      ]),
    );
    last = {
      service: owner,
      readings,
      counts: counts(desired, Math.max(0, desired - starting)),
      memory: { ...memory, totals },
    };
    const decided = decide(last, circumstances({ at }));
    memory = JSON.parse(JSON.stringify(decided.memory));
    desired = decided.decision.to;
    look(memory);
  }
  return { last, at: later(now) };
};
const ticks = fc.array(tick, { minLength: 1, maxLength: 6 });

test('any service with the totals of its sources: never more than the limit', () => {
  fc.assert(
    fc.property(anyService, ticks, fc.nat({ max: 300 }), (owner, given, first) => {
      lastOf(owner, given, first, (memory) => expect(size(memory)).toBeLessThanOrEqual(MOST_CHARACTERS));
    }),
    { numRuns: 2000 },
  );
});

test('whatever is forgotten, nobody scales in further for it', () => {
  fc.assert(
    fc.property(anyService, ticks, fc.nat({ max: 300 }), fc.nat(), (owner, given, first, nth) => {
      // An expression may make less of more.
      fc.pre(['max', 'highest', 'min', 'sum', 'first'].includes(owner.combine));
      fc.pre(policiesOf(owner).every(({ type }) => type !== 'formula' && type !== 'rules'));
      const { last, at } = lastOf(owner, given, first, () => undefined);
      const slots = Object.entries(last.memory.kept ?? {});
      fc.pre(slots.length > 0);
      const kept = Object.fromEntries(slots.toSpliced(nth % slots.length, 1));
      const { from, to } = decide(last, circumstances({ at })).decision;
      const without = decide({ ...last, memory: { ...last.memory, kept } }, circumstances({ at })).decision;
      expect(without.to).toBeGreaterThanOrEqual(Math.min(from, to));
    }),
    { numRuns: 2000 },
  );
});
