/** More backlog never gives fewer tasks, whatever is remembered. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Counts, KnownReading, ServiceMemory } from '../../lambdas/contract/records.ts';
import { decide } from '../../lambdas/decide/decide.ts';
import { between, maybe } from '../arbitrary/numbers.ts';
import { policies } from '../arbitrary/policies.ts';
import { garbage } from '../arbitrary/sample.ts';
import { circumstances, counts, later, sample, service } from '../samples.ts';

const RUNS = { numRuns: 2000 };

const amount = fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 5000 }), fc.constant(0));
const tick = fc.record({
  seconds: fc.constantFrom(1, 5, 10, 60),
  reading: fc.record({ visible: amount, inFlight: maybe(amount) }),
  rates: maybe(fc.record({ arrivalsPerSecond: between(0, 100), departuresPerSecond: between(0, 100) })),
  starting: fc.nat({ max: 10 }),
});
type Tick = typeof tick extends fc.Arbitrary<infer T> ? T : never;

const readingOf = ({ reading: { visible, inFlight }, rates }: Tick, more = 0): KnownReading => ({
  known: true,
  visible: visible + more,
  ...(inFlight === undefined ? {} : { inFlight }),
  ...rates,
});

/** The queue is all that is looked at, nothing that anybody has set apart. */
const alone = (given: Readonly<Record<string, unknown>>) => ({
  ...given,
  source: undefined,
  name: undefined,
});

const cases = {
  target: policies.target.map(alone),
  steps: policies.steps.map((given) => ({ ...alone(given), metric: 'backlog' })),
  queueDelay: policies.queueDelay.map(alone),
};

test.each(Object.entries(cases))('%s', (type, policy) => {
  fc.assert(
    fc.property(
      policy,
      fc.array(tick, { minLength: 1, maxLength: 8 }),
      fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 10_000 })),
      fc.nat({ max: 40 }),
      maybe(garbage),
      (given, ticks, more, first, spoilt) => {
        const owner = service({ policy: given, tasks: { min: 0, max: 100_000 } });
        let memory: ServiceMemory = spoilt === undefined ? {} : { kept: { [type]: [...spoilt] } };
        let desired = first;
        let now = 0;
        for (const [nth, each] of ticks.entries()) {
          now += each.seconds;
          const there: Counts = counts(desired, Math.max(0, desired - each.starting));
          const asked = (extra: number) =>
            decide(
              sample({ service: owner, readings: [readingOf(each, extra)], counts: there, memory }),
              circumstances({ at: later(now) }),
            );
          const decided = asked(0);
          if (nth === ticks.length - 1)
            expect(asked(more).decision.to).toBeGreaterThanOrEqual(decided.decision.to);
          memory = JSON.parse(JSON.stringify(decided.memory));
          desired = decided.decision.to;
        }
      },
    ),
    RUNS,
  );
});
