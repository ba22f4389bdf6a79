/**
 * Which hosts go, case by case. System C's rule: everything on the host with the least reserved memory, else on the one with the least
 * reserved CPU, fits on one other with room left for the buffer; a draining host without tasks is terminated.
 */
import { expect, test } from '@jest/globals';
import { decidedOn, full, HOST, host, type Story, TASK, whys } from './cluster.ts';

const BUFFER = { cpuBuffer: TASK.cpu, memoryBuffer: TASK.memory };
const DRAINING = { status: 'DRAINING' } as const;

interface InRow extends Story {
  readonly drain?: readonly string[];
  readonly terminate?: readonly string[];
  readonly said?: RegExp;
}

const busy = (id: string) => host(id, [1024, 2048]);
const idle = (id: string, given = {}) => host(id, [256, 512], given);
const manyOf = (count: number) => Array.from({ length: count }, (_, nth) => full(`f${nth}`));

const going: Readonly<Record<string, InRow>> = {
  'the emptiest, whose tasks fit on another': {
    hosts: [busy('a'), idle('b'), busy('c')],
    drain: ['b'],
    said: /i-b: what is on it fits on another host/,
  },
  'nobody, where it would fit exactly': {
    hosts: [host('a', [1536, 3072]), host('b', [512, 1024])],
    said: /no task is missing/,
  },
  'nobody, where the buffer would have no room': {
    hosts: [host('a', [1024, 2048]), host('b', [768, 1536])],
    capacity: BUFFER,
  },
  'nobody, where it would take two others': {
    hosts: [host('a', [1500, 3000]), host('b', [1500, 3000]), host('c', [1000, 2000])],
  },
  'the one with the least CPU, where the one with the least memory fits nowhere': {
    hosts: [host('a', [2000, 1000]), host('b', [100, 2500]), host('c', [1000, 1100])],
    drain: ['b'],
  },
  'the one with the least memory, rather than the one with the least CPU': {
    hosts: [busy('a'), host('b', [1000, 500]), host('c', [100, 1500])],
    drain: ['b'],
  },
  'an empty host': { hosts: [busy('a'), host('b')], drain: ['b'] },
  'the last host, empty and without a buffer': { hosts: [host('a')], drain: ['a'] },
  'nobody, where only the empty host has room for the buffer': {
    hosts: [full('a'), host('b')],
    capacity: BUFFER,
  },
  'nobody below min': { hosts: [busy('a'), idle('b')], capacity: { min: 2 } },
  "nobody below the group's own min, and it says so": {
    hosts: [busy('a'), idle('b')],
    capacity: { min: 0 },
    group: { min: 2 },
    said: /no host goes below 2: the group itself allows 2 to 10/,
  },
  'nobody while a task is missing': { hosts: [busy('a'), idle('b')], missing: { 'shop/w': 1 } },
  'nobody while a host comes': {
    hosts: [busy('a'), idle('b')],
    group: { coming: [{ type: 'm7g.large', size: HOST }] },
  },
  'the emptiest, though an instance of the group never joined the cluster': {
    hosts: [busy('a'), idle('b')],
    group: { desired: 3, lost: ['i-lost'] },
    drain: ['b'],
  },
  'nobody, where only an instance that never joined would be left of min': {
    hosts: [busy('a'), idle('b')],
    capacity: { min: 2 },
    group: { desired: 3, lost: ['i-lost'] },
  },
  'the next emptiest, where a task of the emptiest is protected': {
    hosts: [busy('a'), idle('b', { protectedTask: true }), host('c', [512, 1024])],
    drain: ['c'],
  },
  'nobody of whom it is not known whether a task is protected': {
    hosts: [host('a', [256, 512], { protectedTask: undefined }), idle('b', { protectedTask: undefined })],
    said: /protected from scale-in, or has a task that is or may be/,
  },
  'nobody that the group protects from scale-in': {
    hosts: [busy('a'), idle('b', { scaleInProtected: true }), host('c', [0, 0], { scaleInProtected: true })],
    drain: ['a'],
  },
  'a draining host without tasks, for good': {
    hosts: [busy('a'), host('b', [0, 0], DRAINING)],
    terminate: ['b'],
    said: /i-b: drained, no task is left/,
  },
  'nobody more while one drains': { hosts: [busy('a'), idle('c'), host('b', [512, 1024], DRAINING)] },
  'nobody more while one drains, and nobody is called protected for it': {
    hosts: [
      host('a', [1024, 2048], { protectedTask: undefined }),
      idle('c', { protectedTask: undefined }),
      host('b', [512, 1024], DRAINING),
    ],
    said: /^no task is missing on 2 hosts$/,
  },
  'no draining host below min': { hosts: [busy('a'), host('b', [0, 0], DRAINING)], capacity: { min: 2 } },
  'no draining host that the group protects': {
    hosts: [busy('a'), host('b', [0, 0], { ...DRAINING, scaleInProtected: true })],
  },
  'a draining host in place of a launch, at max': {
    hosts: [full('a'), host('b', [0, 0], DRAINING)],
    capacity: { max: 2 },
    missing: { 'shop/w': 1 },
    terminate: ['b'],
  },
  'two of twenty at once': {
    hosts: [...manyOf(17), busy('a'), idle('b'), host('c', [128, 256])],
    group: { max: 30 },
    drain: ['c', 'b'],
  },
  'one of twenty, where the first takes the room of the second': {
    hosts: [...manyOf(17), host('a', [1300, 2600]), idle('b'), host('c', [512, 1024])],
    capacity: { cpuBuffer: 200, memoryBuffer: 400 },
    group: { max: 30 },
    drain: ['b'],
  },
  'one of twenty, beside one that drains already': {
    hosts: [...manyOf(17), busy('a'), idle('b'), host('c', [128, 256], DRAINING)],
    group: { max: 30 },
    drain: ['b'],
  },
  'nobody, where the tasks of one that drains have no room yet': {
    hosts: [...manyOf(18), busy('a'), idle('b'), host('c', [2000, 4000], DRAINING)],
    group: { max: 30 },
  },
  'nobody, where the tasks of one that drains take the room': {
    hosts: [...manyOf(18), busy('a'), idle('b'), host('c', [1000, 2000], DRAINING)],
    group: { max: 30 },
  },
  'nobody during an instance refresh': {
    hosts: [busy('a'), idle('b'), host('c', [0, 0], DRAINING)],
    group: { refreshing: true },
    said: /an instance refresh is in progress/,
  },
  'nobody while nobody knows of an instance refresh': {
    hosts: [busy('a'), idle('b')],
    group: { refreshing: undefined },
    said: /nobody knows of an instance refresh/,
  },
  'nobody with disableScaleIn': {
    hosts: [busy('a'), idle('b')],
    capacity: { disableScaleIn: true },
    said: /no host may go/,
  },
  'nobody with disableScaleIn for all': {
    hosts: [busy('a'), idle('b'), host('c', [0, 0], DRAINING)],
    disableScaleIn: true,
    said: /no host may go/,
  },
  'nobody while Terminate is suspended': {
    hosts: [busy('a'), idle('b')],
    group: { suspended: ['Terminate'] },
    said: /Terminate is suspended, resume it/,
  },
  'nobody while a task count is unknown': {
    hosts: [busy('a'), idle('b')],
    missing: { 'shop/w': undefined },
    said: /the task count of shop\/w is unknown/,
  },
  'nobody while a task size is unknown': {
    hosts: [busy('a'), idle('b')],
    missing: { 'shop/x': 2 },
    group: { needs: {}, unsized: { 'shop/x': 'denied' } },
    said: /the task size of shop\/x is unknown \(denied\)/,
  },
  'the emptiest above max, though its tasks find no room, and the desired capacity stays': {
    hosts: [full('a'), full('b')],
    capacity: { max: 1 },
    drain: ['a'],
    said: /2 hosts, above max 1/,
  },
  'nobody above max, where all are protected': {
    hosts: [full('a', { protectedTask: true }), full('b', { scaleInProtected: true })],
    capacity: { max: 1 },
  },
  'nobody in a dry run': {
    hosts: [busy('a'), idle('b')],
    capacity: { dryRun: true },
    said: /dry run: would have 2 hosts, drain 1, terminate 0/,
  },
};

test.each(Object.entries(going))('who goes: %s', (_, { drain = [], terminate = [], said, ...story }) => {
  const decision = decidedOn(story);
  expect(decision).toMatchObject({
    drain: drain.map((id) => `c-${id}`),
    terminate: terminate.map((id) => `i-${id}`),
    to: decision.from - terminate.length,
    direction: drain.length + terminate.length > 0 ? 'in' : 'hold',
  });
  expect(decision.reasons.length).toBeGreaterThan(0);
  if (said !== undefined) expect(whys(decision)).toMatch(said);
});
