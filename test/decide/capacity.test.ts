/**
 * Which hosts are asked for, case by case. Where it says nothing else the numbers are system C's: first fit over the active hosts, strictly
 * more free than needed of CPU and of memory, and one more task of the buffer's size.
 */
import { describe, expect, test } from '@jest/globals';
import { decidedOn, full, HOST, host, type Story, TASK, whys } from './cluster.ts';

/** Task sizes by service, where they are not {@link TASK}. */
const sized = (needs: Readonly<Record<string, readonly [number, number]>>) =>
  Object.fromEntries(Object.entries(needs).map(([key, [cpu, memory]]) => [key, { cpu, memory }]));

const BUFFER = { cpuBuffer: TASK.cpu, memoryBuffer: TASK.memory };
const DRAINING = { status: 'DRAINING' } as const;
const small = { cpu: 1024, memory: 2048 };

interface Row extends Story {
  readonly wants: number;
  readonly said: RegExp;
}

const asked: Readonly<Record<string, Row>> = {
  'a task with room': {
    hosts: [host('a', [512, 1024])],
    missing: { 'shop/w': 1 },
    wants: 1,
    said: /1 of shop\/w: room on 1 host/,
  },
  'a task that would fit exactly on a used host': {
    hosts: [host('a', [1536, 3072])],
    missing: { 'shop/w': 1 },
    wants: 2,
    said: /no room for all on 1 host/,
  },
  'CPU alone would do': {
    hosts: [host('a', [0, 3500])],
    missing: { 'shop/w': 1 },
    wants: 2,
    said: /no room/,
  },
  'memory alone would do': {
    hosts: [host('a', [2000, 100])],
    missing: { 'shop/w': 1 },
    wants: 2,
    said: /no room/,
  },
  'a task as large as an empty host': {
    hosts: [host('a')],
    missing: { 'shop/w': 1 },
    group: { needs: { 'shop/w': HOST } },
    wants: 1,
    said: /room on/,
  },
  'the buffer, exactly as large as what is free': {
    hosts: [host('a', [1536, 3072])],
    capacity: BUFFER,
    wants: 2,
    said: /the buffer: no room/,
  },
  'the buffer, with one MiB and one CPU unit to spare': {
    hosts: [host('a', [1535, 3071])],
    capacity: BUFFER,
    wants: 1,
    said: /the buffer: room/,
  },
  'a task on the first host, the buffer on the second': {
    hosts: [host('a', [1400, 3000]), host('b', [1400, 3000])],
    capacity: BUFFER,
    missing: { 'shop/w': 1 },
    wants: 2,
    said: /1 of shop\/w, the buffer: room on 2/,
  },
  'a task and no room for the buffer besides': {
    hosts: [host('a', [1400, 3000])],
    capacity: BUFFER,
    missing: { 'shop/w': 1 },
    wants: 2,
    said: /1 of shop\/w, the buffer: no room for all/,
  },
  'a burst, all its hosts at once': {
    hosts: [full('a')],
    missing: { 'shop/w': 12 },
    wants: 5,
    said: /12 of shop\/w: no room/,
  },
  'two services on the same new host': {
    hosts: [full('a')],
    missing: { 'shop/w': 1, 'shop/v': 1 },
    wants: 2,
    said: /1 of shop\/w, 1 of shop\/v/,
  },
  'a burst above max': {
    hosts: [full('a')],
    missing: { 'shop/w': 12 },
    capacity: { max: 3 },
    wants: 3,
    said: /6 of shop\/w: no room within 3 hosts, raise max/,
  },
  "a burst above the group's own max": {
    hosts: [full('a')],
    missing: { 'shop/w': 12 },
    capacity: { max: 20 },
    group: { max: 3 },
    wants: 3,
    said: /the group itself allows 0 to 3, set its own bounds to 0 and 20/,
  },
  'a group of mixed sizes, sized by the most common type': {
    hosts: [
      full('a'),
      full('b'),
      host('c', [8000, 16_000], { type: 'm7g.2xlarge', registered: { cpu: 8192, memory: 16_384 } }),
    ],
    missing: { 'shop/w': 9 },
    wants: 6,
    said: /no room/,
  },
  'a size that is configured': {
    hosts: [full('a')],
    missing: { 'shop/w': 4 },
    capacity: { instance: small },
    wants: 5,
    said: /no room/,
  },
  'a task larger than an empty host': {
    hosts: [host('a')],
    missing: { 'shop/big': 1 },
    group: { needs: sized({ 'shop/big': [2049, 100] }) },
    wants: 1,
    said: /1 of shop\/big: larger than an empty host \(2048 CPU units, 4096 MiB\)/,
  },
  'a task too large, and one that is not': {
    hosts: [full('a')],
    missing: { 'shop/big': 1, 'shop/w': 1 },
    group: { needs: { ...sized({ 'shop/big': [100, 4097] }), 'shop/w': TASK } },
    wants: 2,
    said: /1 of shop\/big: larger than an empty host/,
  },
  'a task that needs no CPU, where none is left': {
    hosts: [host('a', [2048, 100])],
    missing: { 'shop/w': 1 },
    group: { needs: sized({ 'shop/w': [0, 512] }) },
    wants: 1,
    said: /room on/,
  },
  'a host that comes': {
    hosts: [full('a')],
    group: { coming: [{ type: 'm7g.large', size: HOST }] },
    missing: { 'shop/w': 3 },
    wants: 2,
    said: /room on 1 host and 1 coming/,
  },
  'a host that comes, and one task more than fits': {
    hosts: [full('a')],
    group: { coming: [{ type: 'm7g.large', size: HOST }] },
    missing: { 'shop/w': 4 },
    wants: 3,
    said: /no room/,
  },
  'a host that is asked for and not launched yet': {
    hosts: [full('a')],
    group: { desired: 2 },
    missing: { 'shop/w': 3 },
    wants: 2,
    said: /1 coming/,
  },
  'a host that runs and never joined the cluster': {
    hosts: [full('a')],
    group: { desired: 2, lost: ['i-lost'] },
    missing: { 'shop/w': 3 },
    wants: 3,
    said: /no room for all on 1 host\n[\s\S]*i-lost run and never joined the cluster/,
  },
  'no host at all, whatever one offers': {
    missing: { 'shop/w': 30 },
    wants: 1,
    said: /what a host offers is unknown: one is asked for/,
  },
  'a first host that comes': {
    group: { coming: [{ type: 'm7g.large' }] },
    missing: { 'shop/w': 30 },
    wants: 1,
    said: /the size of 1 host on the way is unknown/,
  },
  'no host at all, but its size is configured': {
    missing: { 'shop/w': 30 },
    capacity: { instance: HOST },
    wants: 10,
    said: /no room/,
  },
  'a draining host, which takes no task': {
    hosts: [full('a'), host('b', [512, 1024], DRAINING)],
    missing: { 'shop/w': 1 },
    wants: 3,
    said: /no room for all on 1 host/,
  },
  'too few hosts': { hosts: [host('a')], capacity: { min: 3 }, wants: 3, said: /1 is below min 3/ },
  "too few hosts by the group's own min": {
    hosts: [host('a')],
    capacity: { min: 0 },
    group: { min: 2 },
    wants: 2,
    said: /the group itself allows 2 to 10/,
  },
  'min and a burst, each host once': {
    hosts: [full('a')],
    capacity: { min: 3 },
    missing: { 'shop/w': 3 },
    wants: 3,
    said: /1 of shop|3 of shop/,
  },
  'Launch is suspended': {
    hosts: [full('a')],
    group: { suspended: ['Launch'] },
    missing: { 'shop/w': 1 },
    wants: 1,
    said: /Launch is suspended, resume it/,
  },
  'the fuller hosts of a large cluster': {
    hosts: [full('a')],
    group: {
      desired: 3,
      fuller: [
        [100, 100],
        [600, 1100],
      ],
    },
    missing: { 'shop/w': 1 },
    wants: 3,
    said: /room on 3 hosts/,
  },
};

test.each(Object.entries(asked))('hosts are asked for: %s', (_, { wants, said, ...story }) => {
  const decision = decidedOn(story);
  expect({ to: decision.to, drain: decision.drain, terminate: decision.terminate }).toEqual({
    to: wants,
    drain: [],
    terminate: [],
  });
  expect(whys(decision)).toMatch(said);
  expect(decision.direction).toBe(decision.to > decision.from ? 'out' : 'hold');
});

describe('what is left alone, and says why', () => {
  const story: Story = { hosts: [full('a'), host('b')], missing: { 'shop/w': 20 } };

  test('a group that a capacity provider moves', () => {
    const decision = decidedOn({ ...story, group: { movedBy: 'shop-provider' } });
    expect(decision).toMatchObject({ direction: 'hold', from: 2, to: 2, drain: [] });
    expect(whys(decision)).toMatch(/shop-provider moves this group \(managed scaling\)/);
  });

  test('a dry run of a scale-out', () => {
    const decision = decidedOn({ ...story, capacity: { dryRun: true } });
    expect(decision).toMatchObject({ direction: 'hold', from: 2, to: 2 });
    expect(whys(decision)).toMatch(/20 of shop\/w: no room[\s\S]*dry run: would have 8 hosts/);
  });
});
