/** In which order apply acts: whoever scales in makes the room in a shared budget that whoever scales out takes. */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CapacityDecision, CapacityOutcome } from '../../lambdas/contract/capacity.ts';
import type { Decision, Outcome } from '../../lambdas/contract/records.ts';
import { AwsFault, awsJson } from '../../local/endpoints/aws-json.ts';
import { setPaused } from '../../local/lane.ts';
import { AT, later, seen } from '../samples.ts';
import { BUCKET, startAws, type TestAws } from './aws.ts';

interface Applied {
  readonly outcomes: readonly Outcome[];
  readonly capacityOutcomes: readonly CapacityOutcome[];
}

/** What ECS was asked, in the order of the answers; a service called `slow` is answered after two seconds. */
const answered: string[] = [];
const ecs = awsJson('1.1', {
  UpdateService: async (request) => {
    const { service } = request as { readonly service: string };
    if (service === 'refused') throw new AwsFault('AccessDeniedException', 'not this one');
    if (service === 'slow') await sleep(2000);
    answered.push(service);
    return { service: {} };
  },
});

let aws: TestAws;
let handler: (event: unknown) => Promise<Applied>;

beforeAll(async () => {
  aws = await startAws({});
  ecs.listen(0, '127.0.0.1');
  await once(ecs, 'listening');
  process.env['AWS_ENDPOINT_URL_ECS'] = `http://127.0.0.1:${(ecs.address() as AddressInfo).port}`;
  ({ handler } = (await import('../../lambdas/apply/handler.ts')) as unknown as { handler: typeof handler });
});
beforeEach(async () => {
  answered.length = 0;
  const lease = { owner: 'e', term: 4, expiresAt: later(80), paused: false };
  await aws.putJson('lanes/ordered/lease.json', lease);
});
afterAll(async () => {
  ecs.closeAllConnections();
  ecs.close();
  await aws.close();
});

const decision = (service: string, from: number, to: number): Decision => ({
  ...{ cluster: 'shop', service, from, to, direction: to > from ? 'out' : 'in' },
  ...{ reasons: [], reading: seen(80), at: AT, term: 4 },
});

const apply = (decisions: readonly Decision[], given: object = {}) =>
  handler({ at: AT, lane: 'ordered', term: 4, decisions, memory: {}, ...given });

test('scale-ins are answered before the first scale-out is asked for; the outcomes keep their order', async () => {
  const { outcomes } = await apply([decision('a', 1, 5), decision('b', 9, 4), decision('c', 1, 2)]);
  expect(answered[0]).toBe('b');
  expect(outcomes.map(({ service, applied }) => [service, applied])).toEqual([
    ['a', true],
    ['b', true],
    ['c', true],
  ]);
});

test('a scale-in that ECS takes its time for does not keep a burst waiting', async () => {
  const { outcomes } = await apply([decision('slow', 9, 4), decision('c', 1, 2)]);
  expect(answered).toEqual(['c', 'slow']);
  expect(outcomes.every(({ applied }) => applied)).toBe(true);
});

describe('where a scale-in is not accepted, the room in the budget is not made', () => {
  const group = (services: readonly string[], maxTotalTasks: number) => ({
    ...{ services: services.map((name) => `shop/${name}`), maxTotalTasks },
    rank: { 'shop/first': 2, 'shop/second': 1 },
  });
  const shared = (lowered: string) =>
    apply([decision(lowered, 9, 4), decision('first', 1, 3), decision('second', 1, 4), decision('c', 1, 2)], {
      groups: [group([lowered, 'first', 'second'], 13)],
    });
  const applied = ({ outcomes }: Applied) =>
    outcomes.filter((each) => each.applied).map(({ service }) => service);

  test('refused: as few scale-outs as it takes are kept back, the last in rank first', async () => {
    const answer = await shared('refused');
    expect(applied(answer)).toEqual(['first', 'c']);
    expect(answer.outcomes[2]?.error).toBe(
      'kept back: shop/refused did not make room in the budget of 13 tasks',
    );
  });

  test('not answered yet: likewise, until the next tick', async () => {
    expect(applied(await shared('slow'))).toEqual(['slow', 'first', 'c']);
  });

  test('accepted: nobody waits', async () => {
    expect(applied(await shared('a'))).toEqual(['a', 'first', 'second', 'c']);
  });
});

const hosts: CapacityDecision = {
  ...{
    cluster: 'shop',
    autoScalingGroup: 'hosts',
    from: 2,
    to: 4,
    direction: 'out',
    drain: [],
    terminate: [],
  },
  ...{ reasons: [], at: AT, term: 4 },
};

test('hosts are moved under the fence too: not with a stale term, not in a paused lane', async () => {
  const stale = await apply([], { capacity: [hosts], term: 3 });
  expect(stale.capacityOutcomes).toMatchObject([{ applied: false, error: expect.stringContaining('stale') }]);
  await setPaused({ bucket: BUCKET, s3: aws.s3 }, 'ordered', true);
  const paused = await apply([], { capacity: [hosts] });
  expect(paused.capacityOutcomes).toMatchObject([{ applied: false, error: 'lane ordered is paused' }]);
});

test('hosts alone are a reason to write the lease: the fence is that write', async () => {
  aws.calls.clear();
  await apply([], { capacity: [{ ...hosts, direction: 'hold' }] });
  expect(Object.fromEntries(aws.calls)).toEqual({});
  await apply([], { capacity: [hosts] });
  expect(aws.calls.get('s3:PutObject')).toBe(1);
});
