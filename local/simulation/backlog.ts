/**
 * The messages of a trace, from their arrival until somebody takes them: a FIFO queue. A message whose work was lost with its task is hidden for
 * a while and then comes back; it is taken before all others, being older than any that was never taken.
 */
import { createHeap } from './heap.ts';
import type { Trace } from './trace.ts';

export interface Backlog {
  /** When the first message arrives that nobody has ever taken; Infinity: there is none left. */
  readonly arrival: () => number;
  /** The oldest message that waits at `now`, or is due there and before `until`; {@link NOTHING}: there is none. */
  readonly take: (now: number, until: number) => number;
  /** Whoever had the message is dead; it comes back at `at`. */
  readonly lose: (message: number, at: number) => void;
  /** When the next lost message comes back; Infinity: none is lost. */
  readonly comesBackAt: () => number;
  readonly bringBack: () => void;
  /** Everything has come that arrives before `until`. */
  readonly moveTo: (until: number) => void;
  readonly visible: () => number;
  readonly hidden: () => number;
  readonly arrived: () => number;
  /** Seconds that the oldest waiting message has waited; 0 when none waits. */
  readonly oldestAge: (now: number) => number;
  /** Seconds that each message waited for the taking that counts; what nobody has taken, until now. */
  readonly waits: (now: number) => Float64Array;
}

export const NOTHING = -1;

export const createBacklog = ({ arrivals }: Trace): Backlog => {
  const messages = arrivals.length;
  /** NaN: nobody has taken it, or whoever did is dead. */
  const waited = new Float64Array(messages).fill(Number.NaN);
  /** Messages that nobody has ever taken begin here; those that have come end there. */
  let head = 0;
  let come = 0;
  /** By message. */
  const back = createHeap();
  /** By the time when they come back. */
  const hidden = createHeap();

  const arrivalOf = (message: number): number => arrivals[message] as number;
  const oldest = (now: number, until: number): number => {
    if (back.size() > 0) {
      const message = back.first();
      back.drop();
      return message;
    }
    if (head === messages || arrivalOf(head) > now || arrivalOf(head) >= until) return NOTHING;
    head += 1;
    return head - 1;
  };

  return {
    arrival: () => (head < messages ? arrivalOf(head) : Number.POSITIVE_INFINITY),
    take: (now, until) => {
      const message = oldest(now, until);
      if (message !== NOTHING) waited[message] = now - arrivalOf(message);
      return message;
    },
    lose: (message, at) => {
      waited[message] = Number.NaN;
      hidden.add(at, message);
    },
    comesBackAt: hidden.key,
    bringBack: () => {
      back.add(hidden.first(), hidden.first());
      hidden.drop();
    },
    moveTo: (until) => {
      while (come < messages && arrivalOf(come) < until) come += 1;
    },
    visible: () => come - head + back.size(),
    hidden: hidden.size,
    arrived: () => come,
    oldestAge: (now) => {
      const message = back.size() > 0 ? back.first() : head;
      return message < come ? now - arrivalOf(message) : 0;
    },
    waits: (now) =>
      waited.map((wait, message) => (Number.isNaN(wait) ? Math.max(0, now - arrivalOf(message)) : wait)),
  };
};
