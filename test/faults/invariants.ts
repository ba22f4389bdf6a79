/**
 * What must hold after every story on the fault stage, whatever was broken in it: one execution acts on one term, no count leaves its bounds
 * or is lowered on ignorance, no decision has its effect twice, no cooldown is forgotten, a scale-out and its notice belong together, the loop
 * ticks again soon, and in the end the count is right.
 *
 * Each rule has its exceptions beside it, with the reason why nobody could do better: a request that the network delivers late, an object that
 * somebody has destroyed.
 */
import { actingViolations } from './invariants/acting.ts';
import { cooldownViolations } from './invariants/cooldowns.ts';
import { countViolations } from './invariants/counts.ts';
import { factsOf, type Violation } from './invariants/facts.ts';
import { livenessViolations } from './invariants/liveness.ts';
import { noticeViolations } from './invariants/notices.ts';
import type { Recording } from './recording.ts';

export type { Violation };

/** Everything that went against the rules, in the order of time. */
export const violationsIn = (recording: Recording): readonly Violation[] => {
  const facts = factsOf(recording);
  return [
    ...actingViolations(facts),
    ...countViolations(facts),
    ...cooldownViolations(facts),
    ...noticeViolations(facts),
    ...livenessViolations(facts),
  ].toSorted((one, other) => one.time - other.time);
};

/** As {@link violationsIn}, the sentences alone. */
export const violationsOf = (recording: Recording): readonly string[] =>
  violationsIn(recording).map(({ what }) => what);
