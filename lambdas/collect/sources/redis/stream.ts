/**
 * A stream and one consumer group: what the group has not been given yet (its lag) waits, what it was given and has not
 * acknowledged (pending) is in flight.
 *
 * Gotchas: Redis before 7 has no lag, and later ones lose it (NULL) when entries are deleted, or when the group begins
 * somewhere in the middle. Redis 7.0 counts entries into it that were trimmed away and will never come. So the first and last
 * entry are looked at before it: a group before the first has everything to come, one at the last has nothing. Only in
 * between is the lag believed, or what comes after the last delivered entry counted.
 */
import type { KnownReading } from '../../../contract/records.ts';
import type { ReadContext, Totals } from '../../../contract/source.ts';
import { ageSeconds, countAfter, type EntryId, entriesAfter, isBefore } from './entries.ts';
import { isWrongType, kindOf, type Link, WrongTypeError } from './link.ts';
import type { Options } from './options.ts';

type Seen = Omit<KnownReading, 'known' | 'at'> & { readonly totals?: Totals };

/** Names and values in turns, as RESP 2 has them. */
const fieldsOf = (reply: unknown): ReadonlyMap<string, unknown> => {
  const flat = reply as readonly unknown[];
  return new Map(flat.flatMap((name, index) => (index % 2 === 0 ? [[String(name), flat[index + 1]]] : [])));
};

const numberIn = (fields: ReadonlyMap<string, unknown>, name: string): number | undefined => {
  const value = fields.get(name);
  return typeof value === 'number' ? value : undefined;
};

const entryIn = (fields: ReadonlyMap<string, unknown>, name: string): EntryId | undefined =>
  (fields.get(name) as readonly [EntryId] | null | undefined)?.[0];

interface Stream {
  readonly length: number;
  /** Entries ever added; Redis 7 counts them. */
  readonly added: number | undefined;
  readonly first: EntryId | undefined;
  readonly last: EntryId | undefined;
}

interface Group {
  readonly delivered: EntryId;
  readonly pending: number;
  readonly lag: number | undefined;
  /** Entries ever given to it; Redis 7 counts them, as long as it can. */
  readonly read: number | undefined;
}

const streamIn = (reply: unknown): Stream => {
  const fields = fieldsOf(reply);
  return {
    length: numberIn(fields, 'length') ?? Number.NaN,
    added: numberIn(fields, 'entries-added'),
    first: entryIn(fields, 'first-entry'),
    last: entryIn(fields, 'last-entry'),
  };
};

const groupIn = (reply: unknown, name: string | undefined): Group | undefined => {
  const fields = (reply as unknown[]).map(fieldsOf).find((each) => each.get('name') === name);
  return (
    fields && {
      delivered: String(fields.get('last-delivered-id')),
      pending: numberIn(fields, 'pending') ?? Number.NaN,
      lag: numberIn(fields, 'lag'),
      read: numberIn(fields, 'entries-read'),
    }
  );
};

/**
 * Given and acknowledged. A group that has been given nothing yet has no number of its own. Pending entries may outnumber
 * those that were read, when a consumer claims what the group was never given.
 */
const departedFrom = ({ read, pending, delivered }: Group): number | undefined => {
  const given = delivered === '0-0' ? 0 : read;
  return given === undefined || given < pending ? undefined : given - pending;
};

const totalsOf = ({ added }: Stream, group: Group | undefined): Totals => {
  const departed = group && departedFrom(group);
  return {
    ...(added === undefined ? {} : { arrived: added }),
    ...(departed === undefined ? {} : { departed }),
  };
};

interface Waiting {
  readonly visible: number;
  readonly oldest?: EntryId | undefined;
  readonly stopped?: boolean;
}

/** Reads streams over one link; it remembers where each group was, since it mostly still is there. */
export const streamReader = (link: Link) => {
  const places = new Map<string, EntryId>();

  const waitingFor = async (
    key: string,
    { length, first, last }: Stream,
    { delivered, lag }: Group,
    firstAfter: (id: EntryId) => Promise<EntryId | undefined>,
  ): Promise<Waiting> => {
    if (first === undefined || last === undefined || !isBefore(delivered, last)) return { visible: 0 };
    if (isBefore(delivered, first)) return { visible: length, oldest: first };
    if (lag !== undefined) return { visible: Math.min(lag, length), oldest: await firstAfter(delivered) };
    const { count, stopped, oldest } = await countAfter(link, key, delivered);
    return { visible: count, oldest, stopped };
  };

  const withoutGroup = (stream: Stream, { queueKey, consumerGroup }: Options): Seen => ({
    visible: stream.length,
    totals: totalsOf(stream, undefined),
    ...(consumerGroup === undefined ? {} : { inFlight: 0 }),
    notes: [
      consumerGroup === undefined
        ? `every entry of ${queueKey} counts as waiting, done or not: only with consumerGroup is it known what has been done`
        : `the stream ${queueKey} has no group ${consumerGroup} yet, so all its entries count as waiting`,
    ],
  });

  return async (options: Options, { at }: Pick<ReadContext, 'at'>): Promise<Seen> => {
    const { queueKey: key, consumerGroup: name } = options;
    const place = JSON.stringify([key, name]);
    const guess = places.get(place);
    const guessed = guess === undefined ? undefined : entriesAfter(link, key, guess, 1);
    const replies = Promise.all([link.send('XINFO STREAM', key), link.send('XINFO GROUPS', key), guessed]);
    const answers = await replies.catch(async (thrown: unknown) => {
      if (/no such key/i.test((thrown as Error).message)) return undefined;
      if (!isWrongType(thrown)) throw thrown;
      const kind = await kindOf(link, key);
      const remedy = kind === 'list' ? 'set queueType: list' : 'check queueKey';
      throw new WrongTypeError(`the key ${key} is a ${kind}, and a stream was expected: ${remedy}`);
    });
    if (answers === undefined) {
      const notes = [`there is no stream ${key} yet, which counts as an empty one`];
      return name === undefined ? { visible: 0, notes } : { visible: 0, inFlight: 0, notes };
    }

    const stream = streamIn(answers[0]);
    const group = groupIn(answers[1], name);
    if (group === undefined) return withoutGroup(stream, options);
    places.set(place, group.delivered);
    const firstAfter = async (id: EntryId): Promise<EntryId | undefined> => {
      const entries = id === guess ? answers[2] : await entriesAfter(link, key, id, 1);
      return entries?.[0]?.[0];
    };
    const { visible, oldest, stopped = false } = await waitingFor(key, stream, group, firstAfter);
    const oldestAgeSeconds = oldest === undefined ? undefined : ageSeconds(oldest, Date.parse(at));
    return {
      visible,
      inFlight: group.pending,
      ...(oldestAgeSeconds === undefined ? {} : { oldestAgeSeconds }),
      totals: totalsOf(stream, group),
      ...(stopped && {
        atLeast: true,
        notes: [
          `Redis does not know the lag of the group ${name}, and the entries after its last one were counted up to ${visible}: there are more of them`,
        ],
      }),
    };
  };
};
