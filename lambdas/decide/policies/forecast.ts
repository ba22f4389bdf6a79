/**
 * What the others are about to ask for, so that tasks that take minutes to start are there in time. Only a floor: of its answer
 * and theirs the higher counts, so it never scales in; 0 means that it has nothing to say.
 *
 * It forecasts the need, which is what the other policies came to, a horizon ahead: `seasonal` by what was needed a season ago
 * at that time, `smoothing` by level and trend of late. It learns both from its own memory. Whether it is any good it measures
 * itself: what it forecast for a moment is compared with what was needed then, and only while it was off by at most `maxError`
 * of late is it a floor. A forecast that is wrong so switches itself off, and on again once it is right.
 *
 * The seasonal floor is the *rise* that is coming, on top of what is needed now, and at most the level that it rises to. On a
 * plateau that is nothing, and so is a day that has less than the one before. The level itself for a floor would be held all day,
 * also under rules that step down from whatever count they find (`threshold`, `rules`): these would confirm every count that
 * a floor holds up, and the forecast would never be found wrong. It would cost 1 to 2 % more task-seconds in the mean, and 7 %
 * more with a batch, for hardly fewer late messages (0.09 % in place of 0.12).
 *
 * Measured with `bench/forecast.ts` under queueDelay with a target of 30 s, means of nine loads: messages that wait longer than the
 * target, and task-seconds as a multiple of those without a forecast.
 *
 * | tasks take | without | seasonal         | smoothing        |
 * |------------|---------|------------------|------------------|
 * | 60 s       | 1.03 %  | 0.12 %; 0.98 ×   | 0.96 %; 1.01 ×   |
 * | 120 s      | 2.02 %  | 0.29 %; 0.97 ×   | 2.02 %; 1.02 ×   |
 * | 300 s      | 6.42 %  | 2.19 %; 0.95 ×   | 6.45 %; 0.99 ×   |
 *
 * So under queueDelay, which looks ahead itself, level and trend gain nothing: they are for rules that only look at the present
 * (half of the late messages of a ramp, `test/decide/policies/forecast-stories.test.ts`). On Wikipedia's load, which is smooth,
 * nothing is gained by anybody, and the season costs 1.3 % more.
 *
 * Sources: `shared/facts/bench.md` §2 and §4.7: forecasts alone lose, as a floor they gain where tasks take more than 60 to 120 s
 * to start; exponential smoothing and the seasonal naive are the cheap ones with the best evidence.
 *
 * Gotchas:
 * - Seasons are counted from the epoch, in UTC: a load that follows local time shifts by an hour twice a year, which is
 *   learned within two seasons.
 * - `season: 24h` takes Saturday for another Friday, finds out within the first rise that does not come, and takes Monday for
 *   another Sunday. `7d` knows the weekend, in parts of 4.2 hours, and takes a week to learn it.
 * - What lasts less than three horizons is not learned (`forecast/learning.ts`).
 * - While one of several sources is unknown, the need is that of the others: it learns too little then, never too much.
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
