/**
 * What the statistics plugin was asked and has not answered yet, and what its answers say: maps that come as JSON, the XStream
 * way.
 *
 * Gotchas: a wildcard is answered for every queue that fits, and a queue whose own name is a wildcard answers for every
 * question that fits it, so only an answer with the very name counts. The time of the first message (from 5.16.4 on) is the
 * broker's, as is that of the answer: no clock of ours is in the age.
 */
import type { IMessage } from '@stomp/stompjs';
import type { Sighting } from '../../../contract/source.ts';
import { counter, noQueue, sightingOf, type Wanted } from './way.ts';

interface Question {
  readonly wanted: Wanted;
  /** ISO 8601: the tick. */
  readonly at: string;
  readonly resolve: (seen: Sighting) => void;
  readonly reject: (reason: unknown) => void;
}

type Fields = Readonly<Record<string, unknown>>;

/** A text has its name and its value under `string`; a number has a type. */
interface Entry {
  readonly string: string | readonly [name: string, text: string];
  readonly long?: unknown;
  readonly int?: unknown;
  readonly double?: unknown;
}

/** `{ map: { entry: [{ string: 'size', long: 7 }, { string: ['destinationName', 'queue://orders'] }] } }` */
const fieldsOf = (body: string): Fields => {
  const { map } = JSON.parse(body) as { readonly map?: { readonly entry?: readonly Entry[] } };
  const fields: Record<string, unknown> = {};
  for (const { string, long, int, double } of map?.entry ?? []) {
    if (typeof string === 'string') fields[string] = long ?? int ?? double;
    else fields[string[0]] = string[1];
  }
  return fields;
};

const ageOf = ({ firstMessageTimestamp: first }: Fields, now: string | undefined): number | undefined => {
  if (first === undefined || now === undefined) return undefined;
  const seconds = (Number(now) - counter('firstMessageTimestamp', first)) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
};

/** `undefined`: it is of another queue. */
const sightingIn = ({ body, headers }: IMessage, { wanted, at }: Question): Sighting | undefined => {
  const fields = fieldsOf(body);
  if (fields['destinationName'] !== `queue://${wanted.queueName}`) return undefined;
  const { size, inflightCount: inFlight, enqueueCount: enqueued, dequeueCount: dequeued } = fields;
  const oldestAgeSeconds = ageOf(fields, headers['timestamp']);
  return sightingOf({ size, inFlight, enqueued, dequeued, oldestAgeSeconds }, at);
};

export interface Questions {
  readonly size: () => number;
  /** The number of the newest. */
  readonly last: () => number;
  /** @returns its number; later ones are higher */
  readonly add: (question: Question) => number;
  readonly answer: (number: number, message: IMessage) => void;
  /** What was asked up to this number, and has no answer by now, is about queues that do not exist. */
  readonly endAt: (last: number) => void;
  /** Rejects the first question about such a queue. @returns whether there was one */
  readonly refuse: (isAbout: (wanted: Wanted) => boolean, reason: Error) => boolean;
  readonly refuseAll: (reason: Error) => void;
}

export const questionsAsked = (): Questions => {
  const open = new Map<number, Question>();
  let asked = 0;
  return {
    size: () => open.size,
    last: () => asked,
    add: (question) => {
      asked += 1;
      open.set(asked, question);
      return asked;
    },
    answer: (number, message) => {
      const question = open.get(number);
      if (question === undefined) return;
      try {
        const seen = sightingIn(message, question);
        if (seen === undefined) return;
        question.resolve(seen);
      } catch (thrown) {
        question.reject(thrown);
      }
      open.delete(number);
    },
    endAt: (last) => {
      for (const [number, { wanted, resolve }] of open) {
        if (number > last) return;
        open.delete(number);
        resolve(noQueue(wanted));
      }
    },
    refuse: (isAbout, reason) => {
      const [number, question] = [...open].find(([, { wanted }]) => isAbout(wanted)) ?? [];
      if (number === undefined) return false;
      question?.reject(reason);
      return open.delete(number);
    },
    refuseAll: (reason) => {
      for (const { reject } of open.values()) reject(reason);
      open.clear();
    },
  };
};
