/** What must always hold (DESIGN.md), for any policies, `combine`, guards, readings, counts and memory at all. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Reading, Sample } from '../../lambdas/contract/records.ts';
import { decide } from '../../lambdas/decide/decide.ts';
import { anySample, knownReading } from '../arbitrary/sample.ts';
import { circumstances, unseen } from '../samples.ts';
import { expectBlindHolds, expectBounds, expectDisabledHolds, expectRecords } from './always.ts';

/** Ten policies in threes and a dozen guards: enough that each meets each. */
const RUNS = { numRuns: 1500 };
const on = (sample: Sample, disableScaleIn = false) =>
  decide(sample, circumstances({ term: 7, disableScaleIn }));

test('1: min ≤ to ≤ max, whatever the input; a dry run leaves the count alone', () => {
  fc.assert(
    fc.property(anySample, fc.boolean(), (sample, disabled) => expectBounds(sample, on(sample, disabled))),
    RUNS,
  );
});

/** Nothing was read, one of several could not be, or only a part of it. */
const blindfolds: fc.Arbitrary<readonly Reading[]> = fc.oneof(
  fc.constant([]),
  fc.tuple(knownReading, fc.constant(unseen)),
  fc.tuple(fc.constant(unseen), knownReading, knownReading),
  knownReading.map((reading) => [{ ...reading, atLeast: true } as Reading]),
);

test('2: what can’t be seen never lowers a count, unless bounds or a held count do and say so', () => {
  fc.assert(
    fc.property(anySample, blindfolds, (sample, readings) => {
      const blind = { ...sample, readings: [...readings] };
      expectBlindHolds(blind, on(blind));
    }),
    RUNS,
  );
});

test('2: unknown counts change nothing', () => {
  fc.assert(
    fc.property(anySample, fc.string(), (sample, why) => {
      const blind: Sample = { ...sample, counts: { known: false, why, error: 'TimeoutError' } };
      expectBlindHolds(blind, on(blind));
    }),
    RUNS,
  );
});

test('3: with scale-in disabled to ≥ from, unless bounds or a held count lower it and say so', () => {
  fc.assert(
    fc.property(anySample, fc.boolean(), (sample, forAll) => {
      const disabled = { ...sample, service: { ...sample.service, disableScaleIn: !forAll } };
      expectDisabledHolds(disabled, forAll, on(disabled, forAll));
    }),
    RUNS,
  );
});

/** Throws at whoever writes into it. */
const frozen = <T>(given: T): T => {
  if (typeof given === 'object' && given !== null) for (const each of Object.values(given)) frozen(each);
  return Object.freeze(given);
};

test('4: the same input gives the same output, byte for byte, and is not touched', () => {
  fc.assert(
    fc.property(anySample, anySample, (sample, other) => {
      const twin = structuredClone(sample);
      const once = JSON.stringify(on(frozen(sample)));
      on(other);
      expect(JSON.stringify(on(twin))).toBe(once);
    }),
    RUNS,
  );
});

test('every decision and memory survives the state: whole counts, reasons, a bounded memory', () => {
  fc.assert(
    fc.property(anySample, (sample) => expectRecords(sample, on(sample))),
    RUNS,
  );
});
