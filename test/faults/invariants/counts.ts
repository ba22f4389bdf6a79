/** Which counts are set: within the bounds, never lower on ignorance, nothing that was not decided, and the right one in the end. */
import type { Facts, Violation } from './facts.ts';

const outOfBounds = ({
  recording: { services, updates, decisions },
  violation,
}: Facts): readonly Violation[] =>
  services.flatMap(({ key, min, max }) => {
    const isOut = (to: number): boolean => to < min || to > max;
    return [
      ...updates
        .filter((each) => each.key === key && isOut(each.to))
        .map(({ time, to }) =>
          violation(time, `${key} was set to ${to}, which is not within ${min}..${max}`),
        ),
      ...decisions
        .filter(({ decision: { cluster, service, to } }) => `${cluster}/${service}` === key && isOut(to))
        .map(({ time, decision: { to } }) =>
          violation(time, `${key}: ${to} was decided, which is not within ${min}..${max}`),
        ),
    ];
  });

/** But the bounds hold whatever is known: a count that somebody else has set above them is brought back. */
const onIgnorance = ({ recording: { decisions, services }, violation }: Facts): readonly Violation[] =>
  decisions.flatMap(({ time, counted, decision: { cluster, service, from, to, reading } }) => {
    const key = `${cluster}/${service}`;
    const max = services.find((each) => each.key === key)?.max;
    if (to >= from || (counted && (reading.known || to === max))) return [];
    const unknown = reading.known ? 'the counts' : 'the reading';
    return [
      violation(time, `${key} was to be lowered from ${from} to ${to} while ${unknown} could not be seen`),
    ];
  });

const undecided = (facts: Facts): readonly Violation[] =>
  facts.recording.updates.flatMap((update) => {
    const { time, key, to, at, term } = update;
    const decided = facts.decidedFor(update);
    if (decided?.decision.to === to) return [];
    const instead = decided === undefined ? 'nobody had decided that' : `${decided.decision.to} was decided`;
    return [
      facts.violation(time, `${key} was set to ${to} for the tick of ${at} (term ${term}): ${instead}`),
    ];
  });

/** The policy leaves a count alone that is nearly right, as the HPA does: somebody else may have set it. */
const TOLERANCE = 0.1;

const wrongAtTheEnd = ({ recording: { counts, ended }, violation }: Facts): readonly Violation[] =>
  counts
    .filter(({ desired, right }) => Math.abs(desired - right) > TOLERANCE * desired)
    .map(({ key, desired, right }) =>
      violation(ended, `in the end ${key} has ${desired} tasks where ${right} are right`),
    );

export const countViolations = (facts: Facts): readonly Violation[] => [
  ...outOfBounds(facts),
  ...onIgnorance(facts),
  ...undecided(facts),
  ...wrongAtTheEnd(facts),
];
