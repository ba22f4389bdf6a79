import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import fc from 'fast-check';
import { ownArn } from '../../lambdas/contract/arn.ts';
import { allow, ofTheStack, queueActions, serviceArn, sourcePermissions } from '../../lib/permissions.ts';

const stack = new Stack(new App(), 'Test', { env: { account: '111111111111', region: 'eu-west-1' } });

describe('the ARN of a service', () => {
  test('is in the account of the stack when the cluster is a name', () => {
    expect(stack.resolve(serviceArn(stack, 'shop', 'orders'))).toEqual({
      'Fn::Join': [
        '',
        ['arn:', { Ref: 'AWS::Partition' }, ':ecs:eu-west-1:111111111111:service/shop/orders'],
      ],
    });
  });

  test('follows the cluster when that is an ARN', () => {
    const cluster = 'arn:aws-cn:ecs:cn-north-1:222222222222:cluster/shop';
    expect(serviceArn(stack, cluster, 'orders')).toBe(
      'arn:aws-cn:ecs:cn-north-1:222222222222:service/shop/orders',
    );
  });
});

describe('statements', () => {
  test('carry every resource once, in pieces that one policy can take', () => {
    const resource = fc.string({ minLength: 1, maxLength: 600 });
    fc.assert(
      fc.property(fc.array(resource, { maxLength: 100 }), (resources) => {
        const statements = allow(['ecs:UpdateService'], resources);
        expect(statements.flatMap((statement) => statement.resources)).toEqual([...new Set(resources)]);
        for (const { resources: piece } of statements)
          expect(piece.join('').length).toBeLessThanOrEqual(2000);
      }),
    );
  });
});

const owner = { cluster: 'shop', service: 'orders-worker' };

describe('what a source needs', () => {
  test('is what the source says of its options', () => {
    const options = { type: 'sqs', queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders' };
    expect(sourcePermissions(options, owner, 'services[0].source')).toEqual([
      { actions: ['sqs:GetQueueAttributes'], resources: ['arn:aws:sqs:eu-west-1:123456789012:orders'] },
    ]);
    expect(queueActions()).toEqual(['sqs:GetQueueAttributes']);
  });

  test.each([
    ['a queue whose region nobody knows', 'https://queue.example.com/123456789012/orders', /too wide/],
    ['a URL that only deployment knows', '${Token[TOKEN.1]}', /give the queue itself/],
  ])('%s is refused', (_, queueUrl, why) => {
    expect(() => sourcePermissions({ type: 'sqs', queueUrl }, owner, 'services[0].source')).toThrow(why);
  });
});

test.each([
  ['orders-AbC123', ['orders-AbC123']],
  ['orders', ['orders-??????']],
  ['orders-broker', ['orders-broker', 'orders-broker-??????']],
])('a secret %s may be read by the name that it has in IAM', (name, allowed) => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:';
  const options = { type: 'http', url: 'http://a/b', passwordSecret: `${arn}${name}:pw::` };
  expect(sourcePermissions(options, owner, 'source')).toEqual([
    { actions: ['secretsmanager:GetSecretValue'], resources: allowed.map((each) => `${arn}${each}`) },
  ]);
});

test('what a source leaves open is the account, the region and the partition of the stack', () => {
  const needed = {
    actions: ['ecs:ListTasks'],
    resources: [ownArn('kinesis', 'stream/clicks'), ownArn('kinesis', 'stream/clicks', 'cn-north-1')],
    conditions: { ArnEquals: { 'ecs:cluster': ownArn('ecs', 'cluster/shop') } },
  };
  const account = { Ref: 'AWS::AccountId' };
  const home = ['arn:', { Ref: 'AWS::Partition' }];
  const region = { Ref: 'AWS::Region' };
  expect(stack.resolve(ofTheStack(needed))).toEqual({
    actions: ['ecs:ListTasks'],
    resources: [
      { 'Fn::Join': ['', [...home, ':kinesis:', region, ':', account, ':stream/clicks']] },
      { 'Fn::Join': ['', ['arn:aws-cn:kinesis:cn-north-1:', account, ':stream/clicks']] },
    ],
    conditions: {
      ArnEquals: {
        'ecs:cluster': {
          'Fn::Join': ['', [...home, ':ecs:', region, ':', account, ':cluster/shop']],
        },
      },
    },
  });
});
