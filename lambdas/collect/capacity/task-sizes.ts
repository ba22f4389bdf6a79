/**
 * What one task of each service reserves on a host. A revision of a task definition never changes, so each is asked for once in the life
 * of the process.
 *
 * Gotcha: where a container has both, its `memoryReservation` is what ECS takes off the host, not its `memory`.
 * Source: ECS API reference, ContainerDefinition.
 */
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import type { Size } from '../../contract/capacity.ts';
import { ecs } from '../ecs-client.ts';
import { asking, Unseen } from './asking.ts';

/** ECS answers `1024`; whoever wrote the task definition may have said `1 vCPU` or `2 GB`. */
const amountIn = (text = ''): number => {
  const [, number = '0', unit = ''] = /^\s*([\d.]+)\s*(vcpu|gb)?\s*$/i.exec(text) ?? [];
  return Math.ceil(Number(number) * (unit === '' ? 1 : 1024));
};

export const reservedBy = ({ cpu, memory, containerDefinitions = [] }: TaskDefinition): Size => {
  const sum = (of: (container: (typeof containerDefinitions)[number]) => number | undefined): number =>
    containerDefinitions.reduce((total, container) => total + (of(container) ?? 0), 0);
  return {
    cpu: amountIn(cpu) || sum((container) => container.cpu),
    memory: amountIn(memory) || sum((container) => container.memoryReservation || container.memory),
  };
};

const sizes = new Map<string, Size>();

/** @throws Unseen */
export const taskSize = async (taskDefinition: string, abortSignal: AbortSignal): Promise<Size> => {
  const known = sizes.get(taskDefinition);
  if (known !== undefined) return known;
  const described = await asking('ecs:DescribeTaskDefinition', taskDefinition, async () => {
    const { DescribeTaskDefinitionCommand } = await import('@aws-sdk/client-ecs');
    return await (await ecs()).send(new DescribeTaskDefinitionCommand({ taskDefinition }), { abortSignal });
  });
  const size = reservedBy(described.taskDefinition ?? {});
  if (size.memory === 0) throw new Unseen(`${taskDefinition} names no memory`, 'UnusableAnswer');
  sizes.set(taskDefinition, size);
  return size;
};
