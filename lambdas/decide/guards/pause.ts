/**
 * What the operator has paused, in the configuration or by command: scale-in, scale-out, both, or everything at a count. It comes after every
 * rule and before the bounds, which win. A count to be held is the operator's word like the bounds themselves: it is set although
 * something is unknown or scale-in is switched off.
 */
import type { Pausable } from '../../contract/records.ts';
import type { Guard, Guarded } from './guard.ts';

/** What is paused by command, as long as it lasts. */
const commanded = ({ memory: { paused }, at }: Guarded): Pausable | undefined =>
  paused?.until === undefined || Date.parse(paused.until) > Date.parse(at) ? paused?.what : undefined;

export const pause: Guard = (proposed, situation) => {
  const { service, counts } = situation;
  const { desired } = counts;
  const configured = service.pause;
  if (typeof configured === 'object')
    return proposed === configured.at ? undefined : { to: configured.at, why: `paused at ${configured.at}` };
  if (proposed === desired) return undefined;
  const what = proposed > desired ? 'out' : 'in';
  const holds = (paused: Pausable | undefined): boolean => paused === 'all' || paused === what;
  if (holds(configured)) return { to: desired, why: `scale-${what} is paused` };
  if (!holds(commanded(situation))) return undefined;
  const { until } = situation.memory.paused ?? {};
  return {
    to: desired,
    why: `scale-${what} is paused by command${until === undefined ? '' : ` until ${until}`}`,
  };
};
