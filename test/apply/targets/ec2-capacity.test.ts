/** Hosts through the SDK's own clients: what is asked for, drained and terminated, what a repeat does, and what is said of a refusal. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { CapacityDecision, CapacityOutcome } from '../../../lambdas/contract/capacity.ts';
import { createWorld, setHostStatus } from '../../../local/world.ts';
import { group, type HostsAws, startHosts, TASK } from '../../endpoints/hosts.ts';
import { AT } from '../../samples.ts';

let aws: HostsAws;
let followCapacity: typeof import('../../../lambdas/apply/targets/ec2-capacity.ts').followCapacity;

beforeAll(async () => {
  aws = await startHosts();
  ({ followCapacity } = await import('../../../lambdas/apply/targets/ec2-capacity.ts'));
});
afterAll(() => aws.close());

beforeEach(() => {
  aws.world = createWorld({
    ...{ seed: 1, startUpMs: 8000, startUpSigma: 0 },
    services: [{ cluster: 'shop', service: 'orders', desired: 0, needs: TASK }],
    groups: [group('shop-hosts', 'shop', 14, { min: 1, max: 20 })],
  });
  aws.calls.length = 0;
  aws.denied.clear();
});

const hosts = () => aws.world.capacity?.hosts ?? [];
const desired = () => aws.world.capacity?.groups[0]?.desired;
const inState = (status: string) => hosts().filter((each) => each.status === status).length;

const follow = (
  to: number,
  { drain = [], terminate = [] }: Partial<CapacityDecision> = {},
  isRetry = false,
): Promise<CapacityOutcome> => {
  const decision: CapacityDecision = {
    ...{ cluster: 'shop', autoScalingGroup: 'shop-hosts', from: 14, to, drain, terminate },
    ...{ direction: to > 14 ? 'out' : 'in', reasons: [], at: AT, term: 1 },
  };
  return followCapacity(decision, { isRetry });
};

test('asks for hosts by an absolute count, so a repeat changes nothing', async () => {
  expect(await follow(17)).toMatchObject({ applied: true, to: 17 });
  await follow(17, {}, true);
  expect(desired()).toBe(17);
  expect(hosts()).toHaveLength(17);
  expect(aws.calls).toEqual(['autoscaling:SetDesiredCapacity', 'autoscaling:SetDesiredCapacity']);
});

test('drains ten a call, and lowers no count', async () => {
  const drain = hosts()
    .slice(0, 12)
    .map(({ container }) => container);
  expect(await follow(14, { drain })).toMatchObject({ applied: true });
  expect(inState('DRAINING')).toBe(12);
  expect(desired()).toBe(14);
  expect(aws.calls).toEqual(['ecs:UpdateContainerInstancesState', 'ecs:UpdateContainerInstancesState']);
  await follow(14, { drain }, true);
  expect(inState('DRAINING')).toBe(12);
});

test('terminates exactly the named, the desired capacity with them, and a retry terminates nothing', async () => {
  const [first, second] = hosts().map(({ id }) => id);
  const terminate = [first ?? '', second ?? ''];
  expect(await follow(12, { terminate }, true)).toMatchObject({
    applied: false,
    error: expect.stringContaining('next tick'),
  });
  expect(hosts()).toHaveLength(14);
  expect(await follow(12, { terminate })).toMatchObject({ applied: true });
  expect(desired()).toBe(12);
  expect(hosts().filter(({ id }) => terminate.includes(id))).toEqual([]);
  expect(aws.calls).not.toContain('autoscaling:SetDesiredCapacity');
});

test('drains before it terminates', async () => {
  const [first, second] = hosts();
  aws.change((world) => setHostStatus(world, [first?.id ?? ''], 'DRAINING'));
  await follow(13, { terminate: [first?.id ?? ''], drain: [second?.container ?? ''] });
  expect(aws.calls).toEqual([
    'ecs:UpdateContainerInstancesState',
    'autoscaling:TerminateInstanceInAutoScalingGroup',
  ]);
});

test.each([
  ['autoscaling:SetDesiredCapacity', 15, {}],
  ['ecs:UpdateContainerInstancesState', 14, { drain: ['c0000000000000000000000000000001'] }],
  ['autoscaling:TerminateInstanceInAutoScalingGroup', 13, { terminate: ['i-00000000000000001'] }],
])('%s denied: not applied, and it says what to allow', async (action, to, more) => {
  aws.denied.add(action);
  expect(await follow(to, more)).toMatchObject({
    applied: false,
    error: expect.stringMatching(new RegExp(`${action} on .*: allow ${action} in the role`)),
  });
  // Tried once where a second try might act twice.
  if (action.startsWith('autoscaling:')) expect(aws.calls).toEqual([action]);
});

test('what is refused for one does not keep back the others', async () => {
  const [first] = hosts();
  const drain = ['c-gone', first?.container ?? ''];
  expect(await follow(14, { drain })).toMatchObject({
    applied: false,
    error: expect.stringContaining('MISSING'),
  });
  expect(inState('DRAINING')).toBe(1);
  expect(await follow(12, { terminate: ['i-gone', first?.id ?? ''] })).toMatchObject({
    applied: false,
    error: expect.stringContaining('i-gone of group shop-hosts'),
  });
  expect(desired()).toBe(13);
});

test("what the group's own max refuses is told", async () => {
  expect(await follow(21)).toMatchObject({
    applied: false,
    error: expect.stringMatching(/21 is above max value 20/),
  });
  expect(desired()).toBe(14);
});
