/** Hosts as collect sees them, through the SDK's own clients: whole, in pages, and what is said where AWS says nothing. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CapacityReading } from '../../lambdas/contract/capacity.ts';
import { anySource, type Config } from '../../lambdas/contract/config.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { createWorld, protectTask, setDesired, setHostStatus, setHosts } from '../../local/world.ts';
import { group, HOST, type HostsAws, startHosts, TASK } from '../endpoints/hosts.ts';

type Known = Extract<CapacityReading, { known: true }>;

let aws: HostsAws;
let capacitySamples: typeof import('../../lambdas/collect/capacity.ts').capacitySamples;
let lookAt: typeof import('../../lambdas/collect/counts.ts').lookAt;

beforeAll(async () => {
  const names = Array.from({ length: 12 }, (_, nth) => `unused-${nth}`);
  aws = await startHosts([
    ...names.map((name) => ({ name, cluster: 'many', group: 'nobody', managedScaling: true })),
    {
      name: 'many-hosts-provider',
      cluster: 'many',
      group: 'many-hosts',
      managedScaling: false,
      services: ['own'],
    },
    {
      name: 'other-provider',
      cluster: 'many',
      group: 'other-hosts',
      managedScaling: false,
      services: ['others'],
    },
    { name: 'mover', cluster: 'moved', group: 'moved-hosts', managedScaling: true },
  ]);
  ({ capacitySamples } = await import('../../lambdas/collect/capacity.ts'));
  ({ lookAt } = await import('../../lambdas/collect/counts.ts'));
});
afterAll(() => aws.close());

const start = { seed: 1, startUpMs: 8000, startUpSigma: 0 };

beforeEach(() => {
  aws.world = createWorld({
    ...start,
    services: [
      { cluster: 'shop', service: 'orders', desired: 4, needs: TASK },
      { cluster: 'shop', service: 'mails', desired: 1 },
    ],
    groups: [group('shop-hosts', 'shop', 2), group('other-hosts', 'shop', 3)],
  });
  aws.denied.clear();
  aws.ecs.refuse = () => undefined;
  Object.assign(aws.told, { suspended: [], refreshes: [] });
});

const service = (cluster: string, name: string) => ({
  ...{ cluster, service: name, tasks: { max: 9 } },
  source: { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/q' },
});

const configOf = (
  cluster: string,
  autoScalingGroup: string,
  names: readonly string[],
  more: object = {},
): Config =>
  parseConfig(
    {
      clusters: [{ cluster, capacity: { autoScalingGroup, ...more } }],
      services: names.map((name) => service(cluster, name)),
    },
    anySource,
  );

const shop = (more: object = {}) => configOf('shop', 'shop-hosts', ['orders', 'mails'], more);

const read = async (config: Config): Promise<CapacityReading> => {
  aws.calls.length = 0;
  const [sample] = await capacitySamples(config, config.services);
  if (sample === undefined) throw new Error('no sample');
  return sample.reading;
};

const known = async (config: Config): Promise<Known> => {
  const reading = await read(config);
  if (!reading.known) throw new Error(reading.why);
  return reading;
};

const counted = (): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...new Set(aws.calls)].map((api) => [api, aws.calls.filter((each) => each === api).length]),
  );

test('the hosts of the group alone, their tasks, and what a task of each service needs here', async () => {
  const seen = await known(shop());
  expect(seen).toMatchObject({
    ...{ desired: 2, min: 0, max: 200, coming: [], needs: { 'shop/orders': TASK }, refreshing: false },
    hosts: [
      {
        type: 'm7g.large',
        status: 'ACTIVE',
        registered: HOST,
        free: { cpu: 1536, memory: 3072 },
        tasks: 1,
        protectedTask: false,
      },
      { status: 'ACTIVE', free: { cpu: 1536, memory: 3072 }, tasks: 1, protectedTask: false },
    ],
  });
  expect(seen.hosts.map(({ id }) => id)).toEqual(aws.world.capacity?.hosts.slice(0, 2).map(({ id }) => id));
  expect(seen).not.toHaveProperty('unsized');
  expect(seen).not.toHaveProperty('suspended');
});

test('the first look asks for what never changes, the next does not, and the counts cost nothing more', async () => {
  const config = configOf('shop', 'shop-hosts', ['orders']);
  await read(config);
  const again = configOf('shop', 'shop-hosts', ['orders']);
  await Promise.all([lookAt(again.services), read(again)]);
  expect(counted()).toEqual({
    'autoscaling:DescribeAutoScalingGroups': 1,
    'ecs:DescribeServices': 1,
    'ecs:ListContainerInstances': 1,
    'ecs:DescribeContainerInstances': 1,
    'autoscaling:DescribeInstanceRefreshes': 1,
    'ecs:ListTasks': 2,
    'ecs:GetTaskProtection': 2,
  });
});

test('nobody asks who might go where nobody may', async () => {
  const looks = ['autoscaling:DescribeInstanceRefreshes', 'ecs:ListTasks', 'ecs:GetTaskProtection'];
  for (const more of [{ min: 2 }, { disableScaleIn: true }]) {
    const seen = await known(shop(more));
    expect(aws.calls.filter((api) => looks.includes(api))).toEqual([]);
    expect(seen.refreshing).toBeUndefined();
    expect(seen.hosts.map(({ protectedTask }) => protectedTask)).toEqual([undefined, undefined]);
  }
});

test('a protected task, a draining host, a refresh, a suspended process', async () => {
  const [task] = aws.world.services[0]?.tasks ?? [];
  aws.change((world) => protectTask(world, task?.id ?? '', 60_000));
  Object.assign(aws.told, { suspended: ['Launch'], refreshes: ['Baking', 'Successful'] });
  const seen = await known(shop());
  const holder = seen.hosts.find(({ protectedTask }) => protectedTask === true);
  expect(holder?.id).toBe(task?.host);
  expect(seen).toMatchObject({ refreshing: true, suspended: ['Launch'] });

  const [, other] = aws.world.capacity?.hosts ?? [];
  aws.change((world) => setHostStatus(world, [other?.id ?? ''], 'DRAINING'));
  const draining = await known(shop());
  expect(draining.hosts.map(({ status }) => status).sort()).toEqual(['ACTIVE', 'DRAINING']);
});

test('hosts on their way, whose size is that of their type', async () => {
  aws.change((world) => setHosts(world, 'shop-hosts', 4));
  const coming = { type: 'm7g.large', size: HOST };
  expect(await known(shop())).toMatchObject({ desired: 4, coming: [coming, coming] });
});

describe('a large cluster', () => {
  const all = ['own', 'others', 'plain', 'fargate'];

  beforeEach(() => {
    const needs = TASK;
    aws.world = createWorld({
      ...start,
      services: [
        { cluster: 'many', service: 'own', desired: 260, needs },
        { cluster: 'many', service: 'others', desired: 0, needs },
        { cluster: 'many', service: 'plain', desired: 0, needs },
        { cluster: 'many', service: 'fargate', desired: 1 },
      ],
      groups: [group('many-hosts', 'many', 130)],
    });
    aws.change((world) => setDesired(world, 'many', 'own', 240));
  });

  test('is read in pages of a hundred; the emptiest are told whole, the others by their room', async () => {
    const { hosts, fuller = [], needs } = await known(configOf('many', 'many-hosts', all));
    expect(counted()).toMatchObject({
      'ecs:ListContainerInstances': 2,
      'ecs:DescribeContainerInstances': 2,
      'ecs:DescribeCapacityProviders': 2,
      'ecs:ListTasks': 5,
    });
    expect(hosts.length + fuller.length).toBe(130);
    const free = [...hosts.map((each) => each.free.cpu), ...fuller.map(([cpu]) => cpu)];
    expect(free.reduce((sum, each) => sum + each, 0)).toBe(130 * HOST.cpu - 240 * TASK.cpu);
    const fullest = Math.min(...hosts.map((each) => each.free.memory));
    expect(Math.max(...fuller.map(([, memory]) => memory))).toBeLessThanOrEqual(fullest);
    expect(JSON.stringify({ hosts, fuller }).length).toBeLessThan(13_000);
    // A strategy with the provider of another group, and Fargate, are somebody else's.
    expect(Object.keys(needs).sort()).toEqual(['many/own', 'many/plain']);
  });
});

test('a group that a capacity provider moves is looked at no further', async () => {
  aws.world = createWorld({
    ...start,
    services: [{ cluster: 'moved', service: 'orders', desired: 1, needs: TASK }],
    groups: [group('moved-hosts', 'moved', 2)],
  });
  const config = configOf('moved', 'moved-hosts', ['orders']);
  expect(await known(config)).toMatchObject({ movedBy: 'mover', desired: 2, hosts: [] });
  expect(await known(config)).toMatchObject({ movedBy: 'mover' });
  expect(aws.calls).toEqual(['autoscaling:DescribeAutoScalingGroups']);
});

describe('what cannot be seen', () => {
  const denials = [
    'autoscaling:DescribeAutoScalingGroups',
    'ecs:ListContainerInstances',
    'ecs:DescribeContainerInstances',
  ];
  test.each(denials)('%s denied: the reading is unknown and names the action', async (api) => {
    aws.denied.add(api);
    expect(await read(shop())).toEqual({
      known: false,
      why: expect.stringMatching(
        new RegExp(`${api} on .* is denied: allow ${api} in the role of this function`),
      ),
      error: 'AccessDeniedException',
    });
  });

  test.each(['ecs:DescribeClusters', 'ecs:DescribeCapacityProviders'])(
    '%s denied: unknown, and asked for again until it answers',
    async (api) => {
      // A name of its own: what is known of a cluster stays known for ten minutes.
      const cluster = `watched-by-${api.slice(4)}`;
      aws.world = createWorld({
        ...start,
        services: [{ cluster: 'many', service: 'own', desired: 1, needs: TASK }],
        groups: [group(`hosts-${api.slice(4)}`, 'many', 1), group(cluster, cluster, 1)],
      });
      const config = configOf('many', `hosts-${api.slice(4)}`, ['own']);
      aws.denied.add(api);
      expect(await read(config)).toMatchObject({ known: false, why: expect.stringContaining(api) });
      aws.denied.clear();
      expect(await read(config)).toMatchObject({ known: true });
    },
  );

  test.each([
    ['ecs:ListTasks', { refreshing: false }],
    ['ecs:GetTaskProtection', { refreshing: false }],
    ['autoscaling:DescribeInstanceRefreshes', {}],
  ])('%s denied: that alone stays unset', async (api, rest) => {
    aws.denied.add(api);
    const seen = await known(shop());
    expect(seen).toMatchObject({ desired: 2, ...rest });
    if (api.startsWith('ecs:'))
      expect(seen.hosts.every(({ protectedTask }) => protectedTask === undefined)).toBe(true);
    else expect(seen.refreshing).toBeUndefined();
  });

  test('services that ECS will not describe, or whose task size it will not tell, have no size', async () => {
    aws.world = createWorld({
      ...start,
      services: [{ cluster: 'secret', service: 'orders', desired: 1, needs: TASK }],
      groups: [group('secret-hosts', 'secret', 1)],
    });
    aws.denied.add('ecs:DescribeTaskDefinition');
    expect(await known(configOf('secret', 'secret-hosts', ['orders', 'nobody']))).toMatchObject({
      needs: {},
      unsized: { 'secret/orders': expect.stringContaining('ecs:DescribeTaskDefinition') },
    });
    aws.denied.add('ecs:DescribeServices');
    const blind = await known(configOf('secret', 'secret-hosts', ['orders']));
    expect(blind.unsized?.['secret/orders']).toContain('ecs:DescribeServices');
  });

  test.each([
    [
      'a group',
      configOf('shop', 'no-such-group', ['orders']),
      /no Auto Scaling group no-such-group.*check autoScalingGroup/,
    ],
    ['a cluster', configOf('nowhere', 'shop-hosts', ['orders']), /no cluster nowhere/],
    ['a variable', shop({ autoScalingGroup: '%(NO_SUCH_GROUP)' }), /NO_SUCH_GROUP/],
  ])('%s that is not there', async (_, config, why) => {
    expect(await read(config)).toMatchObject({ known: false, why: expect.stringMatching(why) });
  });

  test('an ECS that is silent', async () => {
    const answered = Promise.withResolvers<void>();
    aws.ecs.refuse = (action) => (action === 'DescribeContainerInstances' ? answered.promise : undefined);
    expect(await read(shop())).toMatchObject({
      known: false,
      why: expect.stringContaining('ecs:DescribeContainerInstances on cluster shop did not answer in time'),
    });
    answered.resolve();
  });
});
