/**
 * A pause between two actions in the same direction. `priorityOverride` lets scale-out pass its own. An action that
 * lies in the future (a clock that went back) counts as just done.
 */
import type { Guard } from './guard.ts';

/**
 * Whole seconds: ticks lie on a grid of them but for some milliseconds, and without rounding a cooldown of 15 s would last
 * 20 s whenever the tick on the dot came a millisecond early.
 */
const secondsSince = (then: string, now: string): number =>
  Math.max(0, Math.round((Date.parse(now) - Date.parse(then)) / 1000));

export const cooldown: Guard = (proposed, { service, counts: { desired }, memory, at }) => {
  const { cooldown: pause } = service;
  const out = proposed > desired;
  const last = out ? memory.lastOut : memory.lastIn;
  const needed = out ? pause.out : pause.in;
  if (proposed === desired || last === undefined) return undefined;
  const passed = secondsSince(last.at, at);
  if (passed >= needed) return undefined;
  const what = out ? 'scale-out' : 'scale-in';
  const since = `${passed} s since the last ${what}, the cooldown is ${needed} s`;
  if (out && pause.priorityOverride)
    return { to: proposed, why: `${since}, overridden: scale-out has priority` };
  return { to: desired, why: since };
};
