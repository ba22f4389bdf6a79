/** Hosts of the world: tasks get room or wait for it, hosts come, drain and go, and nothing of it depends on the steps. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadsOf } from '../../local/world/placement.ts';
import {
  advance,
  createWorld,
  findService,
  protectTask,
  setDesired,
  setHostStatus,
  setHosts,
  terminateHost,
  type World,
} from '../../local/world.ts';

const NEEDS = { cpu: 512, memory: 1024 };
const SIZE = { cpu: 2048, memory: 3884 };

/** Three tasks a host: memory is what runs out. */
const worldOf = (desired: number, hosts: number, protectedFromScaleIn = false): World =>
  createWorld({
    ...{ seed: 1, startUpMs: 8000, startUpSigma: 0 },
    services: [
      { cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/c', service: 's', desired, needs: NEEDS },
      { cluster: 'c', service: 'fargate', desired: 2 },
    ],
    groups: [
      {
        ...{ name: 'g', cluster: 'c', min: 0, max: 20, desired: hosts, type: 'c7g.large', size: SIZE },
        ...{ startUpMs: 24_000, protectedFromScaleIn },
      },
    ],
  });
const CLUSTER = 'arn:aws:ecs:us-east-1:123456789012:cluster/c';
const scaled = (world: World, desired: number): World => setDesired(world, CLUSTER, 's', desired);
const tasksOf = (world: World) => findService(world, CLUSTER, 's')?.tasks ?? [];
const runningIn = (world: World): number =>
  tasksOf(world).filter(({ status }) => status === 'RUNNING').length;
const hostsOf = (world: World) => world.capacity?.hosts ?? [];
const hostId = (world: World, nth: number): string => hostsOf(world)[nth]?.id ?? '';
const countsOf = (world: World): readonly number[] =>
  [...loadsOf(world).values()].map(({ running, pending }) => running + pending);
const seconds = (world: World, count: number): World => advance(world, count * 1000);

describe('placement', () => {
  test('tasks spread over the hosts, each to the one with the most free memory', () => {
    expect(countsOf(worldOf(4, 3))).toEqual([2, 1, 1]);
    expect(runningIn(worldOf(4, 3))).toBe(4);
  });

  test('what finds no room is no task until there is room', () => {
    const full = scaled(worldOf(3, 1), 5);
    expect(tasksOf(full)).toHaveLength(3);
    expect(findService(full, CLUSTER, 's')?.desired).toBe(5);
    const asked = setHosts(full, 'g', 2);
    expect(hostsOf(asked).map(({ status }) => status)).toEqual(['ACTIVE', 'PENDING']);
    expect(tasksOf(seconds(asked, 23.9))).toHaveLength(3);
    expect(runningIn(seconds(asked, 24))).toBe(3);
    expect(countsOf(seconds(asked, 24))).toEqual([3, 2]);
    expect(runningIn(seconds(asked, 32))).toBe(5);
  });

  test('a task that fits exactly fits', () => {
    const exact = createWorld({
      ...{ seed: 1, startUpMs: 8000, startUpSigma: 0 },
      services: [{ cluster: 'c', service: 's', desired: 3, needs: { cpu: 1024, memory: 1942 } }],
      groups: [
        {
          ...{ name: 'g', cluster: 'c', min: 0, max: 1, desired: 1, type: 'c7g.large', size: SIZE },
          ...{ startUpMs: 24_000, protectedFromScaleIn: false },
        },
      ],
    });
    expect(findService(exact, 'c', 's')?.tasks).toHaveLength(2);
  });

  test('tasks of Fargate need no host', () => {
    const none = worldOf(1, 0);
    expect(tasksOf(none)).toHaveLength(0);
    expect(findService(none, 'c', 'fargate')?.tasks.map(({ host }) => host)).toEqual([undefined, undefined]);
  });
});

describe('a host that is drained', () => {
  test('keeps a task until its replacement runs elsewhere', () => {
    const world = worldOf(3, 2);
    const draining = setHostStatus(world, [hostId(world, 0)], 'DRAINING');
    expect(tasksOf(draining)).toHaveLength(5);
    expect(runningIn(seconds(draining, 7.9))).toBe(3);
    expect(tasksOf(seconds(draining, 8)).map(({ host }) => host)).toEqual(Array(3).fill(hostId(world, 1)));
    expect(runningIn(seconds(draining, 8))).toBe(3);
  });

  test('keeps what finds no room elsewhere, and loses only as many as are replaced', () => {
    const world = worldOf(5, 2);
    const draining = setHostStatus(world, [hostId(world, 0)], 'DRAINING');
    expect(countsOf(seconds(draining, 60))).toEqual([2, 3]);
    const back = setHostStatus(seconds(draining, 60), [hostId(world, 0)], 'ACTIVE');
    expect(runningIn(back)).toBe(5);
  });

  test('keeps a protected task until its protection ends', () => {
    const world = worldOf(2, 2);
    const [task] = tasksOf(world);
    const safe = protectTask(world, task?.id ?? '', 60_000);
    const draining = setHostStatus(safe, [task?.host ?? ''], 'DRAINING');
    expect(tasksOf(seconds(draining, 59.9)).map(({ id }) => id)).toContain(task?.id);
    expect(tasksOf(seconds(draining, 60))).toHaveLength(3);
    expect(tasksOf(seconds(draining, 68)).map(({ host }) => host)).toEqual(Array(2).fill(hostId(world, 1)));
  });

  test('loses at once what has not started there, and takes nothing', () => {
    const world = scaled(worldOf(0, 2), 2);
    const draining = setHostStatus(world, [hostId(world, 0)], 'DRAINING');
    expect(countsOf(draining)).toEqual([0, 2]);
    expect(countsOf(scaled(draining, 9))).toEqual([0, 3]);
  });

  test('gives way first when its service is scaled in', () => {
    const world = worldOf(4, 2);
    const draining = setHostStatus(world, [hostId(world, 0)], 'DRAINING');
    expect(countsOf(scaled(draining, 2))).toEqual([0, 2]);
  });
});

describe('a group', () => {
  test('terminates a host with what runs on it, and has one fewer', () => {
    const world = terminateHost(worldOf(4, 2), hostId(worldOf(4, 2), 0), true);
    expect(world.capacity?.groups).toMatchObject([{ desired: 1 }]);
    expect(hostsOf(world)).toHaveLength(1);
    expect(countsOf(world)).toEqual([3]);
  });

  test('replaces a terminated host where its desired capacity stays', () => {
    const world = terminateHost(worldOf(4, 2), hostId(worldOf(4, 2), 0), false);
    expect(hostsOf(world).map(({ status }) => status)).toEqual(['ACTIVE', 'PENDING']);
    expect(runningIn(seconds(world, 40))).toBe(4);
  });

  test('lets the oldest go when it wants fewer, and none that is protected', () => {
    const two = worldOf(0, 3);
    expect(hostsOf(setHosts(two, 'g', 2))).toEqual(hostsOf(two).slice(1));
    const safe = worldOf(0, 3, true);
    expect(hostsOf(setHosts(safe, 'g', 1))).toEqual(hostsOf(safe));
  });
});

type Step =
  | { readonly desired: number }
  | { readonly ms: number }
  | { readonly hosts: number }
  | { readonly drain: number }
  | { readonly terminate: number; readonly decrement: boolean };
const nth = fc.nat({ max: 5 });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ desired: fc.nat({ max: 20 }) }),
    fc.record({ ms: fc.nat({ max: 30_000 }) }),
    fc.record({ hosts: fc.nat({ max: 6 }) }),
    fc.record({ drain: nth }),
    fc.record({ terminate: nth, decrement: fc.boolean() }),
  ),
  { maxLength: 25 },
);

const after = (world: World, step: Step, stepsOf: number): World => {
  if ('desired' in step) return scaled(world, step.desired);
  if ('hosts' in step) return setHosts(world, 'g', step.hosts);
  if ('drain' in step) return setHostStatus(world, [hostId(world, step.drain)], 'DRAINING');
  if ('terminate' in step) {
    const isThere = hostsOf(world)[step.terminate] !== undefined;
    return isThere ? terminateHost(world, hostId(world, step.terminate), step.decrement) : world;
  }
  return Array.from({ length: stepsOf }).reduce<World>((now) => advance(now, step.ms / stepsOf), world);
};

test('no host is ever fuller than it is, a group has what it wants, and no room is left unused', () => {
  fc.assert(
    fc.property(steps, (path) => {
      let world = worldOf(2, 2);
      for (const step of path) {
        world = after(world, step, 1);
        const loads = loadsOf(world);
        for (const { id, cpu, memory } of hostsOf(world)) {
          expect(loads.get(id)?.used.cpu).toBeLessThanOrEqual(cpu);
          expect(loads.get(id)?.used.memory).toBeLessThanOrEqual(memory);
        }
        expect(hostsOf(world)).toHaveLength(world.capacity?.groups[0]?.desired ?? -1);
        const open = hostsOf(world).filter(({ status }) => status === 'ACTIVE').length;
        const desired = findService(world, CLUSTER, 's')?.desired ?? 0;
        const onOpen = tasksOf(world).filter(({ host }) =>
          hostsOf(world).some(({ id, status }) => id === host && status === 'ACTIVE'),
        ).length;
        expect(onOpen).toBe(Math.min(desired, 3 * open));
        expect(tasksOf(world).length).toBeLessThanOrEqual(2 * desired);
      }
    }),
  );
});

test('many small steps lead where one big one does', () => {
  fc.assert(
    fc.property(steps, (path) => {
      const [one, many] = [1, 8].map((stepsOf) =>
        path.reduce((world, step) => after(world, step, stepsOf), worldOf(2, 2)),
      );
      const seen = (world: World | undefined) => [
        world?.capacity?.hosts.map(({ id, status }) => [id, status]),
        world?.services.map(({ tasks }) => tasks.map(({ id, status, host }) => [id, status, host])),
      ];
      expect(seen(one)).toEqual(seen(many));
    }),
  );
});
