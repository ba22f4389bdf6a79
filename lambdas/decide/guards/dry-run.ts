/**
 * Everything is decided and nothing is done: the last of all, after the bounds, so that it says what would have happened. The
 * decision is a hold, which nobody applies, tells of, or remembers as an action. Cooldowns and limits therefore never begin, and
 * the same change is announced at every tick for as long as its reason lasts. It keeps the count that it would have set,
 * so that the log has one line when that changes and not one per tick.
 *
 * A dry run changes nothing whatever the count is: it is the one case in which a count stays outside its bounds.
 */
import type { Guard } from './guard.ts';

export const dryRun: Guard = (proposed, { service, counts: { desired }, kept }) => {
  if (service.dryRun !== true) return kept === undefined ? undefined : { to: proposed, kept: [] };
  const keeps = { to: desired, kept: [proposed] };
  return proposed === desired ? keeps : { ...keeps, why: `dry run: would go from ${desired} to ${proposed}` };
};
