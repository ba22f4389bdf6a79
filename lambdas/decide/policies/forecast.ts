/**
 * What the others are about to ask for, so that tasks that take minutes to start are there in time. Only a floor: of its answer
 * and theirs the higher counts, so it never scales in; 0 means that it has nothing to add.
 *
 * It forecasts the need, which is what the other policies came to, a horizon ahead: `seasonal` by what was needed a season ago
 * at that time of the season, `smoothing` by level and trend of late. It learns both from its memory alone. Whether it is
 * any good it measures itself: what it forecast for a moment is compared with what was needed then, and only while it was off
 * by at most `maxError` of late is it a floor. A forecast that is wrong so switches itself off, and on again once it is right.
 *
 * A floor on which the season's plain level stands would cost what today has less than yesterday, all day long. So the seasonal
 * floor is the *rise* that is coming, on top of what is needed now, and at most the level that it rises to. On a plateau that
 * is nothing, also where the others only ever step down from the count they find (`threshold`, `rules`) and would confirm
 * any count that a floor holds up. In numbers, with the level itself for a floor in place of the rise: as few late
 * messages for 5 to 15 % more task-seconds (office hours 1.16 × instead of 1.12 × what the load needs, a batch 1.47 × instead of 1.28 ×).
 *
 * Measured (`bench/forecast.ts`, under `queueDelay` with a target of 30 s): where tasks take 60 s to start, messages that wait
 * longer than the target go from 1.4 to 0.2 %, at 120 s from 2.3 to 0.3 %, for the same task-seconds in the mean of eight
 * loads and at most 2 % more for a random one. `smoothing` leads a ramp and helps little else: 1.4 to 1.2 %.
 *
 * Sources: `shared/facts/bench.md` §2 and §4.7 (pure forecasts lose; as a floor they gain where tasks take more than 60 to 120 s to
 * start; exponential smoothing and the seasonal naive are the cheap ones with the best evidence).
 *
 * Gotchas:
 * - A season is counted from the epoch, in UTC: a load that follows local time shifts by an hour twice a year, and the
 *   forecast learns it within two days.
 * - `season: 24h` expects Saturday to be like Friday, and switches itself off within the first rise that doesn't come; `7d`
 *   knows the weekend, in parts of 4.2 hours.
 * - What lasts less than three horizons is not learned (`forecast/learning.ts`).
 */
import type { PolicyOf } from '../../contract/policies.ts';
import { seasonal } from './forecast/seasonal.ts';
import { smoothing } from './forecast/smoothing.ts';
import type { Recommendation, Situation } from './policy.ts';

export const forecast = (policy: PolicyOf<'forecast'>, situation: Situation): Recommendation => {
  const { others, tasks, kept: before } = situation;
  // More than `max` is never had, so it is not needed either.
  const need = others === undefined ? undefined : Math.max(0, Math.min(others, tasks.max));
  const method = policy.method === 'smoothing' ? smoothing : seasonal;
  const { to, why, kept } = method({ policy, at: Math.round(situation.at), kept: before, need });
  return { known: true, to, why, ...(kept === undefined ? {} : { kept }) };
};
