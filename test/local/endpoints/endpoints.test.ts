/** The embedded endpoints, asked by unmodified SDK clients: what the rest stands on must be as AWS is. */
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BUCKET, QUEUE_URL, startAws, type TestAws } from '../../rooms/aws.ts';

let aws: TestAws;
let ecs: ECSClient;
let s3: S3Client;

beforeAll(async () => {
  aws = await startAws({ 'orders-worker': 2 });
  ecs = new ECSClient({ maxAttempts: 1 });
  s3 = new S3Client({ maxAttempts: 1 });
});
afterAll(async () => {
  ecs.destroy();
  s3.destroy();
  await aws.close();
});

const put = async (Key: string, condition: { IfMatch?: string; IfNoneMatch?: string }) => {
  try {
    const { ETag } = await s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key, Body: String(Math.random()), ...condition }),
    );
    return { status: 200, etag: ETag ?? '' };
  } catch (thrown) {
    const { name, $metadata } = thrown as { name: string; $metadata: { httpStatusCode: number } };
    return { status: $metadata.httpStatusCode, name };
  }
};

describe('conditional writes', () => {
  test('If-None-Match creates once', async () => {
    expect(await put('once', { IfNoneMatch: '*' })).toMatchObject({ status: 200 });
    expect(await put('once', { IfNoneMatch: '*' })).toEqual({ status: 412, name: 'PreconditionFailed' });
  });

  test('If-Match replaces only what was read', async () => {
    const first = await put('swap', {});
    const etag = 'etag' in first ? first.etag : '';
    const second = await put('swap', { IfMatch: etag });
    expect(second.status).toBe(200);
    expect(await put('swap', { IfMatch: etag })).toEqual({ status: 412, name: 'PreconditionFailed' });
    expect(await put('swap', { IfMatch: 'etag' in second ? second.etag : '' })).toMatchObject({
      status: 200,
    });
  });

  test('If-Match on nothing is 404', async () =>
    expect(await put('nothing', { IfMatch: '"x"' })).toMatchObject({ status: 404 }));

  test('of many at the same moment exactly one wins, and a writer without a condition is not held up', async () => {
    for (let round = 0; round < 5; round += 1) {
      const first = await put('race', {});
      const IfMatch = 'etag' in first ? first.etag : '';
      const statuses = await Promise.all(Array.from({ length: 10 }, () => put('race', { IfMatch })));
      expect(statuses.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
    }
  });
});

describe('ECS', () => {
  test('a service and its tasks, through a change', async () => {
    const describeIt = async () =>
      await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['orders-worker', 'gone'] }));
    expect(await describeIt()).toMatchObject({
      services: [
        { serviceName: 'orders-worker', status: 'ACTIVE', desiredCount: 2, runningCount: 2, pendingCount: 0 },
      ],
      failures: [{ arn: 'gone', reason: 'MISSING' }],
    });
    await ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'orders-worker', desiredCount: 5 }));
    expect((await describeIt()).services).toMatchObject([
      { desiredCount: 5, runningCount: 2, pendingCount: 3 },
    ]);
    aws.pass(8);
    expect((await describeIt()).services).toMatchObject([
      { desiredCount: 5, runningCount: 5, pendingCount: 0 },
    ]);
    const { taskArns = [] } = await ecs.send(
      new ListTasksCommand({ cluster: 'shop', serviceName: 'orders-worker' }),
    );
    expect(taskArns).toHaveLength(5);
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'shop', tasks: taskArns }));
    expect(tasks?.map(({ lastStatus }) => lastStatus)).toEqual(Array(5).fill('RUNNING'));
  });

  test.each([
    [
      'an unknown cluster',
      new DescribeServicesCommand({ cluster: 'nowhere', services: ['x'] }),
      'ClusterNotFoundException',
    ],
    [
      'an unknown service',
      new UpdateServiceCommand({ cluster: 'shop', service: 'gone', desiredCount: 1 }),
      'ServiceNotFoundException',
    ],
    [
      'more than ten services',
      new DescribeServicesCommand({ cluster: 'shop', services: Array(11).fill('x') }),
      'InvalidParameterException',
    ],
  ])('%s is an error as in AWS', async (_name, command, error) => {
    await expect(ecs.send(command as DescribeServicesCommand)).rejects.toMatchObject({ name: error });
  });
});

test('the queue can be stopped and started without losing a thing', async () => {
  const ask = () =>
    aws.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: QUEUE_URL, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
  await ask();
  await aws.endpoints.stopQueue();
  await expect(ask()).rejects.toThrow('ECONNREFUSED');
  await aws.endpoints.startQueue();
  expect((await ask()).Attributes).toEqual({ ApproximateNumberOfMessages: '0' });
});
