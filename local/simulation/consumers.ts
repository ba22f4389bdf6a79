/**
 * Who takes messages: a FIFO queue and the tasks that work on it, message by message. Every task that runs works on one message at a time, and takes the
 * oldest one at any fraction of a second; of several free tasks the one that has been free for longest. Times are seconds since the beginning.
 *
 * A task is known by a number, in the order in which they start; which of them stops is for the world to say (`local/world.ts`). One that is stopped takes
 * no more messages. If it is busy it ends its message; with `kill` only if that takes no more than `stopSeconds` (ECS: SIGTERM, then SIGKILL), else the
 * work is lost, and the message comes back `visibilitySeconds` after it was received, or as soon as its task is dead where that is later (who works
 * for longer than that has to extend it). It is then taken before all others, being older than any that was never taken.
 *
 * Gotchas
 * - What happens at `until` has happened after {@link Consumers.work}, but for arrivals: whoever looks at a whole second looks before its arrivals.
 * - Called for each of 10^6 messages: typed arrays, no objects, and no task number is ever used twice.
 */
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
  readonly visible: () => number;
  /** In somebody's hands, or lost with a task and not yet back. */
  readonly inFlight: () => number;
  /** Seconds that the oldest waiting message has waited. */
  readonly oldestAge: () => number;
  readonly arrived: () => number;
  readonly departed: () => number;
  readonly lost: () => number;
  /** Tasks that were stopped and are still at work. */
  readonly ending: () => number;
  /** Of the time that tasks were there since the last call (those that end included), the share in which they were busy; 0 without tasks. */
  readonly busyShare: () => number;
  /** Seconds that each message waited for the taking that counts; what nobody has taken, until now. */
  readonly waits: () => Float64Array;
}

const NOTHING = -1;
/** What becomes of a task. */
const SERVES = 0;
const ENDS = 1;
const IS_KILLED = 2;
const GONE = 3;

export const createConsumers = (
  { arrivals, work: seconds }: Trace,
  { onStop, stopSeconds, visibilitySeconds }: Pick<Plant, 'onStop' | 'stopSeconds' | 'visibilitySeconds'>,
): Consumers => {
  const messages = arrivals.length;
  /** NaN: whoever took it is dead, or nobody has. */
  const waited = new Float64Array(messages).fill(Number.NaN);
  /** Messages that nobody has ever taken begin here; those that have come end there. */
  let head = 0;
  let come = 0;
  /** By message. */
  const back = createHeap();
  /** Lost, by the time when they come back. */
  const hidden = createHeap();

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

  /** The oldest message that waits now. */
  const taken = (until: number): number => {
    if (back.size() > 0) {
      const message = back.first();
      back.drop();
      return message;
    }
    if (head === messages) return NOTHING;
    const arrival = arrivals[head] as number;
    if (arrival > now || arrival >= until) return NOTHING;
    head += 1;
    return head - 1;
  };
  /** @returns when it will have finished it */
  const receive = (task: number, message: number): number => {
    waited[message] = now - (arrivals[message] as number);
    inHand[task] = message;
    receivedAt[task] = now;
    busy += 1;
    return now + (seconds[message] as number);
  };
  const freeTask = (): number => {
    let task = free.take();
    // Those that were stopped while they were free are still in the row.
    while (state[task] !== SERVES) task = free.take();
    freeTasks -= 1;
    return task;
  };
  const leave = (task: number): void => {
    state[task] = GONE;
    there -= 1;
  };

  /** A task has started, or has ended its message. */
  const goOn = (task: number, until: number): void => {
    const message = taken(until);
    if (message !== NOTHING) {
      next.replace(receive(task, message), task);
      return;
    }
    next.drop();
    inHand[task] = NOTHING;
    free.add(task);
    freeTasks += 1;
  };
  const loseMessage = (task: number): void => {
    const message = inHand[task] as number;
    busy -= 1;
    lost += 1;
    ending -= 1;
    waited[message] = Number.NaN;
    hidden.add(Math.max(now, (receivedAt[task] as number) + visibilitySeconds), message);
    leave(task);
    next.drop();
  };
  const happen = (task: number, until: number): void => {
    const fate = state[task];
    if (fate === GONE) {
      // When it would have ended, had it not been killed.
      next.drop();
      return;
    }
    if (fate === IS_KILLED) {
      loseMessage(task);
      return;
    }
    if (inHand[task] === NOTHING) there += 1;
    else {
      departed += 1;
      busy -= 1;
    }
    if (fate === SERVES) {
      goOn(task, until);
      return;
    }
    ending -= 1;
    leave(task);
    next.drop();
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
        const isBack = hidden.key();
        const at = Math.min(doesNext, isBack);
        const arrival = freeTasks > 0 && head < messages ? (arrivals[head] as number) : until;
        if (arrival < until && arrival < at) {
          moveTo(arrival);
          const task = freeTask();
          next.add(receive(task, head), task);
          head += 1;
          continue;
        }
        if (at > until) break;
        moveTo(at);
        if (doesNext <= isBack) {
          happen(next.first(), until);
          continue;
        }
        back.add(hidden.first(), hidden.first());
        hidden.drop();
        if (freeTasks > 0) {
          const task = freeTask();
          next.add(receive(task, taken(until)), task);
        }
      }
      moveTo(until);
      while (come < messages && (arrivals[come] as number) < until) come += 1;
    },
    visible: () => come - head + back.size(),
    inFlight: () => busy + hidden.size(),
    oldestAge: () => {
      const oldest = back.size() > 0 ? back.first() : head;
      return oldest < come ? now - (arrivals[oldest] as number) : 0;
    },
    arrived: () => come,
    departed: () => departed,
    lost: () => lost,
    ending: () => ending,
    busyShare: () => {
      const share = thereSeconds > 0 ? busySeconds / thereSeconds : 0;
      busySeconds = 0;
      thereSeconds = 0;
      return share;
    },
    waits: () =>
      waited.map((wait, message) =>
        Number.isNaN(wait) ? Math.max(0, now - (arrivals[message] as number)) : wait,
      ),
  };
};
