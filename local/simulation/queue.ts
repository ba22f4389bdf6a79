/**
 * A queue and its consumers, message by message: the part of the simulation that `local/world.ts` has no word for. Every
 * running task works on one message at a time; a task that is stopped ends the message in its hands first.
 *
 * Deterministic: what differs between messages, how long they take, is told when they arrive. All times are seconds of the
 * simulation.
 */
import { createSoonest } from './soonest.ts';

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
  const busy = createSoonest<Busy>();
  const waits: number[] = [];
  let first = 0;
  let arrived = 0;
  let departed = 0;
  let before = 0;

  /** The oldest message, by a task that is free from `freeAt` on. */
  const take = (freeAt: number): void => {
    const message = waiting[first];
    if (message === undefined) return;
    first += 1;
    const takenAt = Math.max(freeAt, message.arrivedAt);
    const finishes = Number.isFinite(message.seconds);
    busy.add({ message, endsAt: takenAt + (finishes ? message.seconds : VISIBILITY_SECONDS) });
    if (finishes) waits.push(takenAt - message.arrivedAt);
  };

  const end = ({ message, endsAt }: Busy): void => {
    if (Number.isFinite(message.seconds)) departed += 1;
    else waiting.push({ ...message, arrivedAt: endsAt });
  };

  return {
    add: (messages) => {
      for (const message of messages) waiting.push(message);
      arrived += messages.length;
    },
    work: (tasks, now) => {
      while (busy.size() < tasks && first < waiting.length) take(before);
      for (let ended = busy.takeEnded(now); ended !== undefined; ended = busy.takeEnded(now)) {
        end(ended);
        if (busy.size() < tasks) take(ended.endsAt);
      }
      before = now;
    },
    visible: () => waiting.length - first,
    inFlight: () => busy.size(),
    totals: () => ({ arrived, departed }),
    waits: () => waits,
  };
};
