/**
 * Where consumers go on in each shard, by the leases of their application. Pure.
 *
 * A checkpoint is a sequence number or one of KCL's words. TRIM_HORIZON: from the oldest record. LATEST: from what comes after
 * the consumer has started, so nothing waits. SHARD_END: finished. AT_TIMESTAMP: from a time that only the
 * application's own configuration knows; every record that is kept counts, since none is known to have been read. It
 * lasts until the first checkpoint.
 *
 * Gotchas: KCL gives the children of a resharding their leases late and deletes those of finished parents, so a shard without a
 * lease is unread if it is open, or if its parent still has a lease; a closed one without either was finished long ago. A
 * lease whose shard is gone has nothing left to read. A record that holds several (KPL aggregation) counts as one.
 */
import type { Lease } from './leases.ts';
import type { Shard } from './shards.ts';

export interface Position {
  readonly shardId: string;
  /** A sequence number; `undefined`: from the oldest record. */
  readonly after: string | undefined;
}

export interface Positions {
  readonly positions: readonly Position[];
  readonly notes: readonly string[];
}

const isUnread = ({ open, parents }: Shard, leases: ReadonlyMap<string, Lease>): boolean =>
  open || parents.some((parent) => leases.has(parent));

const positionIn = (shard: Shard, leases: ReadonlyMap<string, Lease>): readonly Position[] => {
  const shardId = shard.id;
  const lease = leases.get(shardId);
  if (lease === undefined) return isUnread(shard, leases) ? [{ shardId, after: undefined }] : [];
  switch (lease.checkpoint) {
    case 'SHARD_END':
    case 'LATEST':
      return [];
    case undefined:
    case 'TRIM_HORIZON':
    case 'AT_TIMESTAMP':
      return [{ shardId, after: undefined }];
    default:
      return [{ shardId, after: lease.checkpoint }];
  }
};

const counted = (shards: readonly Shard[], leases: ReadonlyMap<string, Lease>, checkpoint: string): number =>
  shards.filter(({ id }) => leases.get(id)?.checkpoint === checkpoint).length;

const shardsAt = (number: number, checkpoint: string): string =>
  `${number === 1 ? 'one shard is' : `${number} shards are`} at ${checkpoint}`;

export const positionsOf = (shards: readonly Shard[], all: readonly Lease[]): Positions => {
  const leases = new Map(all.map((lease) => [lease.shardId, lease]));
  const latest = counted(shards, leases, 'LATEST');
  const timestamp = counted(shards, leases, 'AT_TIMESTAMP');
  return {
    positions: shards.flatMap((shard) => positionIn(shard, leases)),
    notes: [
      ...(latest === 0
        ? []
        : [`${shardsAt(latest, 'LATEST')}, without a checkpoint yet: nothing there counts as waiting`]),
      ...(timestamp === 0
        ? []
        : [
            `${shardsAt(timestamp, 'AT_TIMESTAMP')}, without a checkpoint yet: all that is kept counts as waiting`,
          ]),
    ],
  };
};

/** Whether every lease that is not finished is for one of these shards. */
export const coversLeases =
  (leases: readonly Lease[]) =>
  (shards: readonly Shard[]): boolean => {
    const ids = new Set(shards.map(({ id }) => id));
    return leases.every(({ shardId, checkpoint }) => checkpoint === 'SHARD_END' || ids.has(shardId));
  };
