/**
 * One execution of the loop as the model sees it: take the lease, tick (save, then act), hand over, end. What is local to it happens
 * at once; what others could notice (an S3 call, a call of ECS, starting the next one, time) waits until the model lets it happen.
 *
 * The retries, time limits and catches are the state machine's (`statemachine/loop.asl.json`).
 */
import { awaitExpiry } from '../../lambdas/lease/await-expiry.ts';
import type { Refused } from '../../lambdas/lease/claim.ts';
import type { LeaseEvent } from '../../lambdas/lease/event.ts';
import { instant, secondsOf } from './clock.ts';
import type { Execution } from './phase.ts';
import { actsIn, applyStep, INTERVAL, type Input, leaseStep, sleepStep, TICKS } from './rooms.ts';

const { max } = Math;

/**
 * The time limits of the two functions, in seconds (the lease's is 10, but everything in the model is a multiple of 20), and when the loop
 * stops trying to hand over.
 */
const LEASE_LIMIT = 20;
const APPLY_LIMIT = 20;
const STAY = 160;
const LEASE_RETRIES = 2;
const APPLY_RETRIES = 1;
const SLEEP_RETRIES = 1;

const over = (execution: Execution, why: string): Execution => ({
  ...execution,
  acts: [],
  phase: { is: 'over', why },
});

const lease = async (execution: Execution, now: number, at: number, attempt: number): Promise<Execution> => {
  const { actor, id, input, waited, maySleep } = execution;
  const step = await leaseStep(actor, id, at, attempt, input, waited, maySleep);
  return { ...execution, phase: { is: 'leasing', step, sdkTry: 1, at, attempt, until: now + LEASE_LIMIT } };
};

export const begun = (
  given: Pick<Execution, 'actor' | 'id' | 'number' | 'input' | 'skew' | 'maySleep'>,
  now: number,
): Promise<Execution> => {
  const rest = { begunAt: now, waited: false, peek: false, term: 0, acts: [], ticked: 0, tickAt: now };
  return lease({ ...given, ...rest, phase: { is: 'over', why: '' } }, now, now + given.skew, 0);
};

const save = async (
  execution: Execution,
  now: number,
  at: number,
  attempt: number,
  acts: readonly number[],
): Promise<Execution> => {
  const step = await applyStep(execution.actor, at, attempt, execution.term, acts);
  return {
    ...execution,
    phase: { is: 'saving', step, sdkTry: 1, at, attempt, acts, until: now + APPLY_LIMIT },
  };
};

const sleep = async (execution: Execution, now: number, attempt: number): Promise<Execution> => {
  const { actor, term, acts, skew } = execution;
  const at = now + skew + 1;
  const step = await sleepStep(actor, at, attempt, term, acts);
  return { ...execution, phase: { is: 'sleeping', step, sdkTry: 1, at, attempt, until: now + LEASE_LIMIT } };
};

/** A number for what this tick does, unlike any other's. */
export const actOf = ({ number, ticked }: Execution): number => number * 100 + ticked + 1;

/**
 * Collect and decide are local: a tick goes straight to its save. Every tick of the model changes something. No two states of an execution
 * begin at the same millisecond, so by its clock a tick comes after taking the lease, and the hand-over after that.
 */
const work = (execution: Execution, now: number): Promise<Execution> =>
  save({ ...execution, tickAt: now }, now, now + execution.skew + 1, 0, [
    ...execution.acts,
    actOf(execution),
  ]);

const tick = async (execution: Execution, now: number): Promise<Execution> =>
  execution.maySleep ? { ...execution, phase: { is: 'seeing' } } : await work(execution, now);

/** What comes of what is seen: work, or nothing. */
export const seen = (execution: Execution, now: number, isWork: boolean): Promise<Execution> => {
  const { phase, skew } = execution;
  if (phase.is === 'seeing')
    return isWork ? work(execution, now) : sleep({ ...execution, tickAt: now }, now, 0);
  // Whoever has found work asks as a start that has waited.
  if (isWork) return lease({ ...execution, waited: true, input: {} }, now, now + skew, 0);
  return Promise.resolve(over(execution, 'asleep'));
};

/** A look could not see: whoever comes next takes the lane and goes on looking. */
export const couldNotSee = (execution: Execution): Execution => ({
  ...execution,
  phase: { is: 'handing-over' },
});

const afterTick = (before: Execution, now: number, acts: readonly number[]): Execution => {
  const execution = { ...before, acts, ticked: before.ticked + 1 };
  if (execution.ticked >= TICKS) return { ...execution, phase: { is: 'handing-over' } };
  return { ...execution, phase: { is: 'before-tick', due: max(now, before.tickAt + INTERVAL) } };
};

/** After the hand-over seems to have failed: another tick and another try, up to a deadline. */
export const stayed = (execution: Execution, now: number): Execution =>
  execution.peek || now >= execution.begunAt + STAY
    ? over(execution, 'nobody could be started')
    : { ...execution, phase: { is: 'before-tick', due: max(now, execution.tickAt) + INTERVAL } };

export const handedOver = (execution: Execution): Execution => over(execution, 'handed over');

export const died = (execution: Execution): Execution => over(execution, 'died');

/** What the next execution is started with. */
export const legacyOf = ({ term, acts, skew, tickAt, peek }: Execution, now: number): Input => ({
  term,
  acts,
  ...(peek ? { peek } : {}),
  savedAt: now + skew + 2,
  next: tickAt + INTERVAL,
});

/** ECS has accepted the count. */
export const acted = (execution: Execution, now: number): Execution => {
  if (execution.phase.is !== 'acting') throw new Error(`${execution.actor} is not about to act`);
  return afterTick(execution, now, execution.phase.acts);
};

/** The function has crashed or its time is up: the state machine tries once more, or goes on without it. */
export const invocationLost = (execution: Execution, now: number, isTimeout: boolean): Execution => {
  const { phase } = execution;
  if (phase.is === 'leasing') {
    const { at, attempt } = phase;
    if (attempt >= LEASE_RETRIES) return over(execution, 'could not take the lease');
    return { ...execution, phase: { is: 'before-lease', due: now, at, attempt: attempt + 1 } };
  }
  if (phase.is === 'sleeping') {
    const { attempt } = phase;
    if (isTimeout || attempt >= SLEEP_RETRIES) return afterTick(execution, now, execution.acts);
    return { ...execution, phase: { is: 'before-sleep', due: now, attempt: attempt + 1 } };
  }
  if (phase.is !== 'saving' && phase.is !== 'acting') return execution;
  const { at, attempt, acts } = phase;
  if (isTimeout || attempt >= APPLY_RETRIES) return afterTick(execution, now, acts);
  return { ...execution, phase: { is: 'before-save', due: now, at, attempt: attempt + 1, acts } };
};

/** Until when a start that is refused waits, by its own clock. */
const awaitedExpiry = (
  { input: { term }, waited }: Execution,
  at: number,
  retry: number,
  refused: Refused,
): number | undefined => {
  const event = { act: 'acquire', term, waited, at: instant(at), retry } as LeaseEvent;
  const until = awaitExpiry(event, refused, INTERVAL);
  return until === null ? undefined : secondsOf(until);
};

/** What it has come to know from the last answer of S3; goes on until it has to wait for something. */
export const settled = (execution: Execution, now: number): Execution => {
  const { phase } = execution;
  if (phase.is === 'leasing' && !('ask' in phase.step.move)) {
    const { move, at, attempt } = { ...phase, move: phase.step.move };
    if ('thrown' in move) return invocationLost(execution, now, false);
    const { result } = move;
    if (!result.acquired) {
      const free = awaitedExpiry(execution, at, attempt, result);
      if (free === undefined) return over(execution, result.why);
      return {
        ...execution,
        waited: true,
        phase: { is: 'awaiting-expiry', due: max(now, free - execution.skew) },
      };
    }
    const due = max(now, execution.input.next ?? now);
    const taken = {
      ...execution,
      term: result.term,
      acts: actsIn(result.memory),
      peek: result.peek === true,
    };
    if (taken.peek) return { ...taken, phase: { is: 'looking' } };
    return {
      ...taken,
      phase: { is: 'before-tick', due },
    };
  }
  if (phase.is === 'saving' && !('ask' in phase.step.move)) {
    const { move, at, attempt, until, acts } = { ...phase, move: phase.step.move };
    if ('thrown' in move) return invocationLost(execution, now, false);
    if (move.result.may) return { ...execution, phase: { is: 'acting', at, attempt, until, acts } };
    if (move.result.stale) return over(execution, move.result.why);
    // Apply takes back what surely did not happen; what an attempt before this one did it can't know.
    return afterTick(execution, now, attempt > 0 ? acts : execution.acts);
  }
  if (phase.is === 'sleeping' && !('ask' in phase.step.move))
    return 'thrown' in phase.step.move
      ? invocationLost(execution, now, false)
      : over(execution, phase.step.move.result.why);
  return execution;
};

/** Begins what is due, and ends what has taken too long. */
export const atTime = async (execution: Execution, now: number): Promise<Execution> => {
  const { phase } = execution;
  if ('until' in phase && phase.until <= now) return await atTime(invocationLost(execution, now, true), now);
  if (!('due' in phase) || phase.due > now) return execution;
  if (phase.is === 'before-lease') return await lease(execution, now, phase.at, phase.attempt);
  if (phase.is === 'awaiting-expiry')
    return await lease({ ...execution, input: {} }, now, now + execution.skew, 0);
  if (phase.is === 'before-sleep') return await sleep(execution, now, phase.attempt);
  if (phase.is === 'before-save') return await save(execution, now, phase.at, phase.attempt, phase.acts);
  return await tick(execution, now);
};

/** When it has to be looked at again if nothing else happens. */
export const deadlineOf = ({ phase }: Execution): number | undefined =>
  'until' in phase ? phase.until : 'due' in phase ? phase.due : undefined;

/** Whether it still does something. */
export const lives = ({ phase }: Execution): boolean => phase.is !== 'over';
