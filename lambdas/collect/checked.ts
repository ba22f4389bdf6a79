/** Whether what a source answered is made of numbers, so that nothing else is ever decided with. */
import type { Sighting } from '../contract/source.ts';

/** The first field that is no number of anything: NaN, infinite, or negative where only a plain value may be. */
const impossibleIn = (fields: object): readonly [field: string, value: unknown] | undefined =>
  Object.entries(fields).find(
    ([field, value]) =>
      typeof value === 'number' && (!Number.isFinite(value) || (value < 0 && field !== 'value')),
  );

/** Everything a reading must be to count as known: numbers that are numbers. */
export const checked = (seen: Sighting): Sighting => {
  if (!seen.known) return seen;
  const { totals, values } = seen;
  const bad =
    impossibleIn(seen) ??
    (totals && impossibleIn(totals)) ??
    (values && Object.entries(values).find(([, value]) => !Number.isFinite(value)));
  return bad === undefined
    ? seen
    : { known: false, why: `the source answered ${bad[0]} = ${bad[1]}`, error: 'UnusableAnswer' };
};
