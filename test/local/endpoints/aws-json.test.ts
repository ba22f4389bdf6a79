/** The endpoints that speak AWS JSON, through unmodified clients. */

import { CloudWatchClient, GetMetricDataCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LOCAL } from '../../../local/endpoints/aws.ts';
import { cloudWatchActions, metricStore } from '../../../local/endpoints/cloudwatch.ts';
import { leaseTables } from '../../../local/endpoints/lease-table.ts';
import { startEndpoint, type TestEndpoint } from '../../endpoints/aws.ts';

describe('a lease table', () => {
  const TableName = 'orders-worker';
  let endpoint: TestEndpoint;
  let client: DynamoDBClient;
  beforeAll(async () => {
    endpoint = await startEndpoint('1.0', leaseTables(2).actions);
    client = new DynamoDBClient({ ...LOCAL, endpoint: endpoint.url, maxAttempts: 1 });
  });
  afterAll(async () => {
    client.destroy();
    await endpoint.stop();
  });
  const Key = (shard: string) => ({ leaseKey: { S: shard } });

  test('is not there before something is put into it', async () => {
    await expect(client.send(new GetItemCommand({ TableName, Key: Key('a') }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('keeps rows, changes what it is told to, and is scanned in pages', async () => {
    for (const shard of ['a', 'b', 'c', 'd', 'e'])
      await client.send(
        new PutItemCommand({
          TableName,
          Item: { ...Key(shard), checkpoint: { S: 'LATEST' }, leaseCounter: { N: '1' } },
        }),
      );
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: Key('b'),
        UpdateExpression: 'SET #checkpoint = :now, leaseOwner = :owner',
        ExpressionAttributeNames: { '#checkpoint': 'checkpoint' },
        ExpressionAttributeValues: { ':now': { S: '17' }, ':owner': { S: 'task-1' } },
      }),
    );
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: Key('b') }));
    expect(Item).toEqual({
      ...Key('b'),
      checkpoint: { S: '17' },
      leaseCounter: { N: '1' },
      leaseOwner: { S: 'task-1' },
    });
    const pages: unknown[] = [];
    const scan = {
      TableName,
      ProjectionExpression: 'leaseKey, #c',
      ExpressionAttributeNames: { '#c': 'checkpoint' },
    };
    for await (const { Items } of paginateScan({ client }, scan)) pages.push(Items);
    expect(pages).toEqual([
      [
        { ...Key('a'), checkpoint: { S: 'LATEST' } },
        { ...Key('b'), checkpoint: { S: '17' } },
      ],
      ['c', 'd'].map((shard) => ({ ...Key(shard), checkpoint: { S: 'LATEST' } })),
      [{ ...Key('e'), checkpoint: { S: 'LATEST' } }],
    ]);
  });

  test('says what it cannot do', async () => {
    await expect(client.send(new DeleteItemCommand({ TableName, Key: Key('a') }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    await expect(
      client.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' } } })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('CloudWatch', () => {
  let endpoint: TestEndpoint;
  let client: CloudWatchClient;
  beforeAll(async () => {
    endpoint = await startEndpoint('1.0', cloudWatchActions(metricStore()));
    client = new CloudWatchClient({ ...LOCAL, endpoint: endpoint.url, maxAttempts: 1 });
  });
  afterAll(async () => {
    client.destroy();
    await endpoint.stop();
  });

  test('answers what was put into it, and refuses what it could not answer', async () => {
    const start = Date.parse('2026-11-22T12:00:00Z');
    const Dimensions = [{ Name: 'Queue', Value: 'ord ers/é' }];
    for (const [seconds, Value] of [
      [1, 4],
      [59, 6],
      [130, 8],
    ] as const)
      await client.send(
        new PutMetricDataCommand({
          Namespace: 'Shop',
          MetricData: [
            { MetricName: 'Depth', Dimensions, Value, Timestamp: new Date(start + seconds * 1000) },
          ],
        }),
      );
    const ask = (Stat: string, Period = 60) =>
      client.send(
        new GetMetricDataCommand({
          StartTime: new Date(start),
          EndTime: new Date(start + 180_000),
          ScanBy: 'TimestampAscending',
          MetricDataQueries: [
            {
              Id: 'm',
              MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Depth', Dimensions }, Period, Stat },
            },
          ],
        }),
      );
    expect((await ask('Average')).MetricDataResults).toMatchObject([
      {
        Id: 'm',
        StatusCode: 'Complete',
        Values: [5, 8],
        Timestamps: [new Date(start), new Date(start + 120_000)],
      },
    ]);
    expect((await ask('p90')).MetricDataResults).toMatchObject([{ Values: [6, 8] }]);
    await expect(ask('Mean')).rejects.toMatchObject({ name: expect.stringMatching(/^Validation/) });
    await expect(ask('Sum', 90)).rejects.toMatchObject({ name: expect.stringMatching(/^Validation/) });
  });
});
