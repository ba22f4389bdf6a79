/**
 * Before the last task goes, there must have been nothing to do for some time without a break: nothing waiting, in flight or
 * delayed in any queue, and 0 where the source is a plain value. Until then one task stays.
 *
 * How long: `emptyFor`, else as long as the counters of a source may still lie (`settlesInSeconds`: a minute for SQS, whose
 * counts are those of some of its servers), else no time at all. It is asked of every policy: `threshold` for one would stop
 * the last task with 50 messages waiting.
 *
 * The time begins anew with whatever casts doubt on it: an unknown reading, one of which only a part could be read, 90 s
 * without a look, a clock that went back, no memory. Numbers that only the policy understands (several of one answer, by
 * their aliases) say nothing of work; where a source has no others, it is empty while the policies ask for 0 tasks.
 *
 * Kept: [last looked, in epoch seconds; for how many seconds it had been empty].
 */
import type { KnownReading, Reading } from '../../contract/records.ts';
import { isLost } from '../window.ts';
import type { Guard, Guarded } from './guard.ts';

/** What of a reading is work; nothing where it has no such number. */
const workIn = ({ visible, inFlight, delayed, value }: KnownReading): readonly number[] => {
  const messages = [visible, inFlight, delayed].filter((each) => each !== undefined);
  return messages.length > 0 || value === undefined ? messages : [Math.max(0, value)];
};

/** Of readings that are whole: where one is not, something is `unknown`. */
export const isEmpty = (readings: readonly Reading[], proposed: number): boolean =>
  readings.length > 0 &&
  readings.every((reading) => {
    if (!reading.known) return false;
    const work = workIn(reading);
    return work.length === 0 ? proposed === 0 : work.every((each) => each === 0);
  });

const needed = ({ service, readings }: Guarded): number =>
  service.emptyFor ??
  Math.max(0, ...readings.map((reading) => (reading.known ? (reading.settlesInSeconds ?? 0) : 0)));

export const emptyFor: Guard = (proposed, guarded) => {
  const { service, counts, readings, kept, seconds, unknown } = guarded;
  if (service.tasks.min > 0 || counts.desired === 0)
    return kept === undefined ? undefined : { to: proposed, kept: [] };
  const now = Math.round(seconds);
  const [last = Number.NaN, before = 0] = kept ?? [];
  const passed = isLost(last, now) ? 0 : Math.max(0, before) + now - last;
  const empty = unknown === undefined && isEmpty(readings, proposed);
  const keeps = empty ? [now, passed] : [];

  const least = needed(guarded);
  if (proposed > 0 || (empty && passed >= least)) return { to: proposed, kept: keeps };
  const why = empty ? `for ${least} s without work, so far ${passed} s` : 'while there is work';
  return { to: 1, why: `the last task stays ${why}`, kept: keeps };
};
