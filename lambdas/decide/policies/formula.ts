/**
 * The count that an expression comes to, rounded up: arithmetic over readings, counts and what the policies above it have said.
 *
 * Rounded up but for noise: 100 × 1.1 is 110.00000000000001 in doubles and means 110, so an excess of a billionth is none. Below
 * 0 is 0. A name that stands for nothing, or 1 / 0, is no answer and never 0 tasks.
 *
 * Gotcha: an expression over `desired` that adds (`desired + 2`) adds at every tick, also while the first ones start. The
 * policy `rules` knows better.
 */
import type { PolicyOf } from '../../contract/policies.ts';
import { roundedUp } from '../rounding.ts';
import type { Recommendation, Situation } from './policy.ts';

export const formula = ({ tasks }: PolicyOf<'formula'>, { measure }: Situation): Recommendation => {
  const measured = measure(tasks);
  if (!measured.known) return measured;
  return { known: true, to: Math.max(0, roundedUp(measured.value)), why: measured.said };
};
