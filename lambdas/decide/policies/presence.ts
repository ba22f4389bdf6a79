/**
 * Serverless ECS Scaler's rule (`shared/facts/seeds.md`, system B): exactly `tasks` while there is any work, waiting or in
 * flight; 0 once there has been none for `emptyFor` without a break.
 *
 * Until then it keeps what there is, at most `tasks`: a service at 0 stays there, and next to other policies it does not
 * hold the many tasks that were theirs. (System B does nothing at all while it waits; alone it never has more than `tasks` by then,
 * unless somebody set a count by hand.)
 *
 * The clock starts again whenever it is not certain that there was no work: after an unknown reading, after one of which only a
 * part could be read, after 90 s in which nobody looked, and with memory that can't be right.
 *
 * Delayed messages (system B doesn't see them) are no work yet and wake nobody, since a task could not take them for up to 15
 * minutes; but the queue is not empty, and while there are any the clock does not run. When they become visible, the next tick
 * finds them, so that none is stranded.
 *
 * Kept: [empty since, last looked], in epoch seconds. Ticks lie on a grid of whole seconds but for some milliseconds.
 */
import type { PolicyOf } from '../../contract/policies.ts';
import { isLost } from '../window.ts';
import { backlogOf, type Kept, needsMessages, type Recommendation, type Situation } from './policy.ts';

/** Since when there was nothing to do; now, where that is not known. */
const emptySince = (kept: Kept | undefined, now: number): number => {
  const [since, last] = kept ?? [];
  if (since === undefined || last === undefined) return now;
  return since <= last && !isLost(last, now) ? since : now;
};

export const presence = (
  policy: PolicyOf<'presence'>,
  { reading, from, at, kept }: Situation,
): Recommendation => {
  const backlog = backlogOf(reading, true);
  if (backlog === undefined) return needsMessages('presence');
  const { tasks, emptyFor } = policy;
  const { size, said } = backlog;
  if (size > 0) return { known: true, to: tasks, why: `${said}: ${tasks} while there is work`, kept: [] };

  const least = Math.min(from, tasks);
  const { delayed = 0, atLeast } = reading;
  if (delayed > 0) return { known: true, to: least, why: `${said}, but ${delayed} delayed`, kept: [] };
  if (atLeast) return { known: true, to: least, why: `${said}, but only a part could be read`, kept: [] };

  const now = Math.round(at);
  const since = emptySince(kept, now);
  const empty = now - since;
  return {
    known: true,
    to: empty >= emptyFor ? 0 : least,
    why: `${said} for ${empty} s, 0 tasks after ${emptyFor} s`,
    kept: [since, now],
  };
};
