/**
 * A look at a lane that sleeps. Nobody takes it for that: whoever finds nothing to do leaves the object as it is, which saves two writes a
 * minute, and whoever finds something asks again and then takes the lane like anybody else.
 *
 * Gotchas: a look may apply nothing, since several may look at once; the state machine sees to that. Every nine minutes one takes the lane all the
 * same and puts it back to sleep, so that the object tells that somebody still looks, and which services there are.
 */
import type { Lease } from '../store/lease-object.ts';
import { isLanePaused } from '../store/pauses.ts';
import type { Answer, Claim } from './claim.ts';
import { marked } from './succession.ts';

/** Another lane takes an object for dead that is ten minutes old (`other-lanes.ts`), and looks are a minute apart. */
const WRITTEN_EVERY_MS = 480_000;

/** @returns undefined: the lane is awake, or it is time to take it */
export const peek = (held: Lease, { mayPeek }: Claim, now: Date): Answer | undefined => {
  const slept = now.getTime() - Date.parse(held.expiresAt);
  if (mayPeek !== true || held.asleep !== true || isLanePaused(held, now)) return undefined;
  if (slept < 0 || slept >= WRITTEN_EVERY_MS) return undefined;
  const memory = marked(held.memory, held.pauses, now, undefined);
  const none = { notices: [], unsure: [], revived: false };
  return { acquired: true, peek: true, term: held.term, memory, lease: held, ...none };
};
