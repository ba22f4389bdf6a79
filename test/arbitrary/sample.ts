/** Arbitrary samples: what a source may report, what ECS may say, and memory of every kind, broken ones too. */
import fc from 'fast-check';
import { anySource, type Service, serviceSchema } from '../../lambdas/contract/config.ts';
import {
  type Counts,
  pausable,
  type Reading,
  type Sample,
  type ServiceMemory,
} from '../../lambdas/contract/records.ts';
import { namedPolicies } from '../../lambdas/decide/answers.ts';
import { guards } from '../../lambdas/decide/guards/registry.ts';
import { AT, later, unseen } from '../samples.ts';
import { maybe, seldom } from './numbers.ts';
import { anyConfiguration } from './service.ts';

const parser = serviceSchema(anySource);
export const anyService: fc.Arbitrary<Service> = anyConfiguration.map((given) => parser.parse(given));

/** Far beyond anything real, and yet no arithmetic of a configuration makes it infinite. */
const HUGE = 1e100;
const amount = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 10_000 }) },
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.double({ min: 0, max: HUGE, noNaN: true }) },
);
/** Sources report no negative zero: JSON has none. */
const number = fc
  .oneof(
    { weight: 3, arbitrary: fc.integer({ min: -1000, max: 10_000 }) },
    { weight: 1, arbitrary: fc.double({ min: -HUGE, max: HUGE, noNaN: true }) },
  )
  .map((value) => value + 0);

/** JSON has no `undefined`, and what is left out is no key. */
const withoutGaps = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;

export const knownReading: fc.Arbitrary<Reading> = fc
  .record({
    known: fc.constant(true as const),
    visible: fc.option(amount, { nil: undefined, freq: 6 }),
    inFlight: maybe(amount),
    delayed: seldom(amount),
    oldestAgeSeconds: seldom(amount),
    arrivalsPerSecond: maybe(amount),
    departuresPerSecond: maybe(amount),
    value: seldom(number),
    values: seldom(fc.record({ cpu: number })),
    parallelism: seldom(fc.nat({ max: 200 })),
    settlesInSeconds: seldom(fc.nat({ max: 120 })),
    atLeast: seldom(fc.boolean()),
    notes: seldom(fc.constant(['partition 3 has no leader'])),
    at: fc.constant(AT),
  })
  .map((given) => withoutGaps(given) as Reading);

export const anyReading: fc.Arbitrary<Reading> = fc.oneof(
  { weight: 4, arbitrary: knownReading },
  { weight: 1, arbitrary: fc.constant(unseen) },
);

const tasks = fc.nat({ max: 500 });
export const anyCounts: fc.Arbitrary<Counts> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ desired: tasks, running: tasks, pending: tasks, deploying: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Counts>({ known: false, why: 'ECS did not answer', error: 'TimeoutError' }),
  },
);

const instant = fc.integer({ min: -100_000, max: 1000 }).map((seconds) => later(seconds));

/** Times around now, counts, and anything else that JSON can hold. */
const NOW = Date.parse(AT) / 1000;
export const garbage: fc.Arbitrary<readonly number[]> = fc.array(
  fc.oneof(
    fc.integer({ min: NOW - 4000, max: NOW + 100 }),
    fc.integer({ min: -20, max: 500 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -1, 0.5, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MAX_SAFE_INTEGER),
  ),
  { maxLength: 24 },
);

/** Every name under which something of this service may be remembered. */
export const keptNames = (service: Service): readonly string[] => [
  ...namedPolicies(service).flatMap(({ key }) => [key, `${key}/1`, `${key}/2`]),
  ...guards.map(({ by }) => by),
];

const memory = fc.record({
  lastOut: maybe(fc.record({ at: instant })),
  lastIn: maybe(fc.record({ at: instant, streak: fc.nat({ max: 9 }) })),
  desired: maybe(tasks),
  unknownSince: maybe(instant),
  paused: seldom(
    fc.record({ what: fc.constantFrom(...pausable.options), until: maybe(instant) }).map(withoutGaps),
  ),
  revivedAt: seldom(instant),
  totals: seldom(fc.constant({ orders: { at: AT, arrived: 12_345, departed: 12_000 } })),
});
const slots = fc.array(fc.tuple(fc.nat({ max: 100 }), garbage), { maxLength: 5 });

/** Nothing, something, and nonsense under the right names. */
export const memoryOf = (
  service: Service,
  given: ServiceMemory,
  filled: readonly (readonly [nth: number, kept: readonly number[]])[],
): ServiceMemory => {
  const names = keptNames(service);
  const kept = filled.map(([nth, each]) => [names[nth % names.length], [...each]]);
  return withoutGaps({ ...given, ...(kept.length === 0 ? {} : { kept: Object.fromEntries(kept) }) });
};

/** Any sample at all: every policy and guard, any counts in or out of the bounds, any memory. */
export const anySample: fc.Arbitrary<Sample> = fc
  .record({
    service: anyService,
    readings: fc.array(anyReading, { maxLength: 3 }),
    counts: anyCounts,
    memory,
    slots,
  })
  .map(({ slots: filled, ...rest }) => ({
    ...rest,
    memory: memoryOf(rest.service, rest.memory as ServiceMemory, filled),
  }));
