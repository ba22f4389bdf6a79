/**
 * What the operator has paused: scale-in, scale-out, both, or everything at a count. It comes after every rule and before the
 * bounds, which win. A count to be held is the operator's word like the bounds themselves: it is set although something
 * is unknown or scale-in is switched off.
 */
import type { Guard } from './guard.ts';

export const pause: Guard = (proposed, { service: { pause: paused }, counts: { desired } }) => {
  if (paused === undefined) return undefined;
  if (typeof paused === 'object')
    return proposed === paused.at ? undefined : { to: paused.at, why: `paused at ${paused.at}` };
  const what = proposed > desired ? 'out' : 'in';
  if (proposed === desired || (paused !== 'all' && paused !== what)) return undefined;
  return { to: desired, why: `scale-${what} is paused` };
};
