/**
 * The leases of a KCL application: how far its consumers are in each shard. KCL 1, 2 and 3 write them alike.
 *
 * Gotchas: since KCL 3.5 the same table may hold rows about workers and the coordinator, which have another kind of key. An
 * application that reads several streams puts `account:stream:creation` into `streamName` and the shard into `shardId`;
 * of one stream the key itself is the shard.
 */
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LEASE_FIELDS } from './options.ts';
import { asked } from './trouble.ts';

export interface Lease {
  readonly shardId: string;
  /** A sequence number or one of KCL's words; `undefined`: none yet. */
  readonly checkpoint: string | undefined;
}

type Row = Readonly<Record<string, AttributeValue>>;

const SHARD = /^shardId-/;

const leaseIn = (row: Row, stream: string): readonly Lease[] => {
  const shardId = row['shardId']?.S ?? row['leaseKey']?.S ?? '';
  const owner = row['streamName']?.S?.split(':');
  if (!SHARD.test(shardId) || (owner !== undefined && owner[1] !== stream)) return [];
  return [{ shardId, checkpoint: row['checkpoint']?.S }];
};

export interface LeaseScan {
  /** All of them. */
  readonly leases: (table: string, stream: string, signal: AbortSignal) => Promise<readonly Lease[]>;
  /** Whether this is a lease table with leases of this stream; reads at most a page of it. Throws if there is none. */
  readonly hasLeases: (table: string, stream: string, signal: AbortSignal) => Promise<boolean>;
  readonly close: () => void;
}

/** Of a table that is none of ours, not more than this is read. */
const PROBED_ROWS = 25;

const SELECTION = {
  Select: 'SPECIFIC_ATTRIBUTES',
  ProjectionExpression: LEASE_FIELDS.map((_, index) => `#${index}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(LEASE_FIELDS.map((field, index) => [`#${index}`, field])),
} as const;

export const leaseScan = async (region: string | undefined): Promise<LeaseScan> => {
  const { DynamoDBClient, ScanCommand } = await import('@aws-sdk/client-dynamodb');
  const client: DynamoDBClient = new DynamoDBClient({
    ...(region === undefined ? {} : { region }),
    maxAttempts: 2,
  });
  const page = (
    TableName: string,
    signal: AbortSignal,
    more: { readonly ExclusiveStartKey?: Record<string, AttributeValue>; readonly Limit?: number },
  ) =>
    asked(
      { action: 'dynamodb:Scan', resource: `the lease table ${TableName}` },
      client.send(new ScanCommand({ TableName, ...SELECTION, ...more }), { abortSignal: signal }),
    );
  return {
    leases: async (table, stream, signal) => {
      const leases: Lease[] = [];
      let key: Record<string, AttributeValue> | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await page(
          table,
          signal,
          key === undefined ? {} : { ExclusiveStartKey: key },
        );
        leases.push(...Items.flatMap((row) => leaseIn(row, stream)));
        key = LastEvaluatedKey;
      } while (key !== undefined);
      return leases;
    },
    hasLeases: async (table, stream, signal) => {
      const { Items = [] } = await page(table, signal, { Limit: PROBED_ROWS });
      return Items.some((row) => leaseIn(row, stream).length > 0);
    },
    close: () => client.destroy(),
  };
};
