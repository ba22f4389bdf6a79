/** What services share travels with them: defaults are in each, budgets and hosts in the lane that has all of them. */
import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import type { PulseConfig } from '../../lib/index.ts';
import { type Plan, planLanes } from '../../lib/plan.ts';
import { manyServices, orders } from './synthesised.ts';

type Services = PulseConfig['services'];

/** As it comes from a file: not typed, and with less in a service than the type of a prop asks for. */
const plan = (config: unknown, environment: Readonly<Record<string, string>> = {}): Plan =>
  planLanes(new Stack(new App({ analyticsReporting: false }), 'Test'), {
    config: config as PulseConfig,
    environment,
  });
const filesIn = ({ lanes }: Plan): readonly PulseConfig[] => lanes.map(({ config }) => config as PulseConfig);
const problemsOf = (config: unknown): string => {
  try {
    plan(config);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was taken');
};

const { source, policy } = orders;
const capacity = { autoScalingGroup: 'hosts', max: 9 };
const sharing = plan({
  loop: { interval: '5s' },
  defaults: { tasks: { max: 20 }, source },
  clusters: [
    { cluster: 'mail', defaults: { tasks: { min: 1 }, policy } },
    { cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/hosted', capacity },
  ],
  groups: [
    { services: ['mail/first', 'mail/last'], maxTotalTasks: 30, priority: ['mail/last'] },
    { services: ['hosted/*'], maxTotalTasks: 9 },
  ],
  services: [
    { cluster: 'mail', service: 'first' },
    ...manyServices(99),
    { cluster: 'hosted', service: 'a', tasks: { max: 5 } },
    { cluster: 'mail', service: 'last', tasks: { max: 7 } },
    { cluster: 'hosted', service: 'b' },
  ],
});
const named = ({ services }: { readonly services: Services }): readonly string[] =>
  services.map(({ service }) => service);

describe('a lane’s file', () => {
  const [first, second] = filesIn(sharing);
  if (first === undefined || second === undefined) throw new Error('there are two lanes');

  test('has the services that share something together, and what they share', () => {
    expect(named(first)).toEqual(['first', 'last', ...manyServices(98).map(({ service }) => service)]);
    expect(named(second)).toEqual(['service-98', 'a', 'b']);
    expect(first).toMatchObject({
      groups: [{ services: ['mail/first', 'mail/last'], maxTotalTasks: 30, priority: ['mail/last'] }],
    });
    expect(first).not.toHaveProperty('clusters');
    expect(second).toMatchObject({
      groups: [{ services: ['hosted/*'], maxTotalTasks: 9 }],
      clusters: [{ cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/hosted', capacity }],
    });
  });

  test('has whole services: the nearest word wins, and no defaults are left', () => {
    expect(first.services[0]).toEqual({
      cluster: 'mail',
      service: 'first',
      tasks: { min: 1, max: 20 },
      source,
      policy,
    });
    expect(first.services[1]).toMatchObject({ tasks: { min: 1, max: 7 } });
    expect(second.services[1]).toEqual({ cluster: 'hosted', service: 'a', tasks: { max: 5 }, source });
    expect(first).not.toHaveProperty('defaults');
  });

  test('reads the queues of defaults, and moves the hosts of its clusters', () => {
    const [one, other] = sharing.lanes;
    expect(one?.services[0]?.permissions).toMatchObject([{ resources: [expect.stringContaining('orders')] }]);
    expect(one?.capacities).toEqual([]);
    expect(other?.capacities).toMatchObject([{ autoScalingGroup: 'hosts', max: 9 }]);
  });
});

test('hosts of a cluster without services are in the first lane', () => {
  const { lanes } = plan({ clusters: [{ cluster: 'spare', capacity }], services: manyServices(101) });
  expect(lanes.map(({ capacities }) => capacities.length)).toEqual([1, 0]);
});

test('what is named once by a variable and once in plain is one', () => {
  const [file] = filesIn(
    plan(
      {
        clusters: [{ cluster: '%(CLUSTER)', defaults: { tasks: { max: 4 }, source } }],
        groups: [{ services: ['shop/%(SERVICE)'], maxTotalTasks: 3 }],
        services: [{ cluster: 'shop', service: 'orders' }],
      },
      { CLUSTER: 'shop', SERVICE: 'orders' },
    ),
  );
  expect(file?.services).toEqual([{ cluster: 'shop', service: 'orders', tasks: { max: 4 }, source }]);
  expect(file).toMatchObject({ groups: [{ services: ['shop/orders'], maxTotalTasks: 3 }] });
});

test('a problem is told at the place where it was written', () => {
  const unnamed = { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/%(NOBODY)' };
  const text = problemsOf({
    defaults: { tasks: { max: 4 }, source: unnamed },
    services: [{ cluster: 'shop', service: 'orders' }],
  });
  expect(text).toContain('defaults.source.queueUrl');
  expect(text).toContain('NOBODY');
  expect(
    problemsOf({
      groups: [{ services: ['shop/*'], maxTotalTasks: 500 }],
      services: manyServices(101),
    }),
  ).toContain('groups[0]: 101 services have to be in one lane because of groups[0]');
  expect(problemsOf({ clusters: [{ cluster: 'shop', capacity }], services: manyServices(101) })).toContain(
    'clusters[0].capacity: 101 services have to be in one lane',
  );
});
