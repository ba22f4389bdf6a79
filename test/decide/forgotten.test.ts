/** Who has no memory, or an old one, holds or goes out, until the window has filled: a restart never scales in. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Service } from '../../lambdas/contract/config.ts';
import type { Decision, Reading, ServiceMemory } from '../../lambdas/contract/records.ts';
import { decide } from '../../lambdas/decide/decide.ts';
import { maybe } from '../arbitrary/numbers.ts';
import { garbage } from '../arbitrary/sample.ts';
import { circumstances, counts, later, sample, service } from '../samples.ts';

const target = { type: 'target', backlogPerTask: 10 };
const idle = { known: true as const, visible: 0, inFlight: 0 };

/** Everything whose answer rests on what was seen before. */
const WINDOWS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  queueDelay: { policy: { type: 'queueDelay' } },
  panic: { policy: { type: 'panic', target: 10 } },
  // Its count is the same whenever there is work: more than that were never its own.
  presence: { policy: { type: 'presence', tasks: 1000 } },
  // A floor under others, which must be safe by themselves; see below.
  forecast: { policy: undefined, policies: [{ type: 'queueDelay' }, { type: 'forecast', season: '10m' }] },
  stabilization: { policy: target, stabilization: { in: '60s' } },
  limits: { policy: target, limits: { in: [{ percent: 10, per: '60s' }] } },
};

const reading: fc.Arbitrary<Reading> = fc.record(
  {
    known: fc.constant(true as const),
    visible: fc.nat({ max: 300 }),
    inFlight: fc.nat({ max: 30 }),
    arrivalsPerSecond: fc.nat({ max: 20 }),
  },
  { requiredKeys: ['known', 'visible', 'inFlight'] },
);

const look = (owner: Service, seen: Reading, desired: number, memory: ServiceMemory, now: number) => {
  const decided = decide(
    sample({ service: owner, readings: [seen], counts: counts(desired), memory }),
    circumstances({ at: later(now) }),
  );
  return { decision: decided.decision as Decision, memory: JSON.parse(JSON.stringify(decided.memory)) };
};

test.each(Object.entries(WINDOWS))(
  '%s: the first look after a restart, or after an hour, takes nobody away',
  (_, given) => {
    const owner = service({ ...given, tasks: { min: 0, max: 1000 }, cooldown: { out: 0, in: 0 } });
    fc.assert(
      fc.property(
        fc.array(reading, { maxLength: 20 }),
        fc.nat({ max: 40 }),
        fc.integer({ min: 3600, max: 100_000 }),
        maybe(reading),
        (before, first, pause, then = idle) => {
          let memory: ServiceMemory = {};
          let desired = first;
          for (const [nth, seen] of before.entries()) {
            const looked = look(owner, seen, desired, memory, nth * 5);
            memory = looked.memory;
            desired = looked.decision.to;
          }
          const { decision } = look(owner, then, desired, memory, before.length * 5 + pause);
          expect(decision.to).toBeGreaterThanOrEqual(desired);
        },
      ),
      { numRuns: 1000 },
    );
  },
);

test('forecast never lowers what the others ask for, whatever it remembers', () => {
  const config = { tasks: { min: 0, max: 1000 }, cooldown: { out: 0, in: 0 } };
  const forecast = { type: 'forecast', season: '2m', horizon: '20s', maxError: 1 };
  const alone = service({ ...config, policy: target });
  const both = service({ ...config, policy: undefined, policies: [target, forecast] });
  fc.assert(
    fc.property(
      fc.array(reading, { minLength: 1, maxLength: 60, size: 'max' }),
      maybe(garbage),
      (seen, spoilt) => {
        let memory: ServiceMemory = spoilt === undefined ? {} : { kept: { forecast: [...spoilt] } };
        let desired = 0;
        for (const [nth, each] of seen.entries()) {
          const least = look(alone, each, desired, {}, nth * 5).decision.to;
          const looked = look(both, each, desired, memory, nth * 5);
          expect(looked.decision.to).toBeGreaterThanOrEqual(least);
          memory = looked.memory;
          desired = looked.decision.to;
        }
      },
    ),
    { numRuns: 1000 },
  );
});
