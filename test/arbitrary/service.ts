/** Arbitrary services: any bounds, policies, `combine` and guards. */
import fc from 'fast-check';
import { arithmetic, duration, maybe, SOURCES, seldom } from './numbers.ts';
import { anyPolicy } from './policies.ts';

type Given = Readonly<Record<string, unknown>>;

const limit = fc.oneof(
  fc.record({ tasks: fc.integer({ min: 1, max: 100 }), per: duration(1, 1800) }),
  fc.record({ percent: fc.integer({ min: 1, max: 300 }), per: duration(1, 1800) }),
);
const limits = maybe(fc.array(limit, { maxLength: 4 }));
const select = fc.constantFrom('max', 'min', 'disabled');

/** Open now, at other times, in the hour that a clock skips. */
const hours = fc.constantFrom(
  { start: '0 8 * * *', end: '0 18 * * *' },
  { start: '0 20 * * SAT', end: '0 6 * * MON', timezone: 'America/Sao_Paulo' },
  { start: '30 2 29 3 *', end: '15 3 * * *', timezone: 'Europe/Berlin' },
  { start: '*/7 * * * *', end: '*/5 * * * *', timezone: 'Asia/Kolkata' },
);
const window = fc
  .record({ hours, tasks: fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 200 })), kind: fc.nat({ max: 2 }) })
  .map(({ hours: open, tasks: [min, more], kind }) => ({
    ...open,
    ...(kind === 0 ? {} : { min }),
    ...(kind === 1 ? {} : { max: min + more }),
  }));

/** What a service may be given besides its names, sources, bounds and policies; one entry per key of its schema. */
export const guardOptions: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  cooldown: maybe(
    fc.record({
      out: maybe(duration(0, 86_400)),
      in: maybe(duration(0, 86_400)),
      priorityOverride: maybe(fc.boolean()),
    }),
  ),
  disableScaleIn: seldom(fc.boolean()),
  fallback: maybe(
    fc.record({
      after: maybe(duration(0, 86_400)),
      tasks: maybe(
        fc.oneof(fc.nat({ max: 400 }), fc.constant('hold'), fc.record({ atLeast: fc.nat({ max: 400 }) })),
      ),
    }),
  ),
  deployment: maybe(fc.constantFrom('out', 'hold', 'any')),
  emptyFor: maybe(duration(0, 3600)),
  stabilization: maybe(fc.record({ out: maybe(duration(0, 3600)), in: maybe(duration(0, 3600)) })),
  limits: maybe(
    fc.record({
      out: limits,
      in: limits,
      select: maybe(fc.oneof(select, fc.record({ out: maybe(select), in: maybe(select) }))),
    }),
  ),
  schedule: seldom(fc.array(window, { minLength: 1, maxLength: 3 })),
  pause: seldom(fc.oneof(fc.constantFrom('in', 'out', 'all'), fc.record({ at: fc.nat({ max: 400 }) }))),
  dryRun: seldom(fc.boolean()),
  idle: maybe(fc.record({ after: duration(60, 86_400) })),
};

const combine = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('max', 'highest', 'min', 'sum', 'first') },
  { weight: 1, arbitrary: arithmetic },
);

/** A service as a configuration gives it, on as many sources as there can be readings. */
export const anyConfiguration: fc.Arbitrary<Given> = fc
  .record({
    bounds: fc.tuple(fc.nat({ max: 100 }), fc.nat({ max: 300 })),
    policies: fc.array(anyPolicy, { minLength: 1, maxLength: 3 }),
    combine: maybe(combine),
    ...guardOptions,
  })
  .map(({ bounds: [min, more], ...rest }) => ({
    cluster: 'shop',
    service: 'orders-worker',
    tasks: { min, max: min + more },
    sources: SOURCES.map((name) => ({ type: 'sqs', name })),
    ...rest,
  }));
