/**
 * One look at a shard: how many records wait behind a consumer's position, and how old the first of them is.
 *
 * Kinesis has no count, so records are read and counted, up to a bound. That makes a small backlog exact, where age × rate would
 * be a guess, and a wrong one for a burst. What it costs the consumers: a shard hands out 2 MB and 5 calls a second to all of
 * them together, and a look every 5 s takes 256 KiB and 3 calls, so at most 3 % and 12 %; where nothing waits, one call.
 * The first record is read alone, because a limit is a number of records and how large they are is not known before; the
 * bound follows from its size and from those of the last look.
 *
 * Gotchas: an answer may be empty or short though there is more, so the end is where an answer is short *and* nothing is behind it.
 * `MillisBehindLatest` after the last of the records is 0 however old that one is, so the age is that of the first record,
 * by the clock of this machine, since a tick's own time may be one that is replayed.
 */
import type {
  _Record as Entry,
  GetRecordsCommand,
  GetRecordsCommandOutput,
  GetShardIteratorCommand,
  KinesisClient,
} from '@aws-sdk/client-kinesis';
import { iteratorsOf } from './iterators.ts';
import { type Options, streamOf } from './options.ts';
import type { Position } from './positions.ts';
import { asked } from './trouble.ts';

export interface Look {
  /** Counted; all there are if `complete`. */
  readonly records: number;
  readonly complete: boolean;
  /** The time over which the uncounted ones arrived. */
  readonly restSeconds: number;
  /** Of the first one that waits; 0: none does. */
  readonly oldestAgeSeconds: number;
  /** How large a record is here. */
  readonly recordBytes: number | undefined;
}

interface Bounds {
  /** How large the records of the last look were. */
  readonly recordBytes: number | undefined;
  /** How many shards are looked at with this one. */
  readonly shards: number;
}

export type LookAt = (
  given: Options,
  position: Position,
  bounds: Bounds,
  signal: AbortSignal,
) => Promise<Look>;

const MOST_BYTES = 256 * 1024;
/** Of all shards together: what a small function can take in and parse beside its other readings. */
const MOST_BYTES_OF_ALL = 4 * 1024 * 1024;
const MOST_RECORDS = 1000;
const MOST_CALLS = 3;

const bytesOf = ({ Data, PartitionKey = '' }: Entry): number => (Data?.byteLength ?? 0) + PartitionKey.length;

const sizeOf = (records: readonly Entry[]): number =>
  records.reduce((total, record) => total + bytesOf(record), 0);

const boundFor = (recordBytes: number, shards: number): number => {
  const bytes = Math.min(MOST_BYTES, MOST_BYTES_OF_ALL / shards);
  return Math.max(1, Math.min(MOST_RECORDS, Math.floor(bytes / Math.max(1, recordBytes))));
};

const ageOf = (record: Entry | undefined, now: number): number =>
  record?.ApproximateArrivalTimestamp === undefined
    ? 0
    : Math.max(0, (now - record.ApproximateArrivalTimestamp.getTime()) / 1000);

interface Api {
  readonly GetShardIteratorCommand: typeof GetShardIteratorCommand;
  readonly GetRecordsCommand: typeof GetRecordsCommand;
}

export const lookWith = (client: KinesisClient, api: Api): LookAt => {
  const iterators = iteratorsOf(client, api);
  const records = async (
    given: Options,
    position: Position,
    ShardIterator: string,
    Limit: number,
    abortSignal: AbortSignal,
  ) => {
    const stream = given.streamArn === undefined ? {} : { StreamARN: given.streamArn };
    const command = new api.GetRecordsCommand({ ...stream, ShardIterator, Limit });
    const resource = `${position.shardId} of stream ${streamOf(given)}`;
    try {
      return await asked({ action: 'kinesis:GetRecords', resource }, client.send(command, { abortSignal }));
    } catch (thrown) {
      iterators.forget(given, position);
      throw thrown;
    }
  };

  return async (given, position, { recordBytes = 0, shards }, signal) => {
    let iterator = await iterators.at(given, position, signal);
    const seen: Entry[] = [];
    let page: GetRecordsCommandOutput | undefined;
    let oldestAgeSeconds = 0;
    let room = 1;
    let complete = false;
    for (let calls = 0; calls < MOST_CALLS && room > 0 && iterator !== undefined && !complete; calls += 1) {
      page = await records(given, position, iterator, room, signal);
      const found = page.Records ?? [];
      const behind = page.MillisBehindLatest ?? 0;
      if (seen.length === 0) oldestAgeSeconds = Math.max(ageOf(found[0], Date.now()), behind / 1000);
      seen.push(...found);
      iterator = page.NextShardIterator;
      complete = iterator === undefined || (found.length < room && behind === 0);
      room =
        seen.length === 0
          ? 1
          : boundFor(Math.max(recordBytes, sizeOf(seen) / seen.length), shards) - seen.length;
    }
    return {
      records: seen.length,
      complete,
      restSeconds: complete ? 0 : (page?.MillisBehindLatest ?? 0) / 1000,
      oldestAgeSeconds,
      recordBytes: seen.length === 0 ? undefined : sizeOf(seen) / seen.length,
    };
  };
};
