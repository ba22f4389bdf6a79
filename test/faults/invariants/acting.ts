/** Who acts: one execution on one term, terms that only grow, nobody in a paused lane, and never twice. */
import type { RecordedUpdate } from '../recording.ts';
import { directionOf, type Facts, idOf, isOlder, type Violation } from './facts.ts';

interface Act {
  readonly term: number;
  readonly delivery: number;
  readonly time: number;
  readonly what: string;
}

/** Whatever one may do only as the holder of a term. */
const actsIn = ({ recording: { updates, leases, acquisitions } }: Facts): readonly Act[] =>
  [
    ...acquisitions.filter(({ acquired }) => acquired).map((each) => ({ ...each, what: 'took the lane' })),
    ...updates.map((each) => ({ ...each, what: `set ${each.key} to ${each.to}` })),
    ...leases.flatMap(({ time, lease, by }) =>
      by === 'story' || lease === undefined || by.room !== 'apply'
        ? []
        : [{ term: lease.term, delivery: by.delivery, time, what: 'saved its memory' }],
    ),
  ].toSorted((one, other) => one.time - other.time);

const sharedTerms = (facts: Facts): readonly Violation[] => {
  const holders = new Map<number, Act>();
  return actsIn(facts).flatMap((act) => {
    const holder = holders.get(act.term);
    if (holder === undefined) holders.set(act.term, act);
    if (holder === undefined || holder.delivery === act.delivery) return [];
    return [
      facts.violation(
        act.time,
        `delivery ${act.delivery} ${act.what} on term ${act.term}, on which delivery ${holder.delivery} ${holder.what} before`,
      ),
    ];
  });
};

/** The lane's object never goes back to an earlier term, unless somebody has destroyed it. */
const fallingTerms = ({ recording: { leases }, violation }: Facts): readonly Violation[] => {
  let highest = 0;
  return leases.flatMap(({ time, lease, by }) => {
    if (by === 'story') {
      highest = lease?.term ?? 0;
      return [];
    }
    if (lease === undefined) return [violation(time, `delivery ${by.delivery} wrote what is no lease`)];
    const before = highest;
    highest = Math.max(before, lease.term);
    return lease.term < before
      ? [
          violation(
            time,
            `delivery ${by.delivery} took the lane's object back from term ${before} to ${lease.term}`,
          ),
        ]
      : [];
  });
};

const hasEffect = ({ from, to }: RecordedUpdate): boolean => from !== to;

const repeats = ({
  recording: { updates },
  violation,
  isOvertaken,
  meddled,
}: Facts): readonly Violation[] => {
  const before = new Map<string, RecordedUpdate>();
  return updates.flatMap((update) => {
    const { term, at, key, time, from, to } = update;
    const id = idOf(term, at, key);
    const first = before.get(id);
    if (first === undefined) before.set(id, update);
    if (first === undefined || !hasEffect(update) || isOvertaken(update)) return [];
    // A repeat that would have changed nothing, had nobody else set another count meanwhile, and no older call arrived that late.
    const isBetween = (each: RecordedUpdate): boolean =>
      each.key === key && each.time > first.time && each.time < time;
    if (meddled(key, first.time, time)) return [];
    if (updates.some((each) => isBetween(each) && hasEffect(each) && isOvertaken(each))) return [];
    return [
      violation(time, `the decision of ${at} on ${key} had its effect a second time, ${from} -> ${to}`),
    ];
  });
};

/** An older decision after a newer one of the same service. */
const undone = ({ recording: { updates }, violation, isOvertaken }: Facts): readonly Violation[] => {
  const newest = new Map<string, RecordedUpdate>();
  return updates.flatMap((update) => {
    const { key, at, term, time, from, to } = update;
    const newer = newest.get(key);
    if (newer === undefined || isOlder(newer, update)) newest.set(key, update);
    if (newer === undefined || !isOlder(update, newer) || !hasEffect(update) || isOvertaken(update))
      return [];
    const what = `the decision of ${at} (term ${term}) set ${key} ${from} -> ${to} after that of ${newer.at} (term ${newer.term})`;
    return [violation(time, what)];
  });
};

/** An apply that saved before the pause may still be calling ECS: its function's time limit. */
const ACTING_MS = 20_000;

const inPauses = ({
  recording: { updates, pauses, ended },
  violation,
  isOvertaken,
}: Facts): readonly Violation[] =>
  pauses.flatMap(({ from, until = ended }) =>
    updates
      .filter((update) => update.time > from + ACTING_MS && update.time < until && hasEffect(update))
      .filter((update) => !isOvertaken(update))
      .map(({ time, key, from: before, to }) =>
        violation(time, `${key} ${before} -> ${to} in a paused lane`),
      ),
  );

/** Of single services, and only while the object that says so is whole. */
const inServicePauses = ({
  recording: { leases, updates, ended },
  violation,
  isOvertaken,
}: Facts): readonly Violation[] => {
  const changed = leases.filter(({ by }) => by === 'story');
  return changed.flatMap(({ time, lease }, nth) => {
    const to = changed[nth + 1]?.time ?? ended;
    return Object.entries(lease?.pauses ?? {}).flatMap(([scope, { what, until }]) =>
      updates
        .filter((update) => {
          const isMeant =
            (scope === '*' || scope === update.key) && (what === 'all' || what === directionOf(update));
          const end = Math.min(to, until === undefined ? to : Date.parse(until));
          return (
            isMeant &&
            hasEffect(update) &&
            update.time > time + ACTING_MS &&
            update.time < end &&
            !isOvertaken(update)
          );
        })
        .map(({ time: then, key, from, to: after }) =>
          violation(then, `${key} ${from} -> ${after} while ${what} of ${scope} is paused`),
        ),
    );
  });
};

export const actingViolations = (facts: Facts): readonly Violation[] => [
  ...sharedTerms(facts),
  ...fallingTerms(facts),
  ...repeats(facts),
  ...undone(facts),
  ...inPauses(facts),
  ...inServicePauses(facts),
];
