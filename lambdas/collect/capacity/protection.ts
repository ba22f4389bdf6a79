/**
 * Whether a task on a host is protected from scale-in: the tasks of the host, then their protection, a hundred a call. A standalone task
 * cannot be protected (`TASK_NOT_VALID`), and draining leaves it alone; one that has ended meanwhile (`MISSING`) needs nothing.
 */
import type { GetTaskProtectionResponse } from '@aws-sdk/client-ecs';
import { chunksOf } from '../../contract/chunks.ts';
import { ecs } from '../ecs-client.ts';
import { asking } from './asking.ts';

/** What one GetTaskProtection takes. */
const TASKS_PER_CALL = 100;

const HARMLESS: ReadonlySet<string | undefined> = new Set(['MISSING', 'TASK_NOT_VALID']);

const tasksOn = async (cluster: string, containerInstance: string, abortSignal: AbortSignal) => {
  const { ListTasksCommand } = await import('@aws-sdk/client-ecs');
  const client = await ecs();
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(new ListTasksCommand({ cluster, containerInstance, nextToken }), {
      abortSignal,
    });
    arns.push(...(page.taskArns ?? []));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  return arns;
};

type Answer = Pick<GetTaskProtectionResponse, 'protectedTasks' | 'failures'>;

/**
 * @param count of the tasks that were asked about
 * @returns undefined where ECS did not say of each
 */
export const isAnyProtected = (count: number, answers: readonly Answer[]): boolean | undefined => {
  const told = answers.flatMap(({ protectedTasks = [] }) => protectedTasks);
  if (told.some(({ protectionEnabled }) => protectionEnabled !== false)) return true;
  const failed = answers.flatMap(({ failures = [] }) => failures);
  const isToldOfEach = told.length + failed.length >= count;
  return isToldOfEach && failed.every(({ reason }) => HARMLESS.has(reason)) ? false : undefined;
};

/** @returns undefined where ECS would not say */
export const hasProtectedTask = async (
  cluster: string,
  container: string,
  abortSignal: AbortSignal,
): Promise<boolean | undefined> => {
  const arns = await asking('ecs:ListTasks', `tasks of cluster ${cluster}`, () =>
    tasksOn(cluster, container, abortSignal),
  );
  const answers = chunksOf(arns, TASKS_PER_CALL).map((tasks) =>
    asking('ecs:GetTaskProtection', `tasks of cluster ${cluster}`, async () => {
      const { GetTaskProtectionCommand } = await import('@aws-sdk/client-ecs');
      return await (await ecs()).send(new GetTaskProtectionCommand({ cluster, tasks }), { abortSignal });
    }),
  );
  return isAnyProtected(arns.length, await Promise.all(answers));
};
