/** Services, queues and topics of the same app: what only deployment knows, and what it may cost. */
import { describe, expect, test } from '@jest/globals';
import { Lazy, type Stack } from 'aws-cdk-lib';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerImage,
  FargateService,
  FargateTaskDefinition,
  type ICluster,
  type IService,
} from 'aws-cdk-lib/aws-ecs';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import type { PulseScalerProps, ScaledService } from '../../lib/index.ts';
import { orders, Synthesised } from './synthesised.ts';

const policy = { type: 'target', backlogPerTask: 10 } as const;

const workersOf = (stack: Stack, count: number): readonly IService[] => {
  const vpc = new Vpc(stack, 'Vpc', { natGateways: 0 }) as IVpc;
  const cluster = new Cluster(stack, 'Cluster', { vpc }) as ICluster;
  const taskDefinition = new FargateTaskDefinition(stack, 'Task');
  taskDefinition.addContainer('worker', { image: ContainerImage.fromRegistry('worker') });
  return Array.from(
    { length: count },
    (_, index) => new FargateService(stack, `Worker${index}`, { cluster, taskDefinition }),
  );
};

const propsWith =
  (
    service: (worker: IService, queue: IQueue) => Omit<ScaledService, 'service' | 'tasks' | 'policy'>,
    count = 1,
  ) =>
  (stack: Stack): PulseScalerProps => ({
    services: workersOf(stack, count).map((worker, index) => ({
      service: worker,
      tasks: { max: 5 },
      policy,
      ...service(worker, new Queue(stack, `Queue${index}`)),
    })),
  });

describe('a service and a queue of the same app', () => {
  const own = new Synthesised(propsWith((_, queue) => ({ queue })));

  test('stand in the configuration as references, which the functions can replace', () => {
    expect(own.configOf('default').services).toEqual([
      {
        cluster: '%(PULSE_1)',
        service: '%(PULSE_2)',
        tasks: { max: 5 },
        policy,
        source: { type: 'sqs', queueUrl: '%(PULSE_3)' },
      },
    ]);
    for (const room of ['Lease', 'Collect', 'Decide', 'Apply']) {
      expect(own.environmentOf(`default${room}`)).toMatchObject({
        PULSE_1: { Ref: expect.stringMatching(/^Cluster/) },
        PULSE_2: { 'Fn::GetAtt': [expect.stringMatching(/^Worker0/), 'Name'] },
        PULSE_3: { Ref: expect.stringMatching(/^Queue0/) },
      });
    }
    expect(own.text).not.toContain('Token[');
  });

  test('are what collect and apply may touch', () => {
    const rights = (role: string) =>
      own.allowedTo(role).map(({ Action, Resource }) => `${Action.join()} ${Resource.join()}`);
    expect(rights('CollectRole')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ecs:DescribeServices <Worker0Service\w+>$/),
        expect.stringMatching(/^sqs:GetQueueAttributes <Queue0\w+\.Arn>$/),
      ]),
    );
    expect(rights('ApplyRole')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^ecs:UpdateService <Worker0Service\w+>$/)]),
    );
  });
});

describe('mixtures', () => {
  test('a queue object among named sources', () => {
    const mixed = new Synthesised(
      propsWith((_, queue) => ({
        sources: [queue, { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/b' }],
      })),
    );
    const queues = mixed
      .allowedTo('CollectRole')
      .filter(({ Action }) => Action.includes('sqs:GetQueueAttributes'))
      .flatMap(({ Resource }) => Resource);
    expect(queues.toSorted()).toEqual([
      expect.stringMatching(/^<Queue0\w+\.Arn>$/),
      'arn:aws:sqs:us-east-1:123456789012:b',
    ]);
  });

  test('names alone', () => {
    const queue = { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' };
    const named = new Synthesised({
      services: [{ cluster: 'shop', service: 'orders-worker', tasks: { max: 50 }, policy, queue }],
    });
    expect(named.configOf('default').services).toEqual([orders]);
  });

  test.each<readonly [string, (stack: Stack) => PulseScalerProps, RegExp]>([
    ['a queue and a source', propsWith((_, queue) => ({ queue, source: queue })), /give either one source/],
    ['no source', propsWith(() => ({})), /give either one source/],
    [
      'a URL in place of its queue',
      propsWith((_, queue) => ({ source: { type: 'sqs', queueUrl: queue.queueUrl } })),
      /services\[0\]\.source: .*give the queue itself/,
    ],
    [
      'a service that does not know its cluster',
      () => ({ services: [{ ...orders, cluster: undefined } as unknown as ScaledService] }),
      /services\[0\]\.cluster: required/,
    ],
    [
      'a number that only deployment knows',
      () => ({
        services: [{ ...orders, tasks: { max: Lazy.number({ produce: () => 5 }) } } as ScaledService],
      }),
      /services\[0\]\.tasks\.max: is known only at deployment/,
    ],
    ['too many for 4 KB', propsWith((_, queue) => ({ queue }), 30), /Lambda allows 4096.*physical names/],
  ])('%s is refused with the remedy', (_, props, why) => {
    expect(() => new Synthesised(props)).toThrow(why);
  });
});

describe('services of the same app that share a budget', () => {
  const stackOf = (groups: (workers: readonly IService[], cluster: string) => PulseScalerProps['groups']) =>
    new Synthesised((stack) => {
      const workers = workersOf(stack, 2);
      const cluster = (workers[0] as FargateService).cluster.clusterName;
      const services = workers.map((worker, nth) => ({
        ...{ service: worker, queue: new Queue(stack, `Queue${nth}`), tasks: { max: 5 }, policy },
      }));
      const given = groups(workers, cluster);
      return given === undefined ? { services } : { services, groups: given };
    });

  test('are named by their own names, which only deployment knows', () => {
    const own = stackOf((workers, cluster) => [
      { services: workers.map(({ serviceName }) => `${cluster}/${serviceName}`), maxTotalTasks: 7 },
    ]);
    const { services, groups } = own.configOf('default');
    expect(groups).toEqual([
      { services: services.map(({ cluster, service }) => `${cluster}/${service}`), maxTotalTasks: 7 },
    ]);
  });

  test('a name that none of them has is refused', () => {
    expect(() => stackOf(() => [{ services: ['shop/nobody'], maxTotalTasks: 7 }])).toThrow(
      /groups\[0\]\.services\[0\]: unknown service/,
    );
  });

  test('beside a whole configuration they are refused: it has a place for them', () => {
    const props = { config: { services: [orders] }, groups: [{ services: ['a/b'], maxTotalTasks: 1 }] };
    expect(() => new Synthesised(props)).toThrow(/groups: goes with services.*config\.groups/);
  });
});
