/**
 * No oscillation: a constant reading gets a constant answer once the windows have filled, at any tick. For queueDelay, which works
 * on what its tasks leave of a load, see `settling-queue-delay.test.ts`.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Policy } from '../../lambdas/contract/policies.ts';
import type { Reading, ServiceMemory } from '../../lambdas/contract/records.ts';
import { decide } from '../../lambdas/decide/decide.ts';
import { policies } from '../arbitrary/policies.ts';
import { knownReading } from '../arbitrary/sample.ts';
import { circumstances, counts, later, sample, service } from '../samples.ts';

/** So long at most, and when all of them have filled. */
const SHORT = { stableWindow: 60, scaleInDelay: 30, emptyFor: 60, season: 60 };
const FILLED = 120;

type Given = Readonly<Record<string, unknown>>;

/** On whatever source, by whatever name: with windows that a test can wait for. */
const plain = (given: Given): Given => {
  const short = Object.entries(SHORT).filter(([key]) => given[key] !== undefined);
  return { ...given, ...Object.fromEntries(short), source: undefined, name: undefined };
};

/** What it answers to the same reading and counts, again and again. */
const answersTo = (given: readonly Given[], reading: Reading, desired: number, interval: number) => {
  const owner = service({
    ...{ policy: undefined, policies: given },
    ...{ tasks: { min: 0, max: 10_000 }, cooldown: { out: 0, in: 0 }, emptyFor: 0 },
  });
  const answers: number[] = [];
  let memory: ServiceMemory = {};
  for (let now = 0; now <= FILLED + 4 * interval; now += interval) {
    const decided = decide(
      sample({ service: owner, readings: [reading], counts: counts(desired), memory }),
      circumstances({ at: later(now) }),
    );
    memory = JSON.parse(JSON.stringify(decided.memory));
    if (now > FILLED) answers.push(decided.decision.to);
  }
  return answers;
};

const looking = (Object.keys(policies) as Policy['type'][]).filter(
  (type) => type !== 'queueDelay' && type !== 'forecast',
);

test.each(looking)('%s gives one answer to one reading, at any tick', (type) => {
  fc.assert(
    fc.property(policies[type], knownReading, fc.nat({ max: 60 }), (given, reading, desired) => {
      const answers = [3, 30].flatMap((interval) => answersTo([plain(given)], reading, desired, interval));
      expect(new Set(answers).size).toBe(1);
    }),
    { numRuns: 80 },
  );
});

test('forecast stays at what the others ask for, but for what its memory rounds up', () => {
  fc.assert(
    fc.property(policies.forecast, fc.nat({ max: 5000 }), fc.nat({ max: 60 }), (given, visible, desired) => {
      const below = { type: 'target', backlogPerTask: 7 };
      const needed = Math.ceil(visible / 7);
      for (const interval of [3, 30])
        for (const answer of answersTo([below, plain(given)], { known: true, visible }, desired, interval)) {
          expect(answer).toBeGreaterThanOrEqual(Math.min(needed, answer));
          expect(answer).toBeLessThanOrEqual(1.02 * Math.max(needed, desired) + 1);
        }
    }),
    { numRuns: 80 },
  );
});
