/** The hosts of an embedded run: what of a configuration becomes of them. */
import { expect, test } from '@jest/globals';
import { anySource } from '../../../lambdas/contract/config.ts';
import { parseConfig } from '../../../lambdas/contract/parse.ts';
import { groupsOf, looksOf, needsOf } from '../../../local/demo/hosts.ts';
import { createWorld, setHosts } from '../../../local/world.ts';

const ARN = 'arn:aws:ecs:us-east-1:123456789012:cluster/shop';

const configOf = (capacity: Readonly<Record<string, unknown>>, min = 0) =>
  parseConfig(
    {
      clusters: [{ cluster: ARN, capacity: { autoScalingGroup: 'hosts', ...capacity } }],
      defaults: { source: { type: 'sqs', queueUrl: 'q' }, policy: { type: 'target', backlogPerTask: 10 } },
      services: [
        { cluster: 'shop', service: 'orders', tasks: { min, max: 20 } },
        { cluster: ARN, service: 'mails', tasks: { min: 1, max: 20 } },
        { cluster: 'web', service: 'pages', tasks: { min: 9, max: 20 } },
      ],
    },
    anySource,
  );

test.each([
  ['nothing: a small size, and what the fewest tasks need', {}, 0, { min: 0, max: 10, desired: 1 }],
  ['more tasks than one host takes', {}, 3, { desired: 2 }],
  ['its own least', { min: 3, max: 4 }, 0, { min: 3, max: 4, desired: 3 }],
  ['a least above the usual most', { min: 12 }, 0, { min: 12, max: 12, desired: 12 }],
  ['a most below what the fewest tasks need', { max: 1 }, 9, { max: 1, desired: 1 }],
  ['hosts of a size', { instance: { cpu: 8192, memory: 30_000 } }, 15, { desired: 1 }],
  ['hosts smaller than a task', { instance: { cpu: 256, memory: 512 } }, 0, { desired: 0 }],
])('a group that is configured with %s', (_name, capacity, min, expected) => {
  expect(groupsOf(configOf(capacity, min), 1000)).toMatchObject([
    { name: 'hosts', cluster: ARN, startUpMs: 3000, ...expected },
  ]);
});

test('services are on hosts where their cluster has some, by its name or ARN', () => {
  const config = configOf({});
  expect(config.services.map((each) => needsOf(config, each) !== undefined)).toEqual([true, true, false]);
});

test('hosts look as they are: those that are coming, and how much is reserved', () => {
  const config = configOf({}, 2);
  const world = createWorld({
    ...{ seed: 1, startUpMs: 1000, startUpSigma: 0 },
    services: config.services.map((each) => ({
      ...{ cluster: each.cluster, service: each.service, desired: each.tasks.min },
      needs: needsOf(config, each),
    })),
    groups: groupsOf(config, 1000),
  });
  expect(looksOf(setHosts(world, 'hosts', 2))).toEqual([
    {
      ...{ cluster: ARN, autoScalingGroup: 'hosts', desired: 2 },
      hosts: [
        { id: 'i-00000000000000001', status: 'ACTIVE', tasks: 3, cpu: 0.75, memory: 0.791 },
        { id: 'i-00000000000000002', status: 'PENDING', tasks: 0, cpu: 0, memory: 0 },
      ],
    },
  ]);
});
