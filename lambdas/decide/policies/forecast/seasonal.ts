/** What was needed a season ago at this time of the season. What it sees and learns is in `learning.ts`. */

import { enoughFor, freshFor, fromKept, type Learned, learned, toKept } from './learning.ts';
import { type Floor, noFloor, type Told } from './method.ts';
import { rangeOf, widthOf } from './season.ts';
import { notUsed, offOfLate, shareOf, spelled, tasks, tooOld } from './sentence.ts';

/**
 * What is about to be needed: the most of the season from now until the horizon, but no more than it rises by, on top of
 * what is needed now.
 */
const floorOf = ({ policy, at, need }: Told, now: Learned): Omit<Floor, 'kept'> | undefined => {
  const width = widthOf(now.length);
  // A rise is known to a tenth of a part, and to a tick.
  const slack = Math.max(width / 10, now.tick);
  const ahead = policy.horizon + now.tick + slack;
  const coming = rangeOf(now.season, width, at, at + ahead);
  const gone = rangeOf(now.season, width, at - 3 * slack, at);
  if (coming === undefined || gone === undefined) return undefined;
  const base = Math.max(need ?? 0, now.usual);
  const rise = Math.max(0, coming.highest - gone.lowest);
  const to = Math.round(Math.min(coming.highest, base + rise));
  const then = `${tasks(gone.lowest)} needed at this time ${spelled(now.length)} ago`;
  const later = `within ${spelled(Math.round(ahead))}`;
  const why =
    rise === 0
      ? `${then} and no more ${later}`
      : `${then} and ${tasks(coming.highest)} ${later}: ${tasks(rise)} on top of ${tasks(base)}`;
  return { to, why: `${why}, ${offOfLate(now.accuracy)}` };
};

const learning = ({ season, length, accuracy }: Learned): string => {
  const parts = season.filter((part) => part !== undefined).length;
  const seen = `learning: ${shareOf(parts * widthOf(length), length)} seen`;
  return accuracy.seconds === 0
    ? seen
    : `${seen}, compared for ${shareOf(accuracy.seconds, enoughFor(length))}`;
};

export const seasonal = (told: Told): Floor => {
  const { policy, at, need } = told;
  const length = Math.round(policy.season);
  const before = fromKept(told.kept, length);
  const seen = need === undefined ? undefined : { length, at, need, horizon: policy.horizon };
  const now = seen === undefined ? before : learned(before, seen);
  if (now === undefined) return noFloor('learning: nothing seen yet');
  const ago = at - now.last;
  if (ago < 0 || ago > freshFor(length)) return noFloor(tooOld(ago));
  const kept = seen === undefined ? undefined : toKept(now);
  const floor = now.accuracy.seconds < enoughFor(length) ? undefined : floorOf(told, now);
  if (floor === undefined) return noFloor(learning(now), kept);
  if (now.accuracy.off > policy.maxError) return noFloor(notUsed(now.accuracy, policy.maxError), kept);
  return { ...floor, kept };
};
