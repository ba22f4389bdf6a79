/**
 * How many messages one task finishes in a second (µ), learned while every task works.
 *
 * The source's own counter of departures says it outright, per task that is busy. Elsewhere only the backlog moves: slope = λ − µ × busy, one
 * equation with two unknowns. They part when the number of busy tasks changes: before the first task of a burst runs, the
 * slope is λ; once ten run, it is λ − 10 µ. A Kalman filter over (λ, µ), in which λ wanders as arrivals do and µ hardly at
 * all, weighs that as it should: it gives a sudden change of the slope to whichever of the two is less certain.
 * (A regression of slope on busy tasks with forgetting was the other candidate. In a ramp that the tasks keep up with, the
 * slope stays 0 while they become more, and the regression concludes that tasks do nothing.)
 *
 * Until something is known: one message a second, which may be wrong by any factor. While all work on their first message,
 * nothing at all departs; µ is not taken for less than one message in the time that tasks have worked so far.
 */
export interface Speed {
  /** λ, messages per second, as far as it takes to learn µ. */
  readonly arrivals: number;
  /** µ, messages per task and second. */
  readonly perTask: number;
  /** Their covariance matrix. */
  readonly arrivalsVariance: number;
  readonly covariance: number;
  readonly perTaskVariance: number;
  /** Seconds in which every task worked. */
  readonly worked: number;
  /** Of those, the last ones without a break; 0 where departures are counted. */
  readonly standing: number;
}

const PRIOR_PER_TASK = 1;
/** Messages per task and second: the standard deviation of what nobody knows. */
const PRIOR_DEVIATION = 3;
export const priorSpeed: Speed = {
  arrivals: 0,
  perTask: PRIOR_PER_TASK,
  arrivalsVariance: 1e4,
  covariance: 0,
  perTaskVariance: PRIOR_DEVIATION ** 2,
  worked: 0,
  standing: 0,
};

const LONGEST_SECONDS = 3600;
const MOST_PER_SECOND = 1e4;
/** Where messages are fetched ahead or lost, every task seems busy. Where no more than this share does, those that do really are. */
const SOME = 0.95;
/** A surprise beyond so many standard deviations counts as one of so many: counters lie. */
const SURPRISE = 4;

export interface Work {
  readonly seconds: number;
  /** Growth of the backlog, messages per second. */
  readonly slope: number;
  /** Mean number of busy tasks. */
  readonly busy: number;
  /** By how much it changed meanwhile. */
  readonly busyChange: number;
  /** At both ends something waited and every task worked. */
  readonly full: boolean;
  /** No more tasks than this can have been busy. */
  readonly atMost: number;
  readonly size: number;
  readonly arrivals: number | undefined;
  readonly departures: number | undefined;
}

const update = (
  state: Speed,
  [first, second]: readonly [number, number],
  observed: number,
  noise: number,
  learns: boolean,
  jumps = false,
): Speed => {
  const { arrivals, perTask, arrivalsVariance, covariance: c, perTaskVariance: v } = state;
  const surprise = observed - first * arrivals - second * perTask;
  const expected = first * first * arrivalsVariance + 2 * first * second * c + second * second * v + noise;
  if (!(expected > 0)) return state;
  // A backlog that grows by more than busy tasks could do in all: those arrived, whatever tasks do.
  const burst = jumps && surprise > -second * perTask && surprise * surprise > 4 * noise;
  const jumped = burst || (jumps && surprise * surprise > 4 * expected);
  const p = arrivalsVariance + (jumped ? surprise * surprise : 0);
  const spread = expected + (jumped ? surprise * surprise : 0);
  const limit = SURPRISE * Math.sqrt(spread);
  const error = Math.max(-limit, Math.min(limit, surprise));
  const k = (p * first + c * second) / spread;
  const l = learns && !burst ? (c * first + v * second) / spread : 0;
  // Joseph's form: stays a covariance whatever the gains are.
  const [a, b, d, e] = [1 - k * first, -k * second, -l * first, 1 - l * second];
  return {
    ...state,
    arrivals: arrivals + k * error,
    perTask: perTask + l * error,
    arrivalsVariance: a * a * p + 2 * a * b * c + b * b * v + k * k * noise,
    covariance: a * d * p + (a * e + b * d) * c + b * e * v + k * l * noise,
    perTaskVariance: d * d * p + 2 * d * e * c + e * e * v + l * l * noise,
  };
};

/**
 * Arrivals wander so that a mean of 15 s follows them best; tasks change their speed by a few per cent in ten minutes. What was
 * rounded to be remembered, or is cut off here, must still be a covariance: one too large makes a variance negative and then
 * anything of µ (seen: 0.0125 for 1, and 53 tasks for 5).
 */
const drifted = (state: Speed, seconds: number): Speed => {
  const arrivalsVariance = state.arrivalsVariance + ((state.arrivals + 0.2) * 2 * seconds) / 225;
  const perTaskVariance = Math.min(
    state.perTaskVariance + (0.002 * state.perTask) ** 2 * seconds,
    (PRIOR_DEVIATION * Math.max(1, state.perTask)) ** 2,
  );
  const most = 0.9995 * Math.sqrt(arrivalsVariance * perTaskVariance);
  const covariance = Math.max(-most, Math.min(most, state.covariance));
  return { ...state, arrivalsVariance, covariance, perTaskVariance };
};

const bounded = (state: Speed): Speed => {
  const least = 1 / Math.min(LONGEST_SECONDS, Math.max(1, state.worked));
  const perTask = Math.max(Math.min(least, PRIOR_PER_TASK), Math.min(MOST_PER_SECOND, state.perTask));
  return {
    ...state,
    arrivals: Math.max(0, state.arrivals),
    perTask,
    // Never so sure that it stops to learn.
    perTaskVariance: Math.max(state.perTaskVariance, (0.03 * perTask) ** 2),
  };
};

/** Whether it is not even known to a factor of two. */
export const isGuess = ({ perTask, perTaskVariance }: Pick<Speed, 'perTask' | 'perTaskVariance'>): boolean =>
  perTaskVariance >= perTask * perTask;

/** How far to trust a µ while a queue has not run empty for so long. */
const trust = (standing: number, target: number): number =>
  Math.max(0.2, Math.min(1, target / Math.max(1, standing)));

/**
 * What to reckon with, messages per task and second: a little less than is likely, since a task too many costs less than a message too
 * late (without it 37 % of the messages of the load `azure code` were late, with it 6 %, as long as nothing told µ). As long as it is little more than noise, tasks that seem to do nothing
 * are taken to do as much as the noise would hide, at most what the prior says: or one message that comes while one leaves
 * would ask for hundreds of tasks.
 *
 * And as long as the queue stands while the same tasks work, λ and µ can both be wrong by the same factor, and nothing shows it. A queue
 * that has not run empty for longer than the target is therefore given more tasks the longer it stands: that costs little, since
 * the work has to be done anyway, and shows what tasks can do. Departures that the source counts need none of that.
 */
export const reckoned = (
  { perTask, perTaskVariance, standing }: Speed,
  target: number,
  counted: boolean,
): number => {
  if (counted && !isGuess({ perTask, perTaskVariance })) return perTask;
  const deviation = Math.sqrt(perTaskVariance);
  const likely = Math.max(perTask - 0.6 * deviation, Math.min(PRIOR_PER_TASK, 0.8 * deviation));
  return likely * trust(standing, target);
};

/** The least, as long as µ is a guess: 2 messages in the time of the target, fewer still the longer the queue stands. */
const LEAST_IN_TARGET = 2;

/**
 * What a task does at least, messages per second, for a queue that stands while nothing tells µ. Where messages are long, nobody knows it before
 * the first of them are late: from counters 10 to 12 of 28 cells of recorded loads were later than told by more than 0.1 points, with it 0 to 2.
 *
 * @returns undefined: µ is known, or nothing waits behind tasks that all work
 */
export const slowest = ({ perTask, perTaskVariance, standing }: Speed, target: number): number | undefined =>
  standing > 0 && isGuess({ perTask, perTaskVariance })
    ? (LEAST_IN_TARGET / target) * trust(standing, target)
    : undefined;

export const afterWork = (before: Speed, work: Work): Speed => {
  const { seconds, slope, busy, busyChange, full, size, arrivals, departures, atMost } = work;
  let state = drifted(before, seconds);
  const standing = full && departures === undefined ? Math.min(LONGEST_SECONDS, state.standing + seconds) : 0;
  // Where some are idle, those that work are counted one by one, and what they finish tells how fast they are.
  const isTold =
    departures !== undefined && Math.abs(busyChange) < 0.5 * busy && (full || busy < SOME * atMost);
  const worked = full || isTold ? Math.min(LONGEST_SECONDS, state.worked + seconds) : state.worked;
  state = { ...state, worked, standing };
  const { perTask } = state;
  // Tasks that were started together finish together: a tenth of them at once, as a variance.
  const lumps = (0.1 * busy * busy * Math.min(1, perTask * seconds)) / (seconds * seconds);
  const unsure = ((perTask * perTask + state.perTaskVariance) * busyChange * busyChange) / 12;
  const finished = (perTask * busy) / seconds + lumps + unsure;
  if (arrivals !== undefined)
    state = update(state, [1, 0], arrivals, (arrivals + 1 / seconds) / seconds, true);
  if (departures !== undefined) {
    // Busy tasks are seen at the ticks only; chance makes their number vary by its root.
    const sampled = full ? 0 : perTask * perTask * busy;
    if (isTold) state = update(state, [0, busy], departures, finished + 0.1 / seconds + sampled, true);
    // However many of them worked: they did no less than this.
    const chance = (departures + 1 / seconds) / seconds;
    if (!isTold && departures > state.perTask * atMost + 3 * Math.sqrt(chance) && atMost > 0)
      state = update(state, [0, atMost], departures, chance, true);
    return bounded(state);
  }
  const counters = (0.5 + (0.01 * size) ** 2 * 2) / (seconds * seconds);
  // Whatever arrived: by so much as the backlog fell, tasks did work. 0.3 to 0.8 % fewer tasks on recorded loads, as punctual.
  const gone = Math.max(0, -slope);
  const chance = (gone + 1 / seconds) / seconds + lumps;
  if (atMost > 0 && gone > state.perTask * atMost + 3 * Math.sqrt(chance))
    return bounded(update(state, [0, atMost], gone, chance, true));
  const noise = finished + counters + state.arrivals / seconds;
  // A backlog that falls faster than all tasks together were thought to work shows what they can do at least, however many worked.
  const least = noise - unsure;
  if (!full && atMost > 0 && slope < state.arrivals - state.perTask * atMost - 3 * Math.sqrt(least))
    return bounded(update(state, [1, -atMost], slope, least, true));
  // Where no task came or went, a jump of the slope is one of the arrivals.
  return bounded(
    update(state, [1, -busy], slope, noise, full && busy > 0, Math.abs(busyChange) < 0.2 * busy),
  );
};
