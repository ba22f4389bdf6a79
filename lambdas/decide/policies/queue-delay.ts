/**
 * The fewest tasks that keep the wait of a new message under `target`; the rule for who names none.
 *
 * Two bounds, the higher wins, rounded up; with any message in the system at least one task.
 * - The deadline: every message is to be taken within W = 0.8 target, by the tasks that run, those that are starting and
 *   those that are asked for now (`queue-delay/fewest.ts` has the formula). A wait is a budget to spend: capacity for the rate
 *   *or* for the backlog, not the sum of both.
 * - The long run: ρ + headroom × √ρ tasks at most, ρ = λ/µ being those that the load keeps busy. A square root, since chance grows by it: ten
 *   per cent would be too little for two tasks and too much for two hundred (square-root staffing, bench.md §4). Fewer spare ones where
 *   the target leaves time to wait (`queue-delay/long-run.ts`).
 * Out at once; in to the highest answer of the last 30 s to 2 min, as long as a task takes to start. λ, µ and the start-up delay are
 * learned (`arrivals.ts`, `speed.ts`, `start-up.ts`), µ and the delay only where they are not configured.
 *
 * Gotchas
 * - What a reading changes in µ and the start-up delay counts from the next tick on, and of the rates the higher of before and after
 *   counts: so more backlog never gives fewer tasks.
 * - Where tasks take longer to start than a message may wait, no rule that reacts can hold the target from 0: it asks for what
 *   gets the first message it can still save through in time, and says that a floor is what is needed.
 * - Where the source counts neither arrivals nor departures (SQS), λ comes from in flight, seen only now and then: while nothing waits,
 *   that all tasks are busy is no reason for more of them.
 * - A constant load settles at one count, the same at a tick of 1 s and of 10 s (`test/decide/settling-queue-delay.test.ts`): from counters
 *   alone if it keeps two tasks busy, counted and told always. Between (counters, told; counted, learned) one random load in
 *   some hundreds moves once more, by a task. Loads of less than two tasks come and go between the looks at a counter: unseen.
 * - Without a counter of departures, a service that works on several messages at once is given a task for each message in flight while
 *   nothing waits: more than it needs, never fewer.
 * - From counters alone µ is a guess within a factor of two where loads come and go: `secondsPerMessage` is worth a line of
 *   configuration (at a start-up of 57 s, 1.89 instead of 2.32). A queue that stands before anything has told µ is reckoned with as one of long
 *   messages: short ones then get up to ten tasks for each that runs, until those show what they can do.
 *
 * Source: shared/facts/bench.md §7 is where it began. Against it: whole tasks take their first message at once (1 + µt instead of µt:
 * long jobs 1.19 instead of 1.77), the time that starting tasks still need, means that begin anew when the load changes, a release as
 * long as a start-up. `node bench/queue-delay.ts`, ten loads, target 60 s, start-up 30 s, task-seconds ÷ clairvoyant (geometric mean),
 * mean share over the target in brackets:
 *
 *   queueDelay 1.54 (0.2 %) · told µ and start-up 1.33 (0.3 %) · with counted rates 1.42 (0.5 %)
 *   · §7 with known µ and start-up 1.56 (0.2 %) · Knative-like panic 2.46 (0.4 %) to 3.74 (0.3 %) · HPA-like 3.34 (12 %)
 *   at a start-up of 57 s: 2.32 (2.1 %), 1.89 (2.6 %), 1.93 (3.3 %) · §7 1.91 (7.7 %) · Knative-like 3.56 (9.0 %) and 5.04 (0.9 %) · HPA-like 4.21 (16 %)
 *   without haste, luck and the longer first guess of the start-up (see there) 1.45 (1.1 %) and 1.32; at 57 s 1.98 (7.7 %) and 1.73 (5.9 %)
 *   the long run looked at in every tick of 5 s was as good, but ticks of 1 s and 10 s then settle a task apart for a load in four
 *   earlier, told: W = 0.7 target 1.50, 0.9 target 1.44 beside 1.46, but 11 % instead of 5 % late on `azure code` at 57 s · fast mean of 10 s
 *   1.47, of 25 s 1.47 · release 90 s 1.61 · means of 90 s that never begin anew 1.32 beside 1.29 · release 1.5 start-ups 1.37; all that was tried: docs/queue-delay-tried.md
 */
import type { PolicyOf } from '../../contract/policies.ts';
import { highestOf } from '../window.ts';
import { needsMessages, type Recommendation, type Situation } from './policy.ts';
import { type Arrivals, perSecond } from './queue-delay/arrivals.ts';
import { fewest } from './queue-delay/fewest.ts';
import { learned, recalled, type Seen, WATCHED_SECONDS } from './queue-delay/learning.ts';
import { type Load, loadOf } from './queue-delay/load.ts';
import { wholeTasks } from './queue-delay/long-run.ts';
import { toKept } from './queue-delay/memory.ts';
import { sentence } from './queue-delay/sentence.ts';
import { isGuess, reckoned, slowest } from './queue-delay/speed.ts';
import { remaining, type StartUp } from './queue-delay/start-up.ts';

/** Of the target, what the plan spends; the rest is for what it can't know. */
const WAIT_SHARE = 0.8;
const ANSWERS = 4;
/**
 * What could only be guessed is tried with so many tasks for each that runs: who has one and short messages then starts ten, not all there may be, and
 * knows more when they run. On recorded loads as good as without a bound.
 */
const TRIED = 10;
/**
 * A task that is not needed now is kept for as long as it would take to start it again (the rule of the ski rental; Gandhi et al., AutoScale,
 * keep idle servers in a like way). Seconds.
 */
const releaseAfter = (startUp: number): number => Math.max(30, Math.min(120, Math.round(startUp)));

const isCounted = ({ arrivals, departures }: Load): boolean =>
  arrivals !== undefined || departures !== undefined;

/** Nobody waits and nobody counts arrivals: that all tasks are busy is no reason for more of them. */
const isEnough = (load: Load, { slow }: Arrivals): boolean =>
  (load.waiting === 0 || slow.age <= 1) && !isCounted(load);

/**
 * Nobody is taken from a message: it saves nothing, since another would have to begin it anew. Where rates are counted only as long as
 * µ is a guess: what is in flight there may well be fetched ahead by tasks that are not needed.
 */
const inHand = ({ busy = 0 }: Load, from: number): number => Math.min(from, Math.ceil(busy));

const byDeadline = (
  load: Load,
  arrivals: number,
  speed: number,
  startUp: StartUp,
  delay: number,
  wait: number,
): number => {
  if (load.size === 0) return 0;
  const { running, starting } = load;
  const left = remaining(startUp, delay, starting);
  const tasks = fewest(
    { size: load.size, arrivals, wait },
    { running, starting, left, startUp: delay, speed },
  );
  return Math.max(1, wholeTasks(tasks));
};

export const queueDelay = (policy: PolicyOf<'queueDelay'>, situation: Situation): Recommendation => {
  const { reading, counts, kept } = situation;
  const load = loadOf(reading, counts);
  if (load === undefined) return needsMessages('queueDelay');
  const at = Math.round(situation.at * 10) / 10;
  const givenSpeed = policy.secondsPerMessage === undefined ? undefined : 1 / policy.secondsPerMessage;
  const seen: Seen = {
    at,
    load,
    counts,
    partly: reading.atLeast === true,
    givenSpeed,
    target: policy.target,
    headroom: policy.headroom,
    wait: WAIT_SHARE * policy.target,
  };
  const before = recalled(kept, seen);
  const now = learned(before, seen);

  // How fast tasks are and how long they take to start is taken from before this reading, and of the rates the higher of
  // before and after: so more backlog never gives fewer tasks.
  const speed = givenSpeed ?? reckoned(before.speed, policy.target, load.departures !== undefined);
  const delay = policy.startDelay ?? before.startUp.delay;
  const rateAt = (perTask: number): number =>
    Math.max(perSecond(before.arrivals.fast, perTask), perSecond(now.arrivals.fast, perTask));
  const tasksAt = (perTask: number): number =>
    byDeadline(load, rateAt(perTask), perTask, before.startUp, delay, seen.wait);
  const there = load.running + load.starting;
  const isUnknown = givenSpeed === undefined && isGuess(before.speed);
  // Arrivals are counted, and how many tasks those are could only be guessed.
  const guessed = isUnknown && isCounted(load);
  // Nobody waits: no reason for more tasks than there are, if their number would be a guess. But a lag of one is a message.
  const most = guessed && load.waiting === 0 ? Math.max(1, there) : Number.POSITIVE_INFINITY;
  const slow =
    givenSpeed === undefined && !isCounted(load) ? slowest(before.speed, policy.target) : undefined;
  const tried = slow === undefined ? 0 : Math.min(tasksAt(slow), TRIED * load.running);
  const deadline = Math.max(tried, Math.min(tasksAt(speed), most));
  const lasting = Math.max(before.settled, now.settled);
  const steady = Math.min(lasting, isEnough(load, before.arrivals) ? there : most);
  const asked = Math.max(deadline, steady, 0);
  const usualRelease = policy.release ?? releaseAfter(delay);
  const release = now.watched < WATCHED_SECONDS ? Math.max(WATCHED_SECONDS, usualRelease) : usualRelease;
  const { highest, kept: answers } = highestOf({
    ...{ kept: before.answers, at, seconds: release, value: asked, unknown: situation.from },
    most: ANSWERS,
  });
  const held = guessed || !isCounted(load) ? inHand(load, situation.from) : 0;
  return {
    known: true,
    to: Math.max(highest, held),
    why: sentence({
      policy,
      release,
      load,
      rate: rateAt(speed),
      speed,
      isGuess: isUnknown,
      delay,
      deadline,
      steady,
      asked,
      highest,
      held,
    }),
    kept: toKept({ ...now, answers }),
  };
};
