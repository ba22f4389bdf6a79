/** What the rules look up in a recording again and again. */
import type { Api } from '../fault.ts';
import type { RecordedDecision, RecordedLease, RecordedUpdate, Recording } from '../recording.ts';

export interface Violation {
  /** When it shows, on the stage's clock. */
  readonly time: number;
  /** One sentence, which begins with that time as seconds since the story's beginning. */
  readonly what: string;
}

export interface Facts {
  readonly recording: Recording;
  readonly violation: (time: number, what: string) => Violation;
  /** What decide had said of an accepted change. */
  readonly decidedFor: (update: RecordedUpdate) => RecordedDecision | undefined;
  /** A call of that API that arrives now may have been sent long before. */
  readonly mayBeLate: (api: Api, time: number) => boolean;
  /** The network brought it when its caller had long given up and a newer decision of the service had been accepted: no fence can stop that. */
  readonly isOvertaken: (update: RecordedUpdate) => boolean;
  /**
   * Whether the lane's object was destroyed and nobody was left who knew what was in it: who begins anew then cannot know what was
   * before.
   */
  readonly forgotten: (from: number, to: number) => boolean;
  /** Somebody else set the count of that service then, deleted it or made it. */
  readonly meddled: (key: string, from: number, to: number) => boolean;
}

/** A tick and a service: what makes a decision one and the same. */
export const idOf = (term: number, at: string, key: string): string => `${term} ${at} ${key}`;

export const directionOf = ({ from, to }: RecordedUpdate): 'in' | 'out' => (to < from ? 'in' : 'out');

/** How much later than it was sent a request may arrive; see `lateSeconds` of a fault. */
const LATEST_MS = 60_000;

/** An older tick than the other's. */
export const isOlder = (one: RecordedUpdate, other: RecordedUpdate): boolean =>
  one.term < other.term || (one.term === other.term && Date.parse(one.at) < Date.parse(other.at));

const isDestruction = ({ by, lease }: RecordedLease): boolean => by === 'story' && lease === undefined;

/** What was put aside from there lies elsewhere. */
const isLaneObject = ({ key }: RecordedLease): boolean => key.endsWith('/lease.json');

/** @param whole the recording; other objects than the lane's are left out of what the rules see */
export const factsOf = (whole: Recording): Facts => {
  const recording = { ...whole, leases: whole.leases.filter(isLaneObject) };
  const { began, decisions, updates, faults, leases, acquisitions, executions, events } = recording;
  const decided = new Map(
    decisions.map((each) => {
      const { term, at, cluster, service } = each.decision;
      return [idOf(term, at, `${cluster}/${service}`), each];
    }),
  );
  const mayBeLate: Facts['mayBeLate'] = (api, time) =>
    faults
      .filter((fault) => fault.how === 'late' && fault.hits > 0 && (fault.api === api || fault.api === 'any'))
      .some(
        ({ from, firstHit = from, lastHit = firstHit }) => firstHit <= time && time <= lastHit + LATEST_MS,
      );
  const heirs = new Set(executions.filter(({ by }) => by === 'hand-over').map(({ delivery }) => delivery));

  return {
    recording,
    violation: (time, what) => ({ time, what: `+${((time - began) / 1000).toFixed(1)} s: ${what}` }),
    decidedFor: ({ term, at, key }) => decided.get(idOf(term, at, key)),
    mayBeLate,
    isOvertaken: (update) =>
      mayBeLate('ecs:UpdateService', update.time) &&
      updates.some(
        (other) => other.key === update.key && other.time <= update.time && isOlder(update, other),
      ),
    meddled: (key, from, to) =>
      events.some(
        ({ time, what }) =>
          time >= from && time <= to && /^(somebody sets|service) /.test(what) && what.includes(` ${key} `),
      ),
    forgotten: (from, to) =>
      leases.some(
        (lease) =>
          isDestruction(lease) &&
          lease.time <= to &&
          acquisitions.some(
            ({ acquired, time, delivery }) =>
              acquired && !heirs.has(delivery) && time >= Math.max(from, lease.time) && time <= to,
          ),
      ),
  };
};
