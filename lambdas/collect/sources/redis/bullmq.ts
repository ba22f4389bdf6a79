/**
 * A BullMQ queue, which is several keys behind one prefix: lists of waiting and active jobs, sorted sets of those with a
 * priority and of those for later.
 *
 * Gotchas: a delayed job that is due stays among the delayed ones until a worker comes and moves it, so with no worker it
 * would never count. Its score is its time in milliseconds times 4096, plus an order. A paused queue hands nothing out: its
 * jobs wait for somebody to resume it and are counted as delayed. BullMQ before version 5 keeps its jobs in a list of
 * their own then, and puts a marker, which is no job, at the end of the waiting ones.
 */
import type { KnownReading } from '../../../contract/records.ts';
import type { ReadContext, Totals } from '../../../contract/source.ts';
import { countIn, isWrongType, kindOf, type Link, WrongTypeError } from './link.ts';
import type { Options } from './options.ts';

type Seen = Omit<KnownReading, 'known' | 'at'> & { readonly totals?: Totals };

const ORDERS_PER_MS = 4096;
const MARKER = /^0:/;

export const bullmqReader =
  (link: Link) =>
  async ({ queueKey }: Options, { at }: Pick<ReadContext, 'at'>): Promise<Seen> => {
    const ask = async (command: string, part: string, ...more: readonly string[]): Promise<unknown> => {
      const key = `${queueKey}:${part}`;
      try {
        return await link.send(command, key, ...more);
      } catch (thrown) {
        if (!isWrongType(thrown)) throw thrown;
        const kind = await kindOf(link, key);
        throw new WrongTypeError(
          `the key ${key} is a ${kind}, and BullMQ keeps no such thing there: check queueKey`,
        );
      }
    };
    const count = async (...command: readonly [string, string, ...string[]]): Promise<number> =>
      countIn(await ask(...command));

    const due = `${(Date.parse(at) + 1) * ORDERS_PER_MS - 1}`;
    const [listed, lastListed, prioritized, delayed, dueDelayed, active, parked, meta, ids] =
      await Promise.all([
        count('LLEN', 'wait'),
        ask('LINDEX', 'wait', '-1'),
        count('ZCARD', 'prioritized'),
        count('ZCARD', 'delayed'),
        count('ZCOUNT', 'delayed', '-inf', due),
        count('LLEN', 'active'),
        count('LLEN', 'paused'),
        ask('HMGET', 'meta', 'paused', 'concurrency'),
        ask('GET', 'id'),
      ]);

    const markers = typeof lastListed === 'string' && MARKER.test(lastListed) ? 1 : 0;
    const [paused, concurrency] = meta as readonly (string | null)[];
    const ready = listed - markers + prioritized + dueDelayed;
    const later = delayed - dueDelayed;
    const isPaused = typeof paused === 'string';
    return {
      visible: isPaused ? 0 : ready,
      inFlight: active,
      delayed: later + parked + (isPaused ? ready : 0),
      // A limit that was set for all workers together: a task has at least one job, so more tasks would be idle.
      ...(typeof concurrency === 'string' ? { parallelism: Number(concurrency) } : {}),
      // Every job takes a number, also one with an id of its own.
      totals: { arrived: Number(ids ?? 0) },
      ...(isPaused && {
        notes: [`the queue ${queueKey} is paused: its jobs wait until somebody resumes it`],
      }),
    };
  };
