/**
 * The bounds, last in the line so that nothing gets past them: not an unknown reading, not a disabled scale-in. Whoever
 * lowers `max` below the present count means it.
 */
import type { Guard } from './guard.ts';

export const tasks: Guard = (proposed, { service: { tasks: bounds } }) => {
  if (proposed > bounds.max) return { to: bounds.max, why: `at most ${bounds.max}` };
  if (proposed < bounds.min) return { to: bounds.min, why: `at least ${bounds.min}` };
  return undefined;
};
