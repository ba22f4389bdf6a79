/**
 * The loop ticks again within two intervals of a fault's end, or within 120 s where nobody was left who could.
 *
 * A fault disturbs from the first call that it met until the last; a call that was under way then must still come to its end. In what is left, the
 * undisturbed time, each stretch without a tick is taken apart: for how long was nobody alive, and for how long did somebody live and not tick?
 * Only ticks of the term that the lane's object shows count, and only its holder and its holder's heirs are alive: who has lost the lane may do what they like.
 */
import type { Room } from '../../../lambdas/log.ts';
import { TIME_LIMITS } from '../../../lib/time-limits.ts';
import type { RecordedFault, Recording } from '../recording.ts';
import type { Facts, Violation } from './facts.ts';

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Waits are in whole seconds, a state is tried again after one, and a hand-over takes one or two calls. */
const SLACK_MS = 4000;

/** A dead lane is to be back by then: the lease's rest and the schedule's next look. */
const REVIVAL_MS = 120_000;

/** When the caller of an integration of Step Functions gives up and goes on: 5 s, and 1 s until the next try. */
const INTEGRATION_MS = 6000;

/** The pause before a state is tried again, and what ending a function takes. */
const RETRY_MS = 2000;

const SILENT: ReadonlySet<string> = new Set(['silent', 'mute', 'late']);

const union = (stretches: readonly Stretch[]): readonly Stretch[] => {
  const merged: Stretch[] = [];
  for (const each of stretches.toSorted((one, other) => one.from - other.from)) {
    const last = merged.at(-1);
    if (last !== undefined && each.from <= last.to)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, each.to) };
    else if (each.to >= each.from) merged.push(each);
  }
  return merged;
};

/** What is left of a stretch without those of a {@link union}. */
const without = ({ from, to }: Stretch, holes: readonly Stretch[]): readonly Stretch[] => {
  const left: Stretch[] = [];
  let start = from;
  for (const hole of holes) {
    if (hole.to <= start || hole.from >= to) continue;
    if (hole.from > start) left.push({ from: start, to: hole.from });
    start = hole.to;
  }
  return start < to ? [...left, { from: start, to }] : left;
};

const length = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, { from, to }) => sum + to - from, 0);

/** How long Step Functions waits for what does not answer, when no invocation shows it. */
const patienceFor = ({ api, how }: RecordedFault): number => {
  if (api === 'states:StartExecution' || api === 'sns:Publish' || api === 'any') return INTEGRATION_MS;
  if (!api.startsWith('lambda:') || !SILENT.has(how)) return 0;
  return TIME_LIMITS[api.slice('lambda:'.length) as Room] * 1000 + RETRY_MS;
};

/** From the first call that it met until everybody who met it has given up. */
const disturbanceBy = (fault: RecordedFault, { invocations }: Recording): Stretch => {
  const { from, firstHit = from, lastHit = firstHit } = fault;
  const underWay = invocations.filter(({ began, ended }) => began <= lastHit && ended >= lastHit);
  return {
    from: firstHit,
    to: Math.max(lastHit + patienceFor(fault), ...underWay.map(({ ended }) => ended)),
  };
};

const disturbancesIn = (recording: Recording): readonly Stretch[] =>
  union([
    ...recording.faults.filter(({ hits }) => hits > 0).map((fault) => disturbanceBy(fault, recording)),
    ...recording.pauses.map(({ from, until = recording.ended }) => ({ from, to: until })),
  ]);

interface Reign {
  readonly from: number;
  readonly term: number;
}

/** Whose term the lane's object showed from when on: what counts is the order of writes, an answer may be slow. */
const reignsIn = ({ leases }: Recording): readonly Reign[] =>
  leases
    .flatMap(({ time, lease, by }) =>
      by === 'story' || lease === undefined ? [] : [{ from: time, term: lease.term }],
    )
    .filter((reign, nth, all) => reign.term !== all[nth - 1]?.term);

/** When somebody lived who has the lane, or was started by one who had. */
const livesIn = (
  { executions, acquisitions, ended: end }: Recording,
  reigns: readonly Reign[],
): readonly Stretch[] =>
  union(
    executions.flatMap(({ delivery, began, by, ended = end }) => {
      const own = acquisitions.filter((each) => each.acquired && each.delivery === delivery);
      const first = own[0];
      if (first === undefined) return by === 'hand-over' ? [{ from: began, to: ended }] : [];
      const reign = reigns.findLastIndex(({ term }) => term === own.at(-1)?.term);
      const lost = reigns[reign + 1]?.from ?? end;
      return [{ from: by === 'hand-over' ? began : first.time, to: Math.min(ended, lost) }];
    }),
  );

/** Of the holders. */
const tickTimes = ({ ticks }: Recording, reigns: readonly Reign[]): readonly number[] =>
  ticks
    .filter(({ term, time }) => reigns.findLast(({ from }) => from <= time)?.term === term)
    .map(({ time }) => time);

export const livenessViolations = ({ recording, violation }: Facts): readonly Violation[] => {
  const { began, ended, intervalSeconds } = recording;
  const reigns = reignsIn(recording);
  const lives = livesIn(recording, reigns);
  const ticks = tickTimes(recording, reigns);
  // A lane that sleeps is looked at once a minute: from when on it has to be revived is when its object was damaged.
  const damages = recording.leases.flatMap(({ time, by }) => (by === 'story' ? [time] : []));
  const soon = 2 * intervalSeconds * 1000 + SLACK_MS;

  return without({ from: began, to: ended }, disturbancesIn(recording)).flatMap(({ from, to }) => {
    const between = [...ticks, ...damages].filter((time) => time > from && time < to);
    const marks = [from, ...between.toSorted((one, other) => one - other), to];
    return marks.slice(1).flatMap((mark, nth) => {
      const silence = { from: marks[nth] ?? from, to: mark };
      const dead = length(without(silence, lives));
      const alive = length([silence]) - dead;
      const since = `since +${((silence.from - began) / 1000).toFixed(1)} s`;
      if (dead > REVIVAL_MS + SLACK_MS)
        return [violation(mark, `no tick ${since}, and nobody lived for ${Math.round(dead / 1000)} s of it`)];
      if (alive > soon)
        return [
          violation(
            mark,
            `no tick ${since}, though the lane had a holder for ${Math.round(alive / 1000)} s of it`,
          ),
        ];
      return [];
    });
  });
};
