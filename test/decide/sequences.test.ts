/** What must always hold, held over stretches of ticks whose memory goes from each to the next. */
import { test } from '@jest/globals';
import fc from 'fast-check';
import type { Service } from '../../lambdas/contract/config.ts';
import type { Reading, Sample, ServiceMemory } from '../../lambdas/contract/records.ts';
import { decide } from '../../lambdas/decide/decide.ts';
import { maybe, seldom } from '../arbitrary/numbers.ts';
import { anyCounts, anyReading, anyService, garbage, keptNames } from '../arbitrary/sample.ts';
import { circumstances, counts, later } from '../samples.ts';
import { expectAlways } from './always.ts';

const load: fc.Arbitrary<Reading> = fc.record(
  {
    known: fc.constant(true as const),
    visible: fc.oneof(fc.constant(0), fc.nat({ max: 300 })),
    inFlight: fc.nat({ max: 40 }),
    arrivalsPerSecond: fc.nat({ max: 20 }),
  },
  { requiredKeys: ['known', 'visible', 'inFlight'] },
);

const anyTick = fc.record({
  /** Since the tick before; now and then a clock that jumps. */
  seconds: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(1, 5, 10) },
    { weight: 1, arbitrary: fc.constantFrom(0, 60, 300, 3600, -30, -3600) },
  ),
  readings: fc.oneof(
    { weight: 6, arbitrary: fc.tuple(load) },
    { weight: 1, arbitrary: fc.array(anyReading, { maxLength: 3 }) },
  ),
  /** What ECS says of itself; unset: it has done as it was told, but for some tasks that still start. */
  told: seldom(anyCounts),
  starting: fc.nat({ max: 20 }),
  deploying: seldom(fc.boolean()),
  /** Written over a part of what is remembered. */
  spoilt: seldom(fc.record({ slot: fc.nat({ max: 50 }), from: fc.nat({ max: 9 }), by: garbage })),
});
type Tick = typeof anyTick extends fc.Arbitrary<infer T> ? T : never;

const spoil = (service: Service, memory: ServiceMemory, spoilt: Tick['spoilt']): ServiceMemory => {
  if (spoilt === undefined) return memory;
  const names = keptNames(service);
  const name = names[spoilt.slot % names.length] ?? '';
  const kept = (memory.kept?.[name] ?? []).toSpliced(spoilt.from, spoilt.by.length, ...spoilt.by);
  return { ...memory, kept: { ...memory.kept, [name]: kept } };
};

test('any service, any stretch of 30 ticks', () => {
  fc.assert(
    fc.property(
      anyService,
      fc.array(anyTick, { minLength: 1, maxLength: 30, size: 'max' }),
      fc.nat({ max: 60 }),
      maybe(fc.boolean()),
      (service, ticks, first, disableScaleIn = false) => {
        let memory: ServiceMemory = {};
        let desired = first;
        let now = 0;
        for (const { seconds, readings, told, starting, deploying = false, spoilt } of ticks) {
          now += seconds;
          memory = spoil(service, memory, spoilt);
          const obeyed = { ...counts(desired, Math.max(0, desired - starting)), deploying };
          const sample: Sample = { service, readings: [...readings], counts: told ?? obeyed, memory };
          const decided = decide(sample, circumstances({ at: later(now), disableScaleIn }));
          expectAlways(sample, disableScaleIn, decided);
          desired = decided.decision.to;
          memory = JSON.parse(JSON.stringify(decided.memory));
        }
      },
    ),
    { numRuns: 1000 },
  );
});
