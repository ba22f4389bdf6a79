/** Samples for tests: whole ones with defaults, and arbitrary ones for properties. */
import fc from 'fast-check';
import { anySource, type Service, serviceSchema } from '../lambdas/contract/config.ts';
import type { Counts, Reading, Sample, ServiceMemory } from '../lambdas/contract/records.ts';
import type { Circumstances } from '../lambdas/decide/decide.ts';
import { toolsFor } from '../lambdas/tools.ts';

/** With everything loaded that a schedule needs. */
export const tools = await toolsFor([{ schedule: [] }]);

export const AT = '2026-11-22T12:00:00.000Z';

/** AT and so many seconds. */
export const later = (seconds: number, from = AT): string =>
  new Date(Date.parse(from) + seconds * 1000).toISOString();

/** What decide is told besides the sample. */
export const circumstances = (given: Partial<Circumstances> = {}): Circumstances => ({
  at: AT,
  term: 1,
  disableScaleIn: false,
  tools,
  ...given,
});

/** A service of our own shape with every default filled in. */
export const service = (given: Record<string, unknown> = {}): Service =>
  serviceSchema(anySource).parse({
    cluster: 'shop',
    service: 'orders-worker',
    tasks: { min: 0, max: 50 },
    source: { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' },
    policy: { type: 'target', backlogPerTask: 10 },
    ...given,
  });

export const seen = (visible: number, inFlight = 0): Reading => ({ known: true, visible, inFlight, at: AT });

export const unseen: Reading = { known: false, why: 'the queue did not answer', error: 'TimeoutError' };

export const counts = (desired: number, running = desired): Counts => ({
  desired,
  running,
  pending: Math.max(0, desired - running),
  deploying: false,
});

export const sample = (given: Partial<Sample> = {}): Sample => ({
  service: service(),
  readings: [seen(0)],
  counts: counts(1),
  memory: {},
  ...given,
});

const amount = fc.oneof(
  fc.nat({ max: 10_000 }),
  fc.double({ min: 0, max: 1e308, noNaN: true }),
  fc.constant(0),
);

const reading: fc.Arbitrary<Reading> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record(
      {
        known: fc.constant(true as const),
        at: fc.constant(AT),
        visible: amount,
        inFlight: amount,
        value: fc.integer(),
      },
      { requiredKeys: ['known', 'at'] },
    ),
  },
  { weight: 1, arbitrary: fc.constant(unseen) },
);

const policy = fc.oneof(
  fc.record({
    type: fc.constant('target'),
    backlogPerTask: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
    count: fc.constantFrom('visible', 'visible+inFlight'),
    tolerance: fc.record({
      out: fc.double({ min: 0, max: 1, noNaN: true }),
      in: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  }),
  fc
    .record({
      type: fc.constant('threshold'),
      limits: fc.tuple(fc.nat({ max: 1000 }), fc.nat({ max: 1000 })),
      tasksPerMessage: fc.double({ min: 0, max: 10, noNaN: true }),
      maxScaleDownFactor: fc.double({ min: 0, max: 1, noNaN: true }),
      combined: fc.boolean(),
    })
    .map(({ limits, ...rest }) => ({
      ...rest,
      scaleDownThreshold: Math.min(...limits),
      scaleUpThreshold: Math.max(...limits),
    })),
);

const instant = fc.integer({ min: -100_000, max: 1000 }).map((seconds) => later(seconds));

const memory: fc.Arbitrary<ServiceMemory> = fc.record(
  {
    lastOut: fc.record({ at: instant }),
    lastIn: fc.record({ at: instant, streak: fc.nat({ max: 9 }) }),
    desired: fc.nat({ max: 500 }),
    unknownSince: instant,
  },
  { requiredKeys: [] },
);

const knownCounts: fc.Arbitrary<Counts> = fc.record({
  desired: fc.nat({ max: 500 }),
  running: fc.nat({ max: 500 }),
  pending: fc.nat({ max: 500 }),
  deploying: fc.boolean(),
});

/** Any sample at all: every policy, any counts in or out of the bounds, any memory. */
export const anySample: fc.Arbitrary<Sample> = fc
  .record({
    bounds: fc.tuple(fc.nat({ max: 100 }), fc.nat({ max: 300 })),
    policies: fc.array(policy, { minLength: 1, maxLength: 3 }),
    cooldown: fc.record({
      out: fc.nat({ max: 300 }),
      in: fc.nat({ max: 300 }),
      priorityOverride: fc.boolean(),
    }),
    disableScaleIn: fc.boolean(),
    readings: fc.array(reading, { maxLength: 3 }),
    counts: fc.oneof(
      { weight: 6, arbitrary: knownCounts },
      {
        weight: 1,
        arbitrary: fc.constant<Counts>({ known: false, why: 'ECS did not answer', error: 'TimeoutError' }),
      },
    ),
    memory,
  })
  .map(({ bounds: [min, more], policies, cooldown, disableScaleIn, ...rest }) => ({
    ...rest,
    service: service({
      tasks: { min, max: min + more },
      policy: undefined,
      policies,
      cooldown,
      disableScaleIn,
    }),
  }));
