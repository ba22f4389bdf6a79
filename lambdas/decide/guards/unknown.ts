/** What cannot be seen is never taken for nothing: with any reading unknown, the count is not lowered. */
import type { Guard } from './guard.ts';

export const unknown: Guard = (proposed, { unknown: why, counts }) => {
  if (why === undefined) return undefined;
  return { to: Math.max(proposed, counts.desired), why: `not lowered while something is unknown: ${why}` };
};
