/** What a lane does that was dead and goes on with an old memory. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Reading } from '../../lambdas/contract/records.ts';
import { decide } from '../../lambdas/decide/decide.ts';
import { anySample } from '../arbitrary/sample.ts';
import { AT, circumstances, counts, later, sample, seen, unseen } from '../samples.ts';

const DEAD = { desired: 20, revivedAt: AT };

const on = (readings: readonly Reading[], memory: object, at = later(1)) =>
  decide(sample({ readings, counts: counts(20), memory }), circumstances({ at }));

test('the first look holds, says why, and frees the second', () => {
  const first = on([seen(0)], DEAD);
  expect(first.decision).toMatchObject({ direction: 'hold', to: 20 });
  expect(first.decision.reasons).toContainEqual({
    by: 'unknown',
    said: 20,
    why: `not lowered while something is unknown: the lane was revived at ${AT} and has to look once more`,
  });
  expect(first.memory).not.toHaveProperty('unknownSince');
  expect(on([seen(0)], first.memory, later(6)).decision.to).toBe(0);
});

test('it scales out at once', () => {
  expect(on([seen(400)], DEAD).decision.to).toBe(40);
});

test('as long as something is out of sight it has not looked', () => {
  const blind = on([seen(0), unseen], DEAD);
  expect(blind.memory.revivedAt).toBe(AT);
  const uncounted = decide(
    sample({ counts: { known: false, why: 'throttled', error: 'X' }, memory: blind.memory }),
    circumstances({ at: later(6) }),
  );
  expect(uncounted.memory.revivedAt).toBe(AT);
  expect(on([seen(0)], uncounted.memory, later(11)).decision.to).toBe(20);
});

test('whatever else there is, a revived service is lowered by the operator’s word alone', () => {
  fc.assert(
    fc.property(anySample, (any) => {
      const { decision } = decide({ ...any, memory: { ...any.memory, revivedAt: AT } }, circumstances());
      if (decision.direction === 'in') expect(['pause', 'tasks']).toContain(decision.reasons.at(-1)?.by);
    }),
    { numRuns: 2000 },
  );
});
