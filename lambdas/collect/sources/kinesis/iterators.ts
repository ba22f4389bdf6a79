/**
 * Iterators at the checkpoints of consumers. One may be used again and again for five minutes, so while a checkpoint stays, its
 * iterator does, which spares the consumers a call of the five a second that a shard answers.
 */
import type { GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { type Options, streamInput, streamOf, tableOf } from './options.ts';
import type { Position } from './positions.ts';
import { asked } from './trouble.ts';

export interface Iterators {
  readonly at: (given: Options, position: Position, signal: AbortSignal) => Promise<string | undefined>;
  /** It did not work: another is made next time. */
  readonly forget: (given: Options, position: Position) => void;
}

interface Kept {
  readonly after: string | undefined;
  readonly iterator: string | undefined;
  readonly madeAt: number;
}

const GOOD_FOR_MS = 240_000;

const keyOf = (given: Options, { shardId }: Position): string =>
  JSON.stringify([given.streamArn ?? streamOf(given), tableOf(given)?.name, shardId]);

export const iteratorsOf = (
  client: KinesisClient,
  api: { readonly GetShardIteratorCommand: typeof GetShardIteratorCommand },
): Iterators => {
  const kept = new Map<string, Kept>();
  return {
    at: async (given, position, abortSignal) => {
      const { shardId, after } = position;
      const before = kept.get(keyOf(given, position));
      // The real time, whatever the tick's: it is the server that counts the minutes.
      const now = Date.now();
      if (before !== undefined && before.after === after && now - before.madeAt < GOOD_FOR_MS)
        return before.iterator;
      const from =
        after === undefined
          ? ({ ShardIteratorType: 'TRIM_HORIZON' } as const)
          : ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: after } as const);
      const { ShardIterator: iterator } = await asked(
        { action: 'kinesis:GetShardIterator', resource: `${shardId} of stream ${streamOf(given)}` },
        client.send(new api.GetShardIteratorCommand({ ...streamInput(given), ShardId: shardId, ...from }), {
          abortSignal,
        }),
      );
      kept.set(keyOf(given, position), { after, iterator, madeAt: now });
      return iterator;
    },
    forget: (given, position) => void kept.delete(keyOf(given, position)),
  };
};
