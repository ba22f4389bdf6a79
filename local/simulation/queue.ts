/**
 * A queue and its consumers, message by message: the part of the simulation that `local/world.ts` has no word for. Every
 * running task works on one message at a time; a task that is stopped ends the message in its hands first.
 *
 * Deterministic: what differs between messages, how long they take, is told when they arrive. All times are seconds of the
 * simulation.
 */

export interface Message {
  readonly arrivedAt: number;
  /** How long one task works on it. Infinite: a poison message, which comes back again and again. */
  readonly seconds: number;
}

interface Busy {
  readonly message: Message;
  readonly endsAt: number;
}

export interface SimulatedQueue {
  /** Messages that came in since the last call, oldest first. */
  readonly add: (messages: readonly Message[]) => void;
  /** Lets `tasks` tasks work until `now`. */
  readonly work: (tasks: number, now: number) => void;
  readonly visible: () => number;
  readonly inFlight: () => number;
  /** Messages that ever came, and that ever were finished. */
  readonly totals: () => { readonly arrived: number; readonly departed: number };
  /** How long each message waited until a task took it for the first time, in that order; poison left out. */
  readonly waits: () => readonly number[];
}

/** How long a message that nobody finishes stays with the task that took it. */
const VISIBILITY_SECONDS = 30;

export const createQueue = (): SimulatedQueue => {
  const waiting: Message[] = [];
  const busy: Busy[] = [];
  const waits: number[] = [];
  let first = 0;
  let arrived = 0;
  let departed = 0;

  const take = (now: number): void => {
    const message = waiting[first];
    if (message === undefined) return;
    first += 1;
    const finishes = Number.isFinite(message.seconds);
    busy.push({ message, endsAt: now + (finishes ? message.seconds : VISIBILITY_SECONDS) });
    if (finishes) waits.push(Math.max(0, now - message.arrivedAt));
  };

  const nextToEnd = (): number =>
    busy.reduce((soonest, { endsAt }, index) => (endsAt < (busy[soonest]?.endsAt ?? 0) ? index : soonest), 0);

  let before = 0;
  return {
    add: (messages) => {
      waiting.push(...messages);
      arrived += messages.length;
    },
    work: (tasks, now) => {
      while (busy.length < tasks && first < waiting.length)
        take(Math.max(before, waiting[first]?.arrivedAt ?? now));
      for (;;) {
        const index = nextToEnd();
        const ending = busy[index];
        if (ending === undefined || ending.endsAt > now) break;
        busy.splice(index, 1);
        if (Number.isFinite(ending.message.seconds)) departed += 1;
        else waiting.push(ending.message);
        if (busy.length < tasks) take(Math.max(ending.endsAt, waiting[first]?.arrivedAt ?? 0));
      }
      before = now;
    },
    visible: () => waiting.length - first,
    inFlight: () => busy.length,
    totals: () => ({ arrived, departed }),
    waits: () => waits,
  };
};
