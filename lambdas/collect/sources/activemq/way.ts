/** One way to see a queue of ActiveMQ, and what any of them sees. */
import type { ReadContext, Sighting } from '../../../contract/source.ts';

/** The queue that is asked for. */
export interface Wanted {
  readonly queueName: string;
  /** As Jolokia and CloudWatch know it. */
  readonly brokerName?: string | undefined;
}

export interface Way {
  /** Where it leads, for people. */
  readonly place: string;
  /**
   * A reading, or an unknown one where the broker itself says that there is no such queue: another way would say the same.
   *
   * @throws WayFailure when this way leads nowhere at present
   */
  readonly read: (wanted: Wanted, context: ReadContext) => Promise<Sighting>;
  /** Its time is over, and it has not answered: what it waits for may never come. */
  readonly giveUp?: () => void;
  /** Ends it, also in the middle of a read. */
  readonly close: () => Promise<void> | void;
}

/** This way leads nowhere at present; the message is a sentence with the remedy. */
export class WayFailure extends Error {
  override readonly name: string = 'WayFailure';
}

/** It leads nowhere for this one queue; others may be seen. */
export class QueueFailure extends WayFailure {
  override readonly name = 'QueueFailure';
}

/** The broker refused the user or the password. */
export class LoginFailure extends WayFailure {
  override readonly name = 'LoginFailure';
}

export const refusedUser = (server: string, username: string | undefined): string =>
  `${server} refused ${username === undefined ? 'a login without a user' : `the user ${username}`}: check username and password or passwordSecret`;

/** The broker's own counters of one queue. */
export interface Counters {
  /** With what is in flight. */
  readonly size: unknown;
  readonly inFlight: unknown;
  readonly enqueued: unknown;
  readonly dequeued: unknown;
  readonly oldestAgeSeconds?: number | undefined;
}

/** What a counter says; some translations write it as text. @param least what it may be */
export const counter = (name: string, value: unknown, least = 0): number => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number) && number >= least) return number;
  throw new QueueFailure(`the broker answered without a usable ${name} (${JSON.stringify(value)})`);
};

/**
 * What is in flight is part of the size, and the broker does not count both in one step: in the moment between them there can
 * be more in flight than there is, and then all of it is. Some versions count below 0, which is a fault of that counter
 * alone; the size is right even then.
 */
export const sightingOf = (counters: Counters, at: string): Sighting => {
  const size = counter('QueueSize', counters.size);
  const counted = counter('InFlightCount', counters.inFlight, Number.NEGATIVE_INFINITY);
  const inFlight = Math.min(Math.max(counted, 0), size);
  return {
    known: true,
    visible: size - inFlight,
    inFlight,
    ...(counters.oldestAgeSeconds === undefined ? {} : { oldestAgeSeconds: counters.oldestAgeSeconds }),
    ...(counted < 0
      ? { notes: [`the broker counts ${counted} messages in flight, which is taken as 0`] }
      : {}),
    at,
    totals: {
      arrived: counter('EnqueueCount', counters.enqueued),
      departed: counter('DequeueCount', counters.dequeued),
    },
  };
};

export const noQueue = ({ queueName, brokerName }: Wanted): Sighting => ({
  known: false,
  why: `the broker${brokerName === undefined ? '' : ` ${brokerName}`} has no queue ${queueName}: check queueName; a queue comes into being with its first message or consumer`,
  error: 'NoSuchQueue',
});

/** One for all instances of a broker: that of the active one, where it can be told, else each different one. */
export const together = (failures: readonly Error[]): WayFailure => {
  const telling = failures.find((failure) => failure instanceof LoginFailure);
  if (telling !== undefined) return telling;
  // One that was not even tried has no reason of its own.
  const explained = failures.filter((failure) => failure instanceof WayFailure);
  const whys = [...new Set(explained.map(({ message }) => message))];
  return new WayFailure(whys.join('; '), { cause: failures[0] });
};
