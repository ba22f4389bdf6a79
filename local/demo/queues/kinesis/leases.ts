/** How far the demo's consumers are in each shard, in a lease table as KCL keeps it. */
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

export interface Checkpoints {
  /** `TRIM_HORIZON` where there is none yet; one that is there stays. */
  readonly create: (shardId: string) => Promise<void>;
  readonly get: (shardId: string) => Promise<string>;
  readonly set: (shardId: string, owner: string, sequenceNumber: string) => Promise<void>;
  readonly close: () => void;
}

export const checkpointsIn = async (
  TableName: string,
  config: DynamoDBClientConfig,
): Promise<Checkpoints> => {
  const { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } = await import(
    '@aws-sdk/client-dynamodb'
  );
  const client = new DynamoDBClient(config);
  const Key = (shardId: string) => ({ leaseKey: { S: shardId } });
  const find = async (shardId: string): Promise<string | undefined> => {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: Key(shardId) }));
    return Item?.['checkpoint']?.S;
  };
  return {
    create: async (shardId) => {
      // A table that nobody has put anything into is not there.
      if ((await find(shardId).catch(() => undefined)) !== undefined) return;
      const Item = {
        ...Key(shardId),
        checkpoint: { S: 'TRIM_HORIZON' },
        checkpointSubSequenceNumber: { N: '0' },
        leaseCounter: { N: '0' },
        ownerSwitchesSinceCheckpoint: { N: '0' },
      };
      await client.send(new PutItemCommand({ TableName, Item }));
    },
    get: async (shardId) => (await find(shardId)) ?? 'TRIM_HORIZON',
    set: async (shardId, owner, sequenceNumber) => {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: Key(shardId),
          UpdateExpression: 'SET checkpoint = :checkpoint, leaseOwner = :owner',
          ExpressionAttributeValues: { ':checkpoint': { S: sequenceNumber }, ':owner': { S: owner } },
        }),
      );
    },
    close: () => client.destroy(),
  };
};
