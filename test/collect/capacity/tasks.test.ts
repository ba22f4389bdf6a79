/** What a task reserves on a host by its definition, and whether any task of a host is protected by what ECS answers. */
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { isAnyProtected } from '../../../lambdas/collect/capacity/protection.ts';
import { reservedBy } from '../../../lambdas/collect/capacity/task-sizes.ts';

const containers: TaskDefinition = {
  containerDefinitions: [
    { cpu: 100, memory: 600, memoryReservation: 200 },
    { cpu: 28, memory: 300 },
    { memoryReservation: 50 },
  ],
};

test.each([
  ['the task itself, where it says', { cpu: '512', memory: '1024', ...containers }, 512, 1024],
  ['in words', { cpu: '.5 vCPU', memory: '2 GB' }, 512, 2048],
  ['else its containers, each by its reservation and else by its limit', containers, 128, 550],
  ['each of both on its own', { cpu: '1 vcpu', ...containers }, 1024, 550],
  ['nothing', {}, 0, 0],
])('a task reserves: %s', (_, definition: TaskDefinition, cpu, memory) => {
  expect(reservedBy(definition)).toEqual({ cpu, memory });
});

const open = { taskArn: 'open', protectionEnabled: false };
const shut = { taskArn: 'shut', protectionEnabled: true };
const failed = (reason: string) => ({ arn: 'one', reason });

test.each([
  ['one of many is', 3, [{ protectedTasks: [open, open] }, { protectedTasks: [shut] }], true],
  ['none is', 2, [{ protectedTasks: [open] }, { protectedTasks: [open] }], false],
  ['there is no task', 0, [], false],
  [
    'one has ended, one stands alone',
    3,
    [{ protectedTasks: [open], failures: [failed('MISSING'), failed('TASK_NOT_VALID')] }],
    false,
  ],
  ['ECS failed on one', 2, [{ protectedTasks: [open], failures: [failed('INTERNAL')] }], undefined],
  [
    'ECS failed on one, and another is',
    2,
    [{ protectedTasks: [shut], failures: [failed('INTERNAL')] }],
    true,
  ],
  ['ECS left one out', 2, [{ protectedTasks: [open] }], undefined],
  ['ECS did not say it of one', 1, [{ protectedTasks: [{ taskArn: 'odd' }] }], true],
])('protected: %s', (_, count, answers, is) => {
  expect(isAnyProtected(count, answers)).toBe(is);
});
