/** STUB HEADER */
import type { PolicyOf } from '../../contract/policies.ts';
import { highestOf } from '../window.ts';
import { needsMessages, type Recommendation, type Situation } from './policy.ts';
import { type Arrivals, perSecond } from './queue-delay/arrivals.ts';
import { fewest } from './queue-delay/fewest.ts';
import { learned, recalled, type Seen } from './queue-delay/learning.ts';
import { type Load, loadOf } from './queue-delay/load.ts';
import { toKept } from './queue-delay/memory.ts';
import { sentence } from './queue-delay/sentence.ts';
import { reckoned } from './queue-delay/speed.ts';
import { remaining, type StartUp } from './queue-delay/start-up.ts';

/** Of the target, what the plan spends; the rest is for what it can't know. */
const WAIT_SHARE = 0.8;
const ANSWERS = 4;
/** In tasks: an estimate that is above a whole number by less means that number. */
const NOISE = 0.05;

/**
 * A task that is not needed now is kept for as long as it would take to start it again: whoever does so never pays more than twice
 * what a clairvoyant would (ski rental; Gandhi et al. keep idle servers in the same way). Seconds.
 */
const releaseAfter = (startUp: number): number => Math.max(30, Math.min(120, Math.round(startUp)));

const wholeTasks = (tasks: number): number => Math.ceil(tasks - NOISE);

/** Tasks that are busy in the long run, and spare ones for its noise. */
const longRun = (arrivals: Arrivals, speed: number, headroom: number): number => {
  const load = perSecond(arrivals.slow, speed) / speed;
  return load + headroom * Math.sqrt(load) - 0.03 * Math.sqrt(load);
};

/** Nobody waits and nobody counts arrivals: that all tasks are busy is no reason for more of them. */
const isEnough = ({ waiting, arrivals, departures }: Load, { slow }: Arrivals): boolean =>
  (waiting === 0 || slow.age <= 1) && arrivals === undefined && departures === undefined;

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
  const seen: Seen = { at, load, counts, partly: reading.atLeast === true, givenSpeed };
  const before = recalled(kept, seen);
  const now = learned(before, seen);

  // How fast tasks are and how long they take to start is taken from before this reading, and of the rates the higher of
  // before and after: so more backlog never gives fewer tasks.
  const speed = givenSpeed ?? reckoned(before.speed);
  const delay = policy.startDelay ?? before.startUp.delay;
  const wait = WAIT_SHARE * policy.target;
  const rate = Math.max(perSecond(before.arrivals.fast, speed), perSecond(now.arrivals.fast, speed));
  const deadline = byDeadline(load, rate, speed, before.startUp, delay, wait);
  const usual = Math.max(...[before, now].map(({ arrivals }) => longRun(arrivals, speed, policy.headroom)));
  const there = load.running + load.starting;
  const lasting = wholeTasks(usual);
  const steady = isEnough(load, before.arrivals) ? Math.min(lasting, there) : lasting;
  const asked = Math.max(deadline, steady, 0);
  const release = policy.release ?? releaseAfter(delay);
  const { highest, kept: answers } = highestOf({
    ...{ kept: before.answers, at, seconds: release, value: asked, unknown: situation.from },
    most: ANSWERS,
  });
  return {
    known: true,
    to: highest,
    why: sentence({ policy, release, load, rate, speed, delay, deadline, steady, asked, highest }),
    kept: toKept({ ...now, answers }),
  };
};
