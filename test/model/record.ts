/**
 * What has been promised, and what has happened so far that it can be judged by. Everything here is seen from outside: by what
 * landed in S3 and what reached ECS, never by what an execution believes.
 *
 * - **One term, one execution.** No two executions are given the same term, and none acts on a term that is another's.
 * - **Nothing is forgotten.** What was acted on is in the object from then on, and in the memory of whoever gets the lane.
 * - **Terms only grow**, and what an operator has paused stays paused until he resumes it.
 * - **A stale save is refused.** Only an execution whose term is the object's is let act. What that can't promise: the call of ECS comes
 *   after the save, so whoever is given the lane in between (a take-over by a person; a successor whose start seemed to have failed)
 *   may act before it. Everyone else waits for the lease's end, and the save has moved that past apply's time limit.
 */
import type { Bucket } from './bucket.ts';
import { actsIn, KEY, leaseIn } from './rooms.ts';

const { max } = Math;

export interface Record {
  /** Whose a term is. */
  readonly holders: Readonly<{ [term: number]: string }>;
  /** What has reached ECS. */
  readonly acts: readonly number[];
  /** The newest term that has acted. */
  readonly newest: number;
  readonly paused: boolean;
}

export const nothingYet: Record = { holders: {}, acts: [], newest: 0, paused: false };

/** What it is now, and the promise that was broken by that. */
export interface Judged {
  readonly record: Record;
  readonly broken?: string | undefined;
}

const forgotten = (acts: readonly number[], known: readonly number[]): number | undefined =>
  acts.find((act) => !known.includes(act));

const held = (record: Record, actor: string, term: number): string | undefined => {
  const holder = record.holders[term];
  return holder === undefined || holder === actor
    ? undefined
    : `${actor} and ${holder} both hold term ${term}`;
};

/** An execution has been told that the lane is its own. */
export const judgeHolder = (
  record: Record,
  actor: string,
  term: number,
  memory: readonly number[],
): Judged => {
  const lost = forgotten(record.acts, memory);
  return {
    record: { ...record, holders: { ...record.holders, [term]: actor } },
    broken:
      held(record, actor, term) ??
      (lost === undefined ? undefined : `${actor} begins term ${term} without knowing of act ${lost}`),
  };
};

/** Something has been written. */
export const judgeWrite = (record: Record, before: Bucket, after: Bucket): Judged => {
  const [old, now] = [leaseIn(before[KEY]?.body), leaseIn(after[KEY]?.body)];
  if (now === undefined || now === old) return { record };
  const lost = forgotten(record.acts, actsIn(now.memory));
  const broken =
    old !== undefined && now.term < old.term
      ? `the lane goes back from term ${old.term} to term ${now.term}`
      : lost !== undefined
        ? `the object of term ${now.term} does not know of act ${lost} any more`
        : record.paused && !now.paused
          ? 'the lane goes on although it is paused'
          : undefined;
  return { record: { ...record, paused: now.paused }, broken };
};

/** The save has let an execution act. */
export const judgeLeave = (record: Record, actor: string, term: number, bucket: Bucket): Judged => {
  const now = leaseIn(bucket[KEY]?.body)?.term;
  const broken =
    now !== term
      ? `${actor} is let act on term ${term} while the lane is at ${now}`
      : record.paused
        ? `${actor} is let act while the lane is paused`
        : undefined;
  return { record, broken };
};

/** ECS has accepted a count. @param overtaken whether a person or a doubled start may have put another in its place */
export const judgeAct = (
  record: Record,
  actor: string,
  term: number,
  act: number,
  overtaken: boolean,
): Judged => ({
  record: {
    ...record,
    acts: record.acts.includes(act) ? record.acts : [...record.acts, act].sort((one, other) => one - other),
    newest: max(record.newest, term),
  },
  broken:
    held(record, actor, term) ??
    (term < record.newest && !overtaken
      ? `${actor} acts on term ${term} after term ${record.newest} has acted`
      : undefined),
});
