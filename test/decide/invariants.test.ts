/** What must always hold (DESIGN.md), for any sample at all. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decisionSchema, memorySchema, type Sample } from '../../lambdas/contract/records.ts';
import { decide } from '../../lambdas/decide/decide.ts';
import { anySample, circumstances } from '../samples.ts';

const RUNS = { numRuns: 2000 };
const term = 7;
const decisionOn = (sample: Sample, disableScaleIn = false) =>
  decide(sample, circumstances({ term, disableScaleIn })).decision;

test('1: min ≤ to ≤ max, whatever the input', () => {
  fc.assert(
    fc.property(anySample, fc.boolean(), (sample, disabled) => {
      const { min, max } = sample.service.tasks;
      const { to } = decisionOn(sample, disabled);
      expect(to).toBeGreaterThanOrEqual(min);
      expect(to).toBeLessThanOrEqual(max);
    }),
    RUNS,
  );
});

test('2: an unknown reading never lowers a count, unless the bounds do and say so', () => {
  fc.assert(
    fc.property(anySample, fc.boolean(), (sample, disabled) => {
      fc.pre(sample.readings.length === 0 || sample.readings.some(({ known }) => !known));
      const { from, to, reasons } = decisionOn(sample, disabled);
      if (to < from) {
        expect(from).toBeGreaterThan(sample.service.tasks.max);
        expect(reasons.at(-1)).toMatchObject({ by: 'tasks', said: sample.service.tasks.max });
      }
    }),
    RUNS,
  );
});

test('2: unknown counts change nothing', () => {
  fc.assert(
    fc.property(anySample, (sample) => {
      const blind = {
        ...sample,
        counts: { known: false as const, why: 'ECS did not answer', error: 'TimeoutError' },
      };
      expect(decisionOn(blind)).toMatchObject({ direction: 'hold' });
    }),
    RUNS,
  );
});

test('3: with scale-in disabled to ≥ from, unless the bounds lower it and say so', () => {
  fc.assert(
    fc.property(anySample, fc.boolean(), (sample, forAll) => {
      const { from, to, reasons } = decisionOn(
        { ...sample, service: { ...sample.service, disableScaleIn: !forAll } },
        forAll,
      );
      if (to < from) expect(reasons.at(-1)).toMatchObject({ by: 'tasks', said: sample.service.tasks.max });
    }),
    RUNS,
  );
});

test('4: the same input gives the same output, byte for byte', () => {
  fc.assert(
    fc.property(anySample, (sample) => {
      const twin = structuredClone(sample);
      const once = JSON.stringify(decide(sample, circumstances({ term })));
      expect(JSON.stringify(decide(twin, circumstances({ term })))).toBe(once);
      expect(sample).toEqual(twin);
    }),
    RUNS,
  );
});

test('every decision and memory survives the state: whole counts, as the records say', () => {
  fc.assert(
    fc.property(anySample, (sample) => {
      const { decision, memory } = decide(sample, circumstances({ term }));
      expect(decisionSchema.parse(JSON.parse(JSON.stringify(decision)))).toEqual(decision);
      expect(memorySchema.parse({ key: memory })).toEqual({ key: memory });
      expect(decision.reasons.length).toBeGreaterThan(0);
      expect(Math.sign(decision.to - decision.from)).toBe({ out: 1, hold: 0, in: -1 }[decision.direction]);
    }),
    RUNS,
  );
});
