/** The shards of a stream: those that take records, and the closed ones whose records are still kept. */
import type { KinesisClient, Shard as ListedShard, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { type Options, streamInput, streamOf } from './options.ts';
import { asked } from './trouble.ts';

export interface Shard {
  readonly id: string;
  readonly open: boolean;
  /** It was split, or they were merged, into this one. */
  readonly parents: readonly string[];
}

export interface Shards {
  /** @param known an unfinished lease is for another shard than these: the stream was resharded, look again soon */
  readonly list: (
    given: Options,
    at: number,
    signal: AbortSignal,
    known?: (shards: readonly Shard[]) => boolean,
  ) => Promise<readonly Shard[]>;
}

/** Resharding takes longer. */
const GOOD_FOR_MS = 30_000;

const shardOf = ({
  ShardId,
  ParentShardId,
  AdjacentParentShardId,
  SequenceNumberRange,
}: ListedShard): Shard => ({
  id: ShardId ?? '',
  open: SequenceNumberRange?.EndingSequenceNumber === undefined,
  parents: [ParentShardId, AdjacentParentShardId].flatMap((parent) => parent ?? []),
});

interface Kept {
  readonly at: number;
  readonly shards: readonly Shard[];
}

export const shardsOf = (
  client: KinesisClient,
  api: { readonly ListShardsCommand: typeof ListShardsCommand },
): Shards => {
  const kept = new Map<string, Kept>();
  const listAll = async (given: Options, signal: AbortSignal): Promise<readonly Shard[]> => {
    const shards: Shard[] = [];
    let NextToken: string | undefined;
    do {
      // A token stands for the stream too, and both together are refused.
      const input = NextToken === undefined ? streamInput(given) : { NextToken };
      const answer = await asked(
        { action: 'kinesis:ListShards', resource: `stream ${streamOf(given)}` },
        client.send(new api.ListShardsCommand(input), { abortSignal: signal }),
      );
      shards.push(...(answer.Shards ?? []).map(shardOf));
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
    // As many tasks as open shards can work; of none nothing could be told.
    if (!shards.some(({ open }) => open))
      throw new Error(`stream ${streamOf(given)} has no open shard: is it being made or deleted?`);
    return shards;
  };
  return {
    list: async (given, at, signal, known = () => true) => {
      const key = given.streamArn ?? streamOf(given);
      const before = kept.get(key);
      const age = before === undefined ? Number.POSITIVE_INFINITY : at - before.at;
      const isFresh = age >= 0 && age < GOOD_FOR_MS;
      if (before !== undefined && isFresh && (age < given.lookEvery * 1000 || known(before.shards)))
        return before.shards;
      const shards = await listAll(given, signal);
      kept.set(key, { at, shards });
      return shards;
    },
  };
};
