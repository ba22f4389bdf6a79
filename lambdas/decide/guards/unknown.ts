/**
 * What cannot be seen is never taken for nothing: with any reading unknown, the count is not lowered.
 *
 * When that lasts for `fallback.after`, the fallback's tasks are what there is at least, be it written as a number or as
 * `{ atLeast: n }`: a number that lowers would be a decision on what nobody has seen. Unlike KEDA's fallback it works from 0 tasks and
 * when the source's client can't even be built, for that is a reading that is unknown too; sources that can be seen may
 * still ask for more. With scale-in out of the question, `hold` is what happens anyway.
 */
import type { Guard, Guarded } from './guard.ts';

/** The fallback's count, after how many seconds it holds and how long nothing could be seen. */
const fallbackOf = ({ service: { fallback }, memory, at }: Guarded) => {
  if (fallback === undefined || fallback.tasks === 'hold') return undefined;
  const { tasks, after } = fallback;
  const since = Date.parse(memory.unknownSince ?? at);
  const passed = Math.max(0, Math.round((Date.parse(at) - since) / 1000));
  return { least: typeof tasks === 'number' ? tasks : tasks.atLeast, after, passed };
};

export const unknown: Guard = (proposed, guarded) => {
  const { unknown: why, counts } = guarded;
  if (why === undefined) return undefined;
  const held = Math.max(proposed, counts.desired);
  const fallback = fallbackOf(guarded);
  if (fallback === undefined || fallback.least <= held)
    return { to: held, why: `not lowered while something is unknown: ${why}` };
  const { least, after, passed } = fallback;
  if (passed < after)
    return {
      to: held,
      why: `not lowered while something is unknown, at least ${least} in ${after - passed} s: ${why}`,
    };
  return { to: least, why: `unknown for ${passed} s, so at least ${least}, the fallback: ${why}` };
};
