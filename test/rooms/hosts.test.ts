/** Hosts from tick to tick, as the rooms see, decide and move them: a burst, its end, and a protected task that nobody disturbs. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CapacityDecision } from '../../lambdas/contract/capacity.ts';
import { anySource, type Config } from '../../lambdas/contract/config.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { decideCapacity } from '../../lambdas/decide/capacity.ts';
import { advance, createWorld, protectTask, setDesired } from '../../local/world.ts';
import { group, type HostsAws, startHosts, TASK } from '../endpoints/hosts.ts';
import { AT } from '../samples.ts';

let aws: HostsAws;
let capacitySamples: typeof import('../../lambdas/collect/capacity.ts').capacitySamples;
let followCapacity: typeof import('../../lambdas/apply/targets/ec2-capacity.ts').followCapacity;

const config = (): Config =>
  parseConfig(
    {
      clusters: [
        {
          cluster: 'shop',
          capacity: { autoScalingGroup: 'shop-hosts', min: 1, cpuBuffer: 512, memoryBuffer: 1024 },
        },
      ],
      services: [
        {
          ...{ cluster: 'shop', service: 'orders', tasks: { max: 50 } },
          source: { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/q' },
        },
      ],
    },
    anySource,
  );

beforeAll(async () => {
  aws = await startHosts();
  ({ capacitySamples } = await import('../../lambdas/collect/capacity.ts'));
  ({ followCapacity } = await import('../../lambdas/apply/targets/ec2-capacity.ts'));
  aws.world = createWorld({
    ...{ seed: 1, startUpMs: 4000, startUpSigma: 0 },
    services: [{ cluster: 'shop', service: 'orders', desired: 1, needs: TASK }],
    groups: [group('shop-hosts', 'shop', 1, { max: 12 })],
  });
});
afterAll(() => aws.close());

const orders = () => aws.world.services[0];
const tasks = () => orders()?.tasks ?? [];

/** One tick of five seconds in which the service is to have so many tasks. */
const tick = async (to: number): Promise<CapacityDecision> => {
  const given = config();
  const samples = await capacitySamples(given, given.services);
  const running = tasks().filter(({ status }) => status === 'RUNNING').length;
  const service = { key: 'shop/orders', to, running, pending: tasks().length - running };
  const [decision] = decideCapacity(samples, [service], { at: AT, term: 1, disableScaleIn: false });
  if (decision === undefined) throw new Error('nothing was decided');
  if (decision.direction !== 'hold') await followCapacity(decision, { isRetry: false });
  aws.change((world) => advance(setDesired(world, 'shop', 'orders', to), 5000));
  return decision;
};

const ticks = async (count: number, to: number): Promise<readonly CapacityDecision[]> => {
  const all: CapacityDecision[] = [];
  for (let nth = 0; nth < count; nth += 1) all.push(await tick(to));
  return all;
};

const hosts = () => aws.world.capacity?.hosts ?? [];

test('a burst asks for its hosts once, in its own tick, and they go one by one when it is over', async () => {
  const burst = await ticks(10, 20);
  // 19 more of which the first host takes 2 beside the one it has, and each new one 3: the buffer fits beside the last.
  expect(burst.map(({ to }) => to)).toEqual(Array.from({ length: 10 }, () => 7));
  expect(burst.filter(({ direction }) => direction === 'out')).toHaveLength(1);
  expect(tasks().filter(({ status }) => status === 'RUNNING')).toHaveLength(20);

  const protectedTask = tasks()[0];
  aws.change((world) => protectTask(world, protectedTask?.id ?? '', Number.POSITIVE_INFINITY));
  const after = await ticks(30, 2);
  expect(after.every(({ direction }) => direction !== 'out')).toBe(true);
  expect(after.every(({ drain }) => drain.length <= 1)).toBe(true);
  // Two tasks and the buffer fit on one host; it is that of the protected task, which was never drained.
  expect(hosts().map(({ id, status }) => [id, status])).toEqual([[protectedTask?.host, 'ACTIVE']]);
  expect(tasks().some(({ id }) => id === protectedTask?.id)).toBe(true);
  expect(tasks().filter(({ status }) => status === 'RUNNING')).toHaveLength(2);
  expect((await tick(2)).direction).toBe('hold');
});
