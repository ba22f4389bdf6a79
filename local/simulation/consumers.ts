/**
 * Who takes messages: tasks that run, each of them at work on one message at a time. A task takes the oldest one (`backlog.ts`) as soon as it
 * is free, at any fraction of a second; of several free tasks the one that has been free for longest. Times are seconds since the beginning.
 *
 * Which tasks start and stop is for the world to say (`local/world.ts`). One that is stopped takes no more messages. If it is busy it ends its
 * message; with `kill` only if that takes no more than `stopSeconds` (ECS: SIGTERM, then SIGKILL). Else the work is lost, and the message comes
 * back `visibilitySeconds` after it was received, or as soon as its task is dead where that is later (who works for longer has to extend it).
 *
 * Gotchas
 * - What happens at `until` has happened after {@link Consumers.work}, but for arrivals: whoever looks at a whole second looks before its arrivals.
 * - Called for each of 10^6 messages: typed arrays, no objects, and no task number is ever used twice.
 */
import { type Backlog, NOTHING } from './backlog.ts';
import { createFreeTasks } from './free-tasks.ts';
import { createHeap } from './heap.ts';
import type { Plant } from './plant.ts';
import type { Trace } from './trace.ts';

export interface Consumers {
  /** A task begins to take messages then, not before the last {@link Consumers.work} ended. @returns its number */
  readonly start: (at: number) => number;
  /** A task that has started is stopped, now. */
  readonly stop: (task: number) => void;
  readonly work: (until: number) => void;
  readonly busy: () => number;
  /** Tasks that were stopped and are still at work. */
  readonly ending: () => number;
  readonly departed: () => number;
  readonly lost: () => number;
  /** Of the time that tasks were there since the last call (those that end included), the share in which they were busy; 0 without tasks. */
  readonly busyShare: () => number;
}

/** What becomes of a task. */
const SERVES = 0;
const ENDS = 1;
const IS_KILLED = 2;
const GONE = 3;

export const createConsumers = (
  backlog: Backlog,
  { work: seconds }: Trace,
  { onStop, stopSeconds, visibilitySeconds }: Pick<Plant, 'onStop' | 'stopSeconds' | 'visibilitySeconds'>,
): Consumers => {
  let capacity = 256;
  let state = new Uint8Array(capacity);
  let inHand = new Int32Array(capacity);
  let receivedAt = new Float64Array(capacity);
  let tasks = 0;
  /** What each task does next, by time: it starts, it ends its message, or it is killed. */
  const next = createHeap();
  const free = createFreeTasks();
  let freeTasks = 0;
  let busy = 0;
  let there = 0;
  let ending = 0;
  let departed = 0;
  let lost = 0;

  let now = 0;
  let busySeconds = 0;
  let thereSeconds = 0;
  const moveTo = (at: number): void => {
    busySeconds += busy * (at - now);
    thereSeconds += there * (at - now);
    now = at;
  };

  const grow = (): void => {
    const old = [state, inHand, receivedAt] as const;
    capacity *= 2;
    state = new Uint8Array(capacity);
    inHand = new Int32Array(capacity);
    receivedAt = new Float64Array(capacity);
    state.set(old[0]);
    inHand.set(old[1]);
    receivedAt.set(old[2]);
  };

  /** @returns when it will have finished it */
  const receive = (task: number, message: number): number => {
    inHand[task] = message;
    receivedAt[task] = now;
    busy += 1;
    return now + (seconds[message] as number);
  };
  const giveToFreeTask = (until: number): void => {
    let task = free.take();
    // Those that were stopped while they were free are still in the row.
    while (state[task] !== SERVES) task = free.take();
    freeTasks -= 1;
    next.add(receive(task, backlog.take(now, until)), task);
  };
  const leave = (task: number): void => {
    state[task] = GONE;
    there -= 1;
  };

  /** A task has started, or has ended its message. */
  const goOn = (task: number, until: number): void => {
    const message = backlog.take(now, until);
    if (message !== NOTHING) {
      next.replace(receive(task, message), task);
      return;
    }
    next.drop();
    inHand[task] = NOTHING;
    free.add(task);
    freeTasks += 1;
  };
  const die = (task: number): void => {
    busy -= 1;
    ending -= 1;
    lost += 1;
    const visibleAt = (receivedAt[task] as number) + visibilitySeconds;
    backlog.lose(inHand[task] as number, Math.max(now, visibleAt));
    leave(task);
  };
  const endMessage = (): void => {
    departed += 1;
    busy -= 1;
  };
  const happen = (task: number, until: number): void => {
    const fate = state[task];
    if (fate === SERVES) {
      if (inHand[task] === NOTHING) there += 1;
      else endMessage();
      goOn(task, until);
      return;
    }
    next.drop();
    // GONE: when it would have ended, had it not been killed.
    if (fate === IS_KILLED) die(task);
    if (fate !== ENDS) return;
    endMessage();
    ending -= 1;
    leave(task);
  };

  return {
    start: (at) => {
      if (tasks === capacity) grow();
      inHand[tasks] = NOTHING;
      next.add(at, tasks);
      tasks += 1;
      return tasks - 1;
    },
    stop: (task) => {
      const message = inHand[task] as number;
      if (message === NOTHING) {
        leave(task);
        freeTasks -= 1;
        return;
      }
      ending += 1;
      state[task] = ENDS;
      const endsAt = (receivedAt[task] as number) + (seconds[message] as number);
      if (onStop === 'finish' || endsAt <= now + stopSeconds) return;
      state[task] = IS_KILLED;
      next.add(now + stopSeconds, task);
    },
    work: (until) => {
      for (;;) {
        const doesNext = next.key();
        const isBack = backlog.comesBackAt();
        const at = Math.min(doesNext, isBack);
        const arrival = freeTasks > 0 ? backlog.arrival() : until;
        if (arrival < until && arrival < at) {
          moveTo(arrival);
          giveToFreeTask(until);
          continue;
        }
        if (at > until) break;
        moveTo(at);
        if (doesNext <= isBack) {
          happen(next.first(), until);
          continue;
        }
        backlog.bringBack();
        if (freeTasks > 0) giveToFreeTask(until);
      }
      moveTo(until);
      backlog.moveTo(until);
    },
    busy: () => busy,
    ending: () => ending,
    departed: () => departed,
    lost: () => lost,
    busyShare: () => {
      const share = thereSeconds > 0 ? busySeconds / thereSeconds : 0;
      busySeconds = 0;
      thereSeconds = 0;
      return share;
    },
  };
};
