/**
 * Changes in one direction are at least a cooldown apart, across hand-overs, deaths and clocks that disagree. What counts is the time that
 * decide was told (`at`): by it the loop remembers, so that no clock that is off may shorten a cooldown in those terms.
 */
import type { RecordedUpdate } from '../recording.ts';
import { directionOf, type Facts, type Violation } from './facts.ts';

/** Decide rounds to whole seconds. */
const ROUNDING_MS = 500;

export const cooldownViolations = (facts: Facts): readonly Violation[] => {
  const { recording, violation, decidedFor, isOvertaken, forgotten } = facts;
  const last = new Map<string, RecordedUpdate>();
  return recording.updates.flatMap((update) => {
    const { key, time, at, from, to } = update;
    const direction = directionOf(update);
    // What moved against its own decision met a count that somebody else had changed meanwhile.
    if (from === to || isOvertaken(update) || decidedFor(update)?.decision.direction !== direction) return [];
    const slot = `${direction} ${key}`;
    const before = last.get(slot);
    last.set(slot, update);
    const service = recording.services.find((each) => each.key === key);
    if (service === undefined) return [];
    const needed = service.cooldown[direction];
    // The bounds wait for no cooldown: somebody else has set a count beyond them.
    if (from < service.min || from > service.max) return [];
    if (needed === 0 || before === undefined || before.at === at) return [];
    const passed = Date.parse(at) - Date.parse(before.at);
    if (passed >= needed * 1000 - ROUNDING_MS || forgotten(before.time, time)) return [];
    const what = `scale-${direction} of ${key} ${from} -> ${to} only ${passed / 1000} s after ${before.from} -> ${before.to}`;
    return [
      violation(time, `${what}, the cooldown is ${needed} s (terms ${before.term} and ${update.term})`),
    ];
  });
};
