/**
 * The running tasks of a service and where each can be asked. A task never changes its address, so each is described once; in a
 * tick without a new task this costs one ListTasks.
 *
 * Gotcha: only a task in the network mode awsvpc has an address of its own. In the others it shares that of its host, whose
 * address takes two more calls and the permissions for them, so there it is not read.
 */
import type * as Ecs from '@aws-sdk/client-ecs';

/** What one DescribeTasks takes. */
const TASKS_PER_CALL = 100;

export interface RunningTask {
  readonly id: string;
  /** Where it can be asked, or why it cannot. */
  readonly address: string | { readonly why: string };
}

export interface Tasks {
  readonly running: readonly RunningTask[];
  /** Asked for and not running yet. */
  readonly starting: number;
}

/** An ECS call that failed. `cause`: what the client threw. */
export class EcsFailure extends Error {
  override readonly name = 'EcsFailure';
  readonly action: string;

  constructor(action: string, cause: unknown) {
    super(`${action} failed`, { cause });
    this.action = action;
  }
}

const attempted = async <T>(action: string, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (cause) {
    throw new EcsFailure(action, cause);
  }
};

const idOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

const addressOf = (
  { attachments = [], containers = [] }: Ecs.Task,
  container?: string,
): RunningTask['address'] => {
  const named = containers.filter(({ name }) => container === undefined || name === container);
  if (named.length === 0) {
    const names = containers.map(({ name }) => name).join(', ');
    return { why: `a task has no container ${container}, only ${names}: check container` };
  }
  const address =
    named
      .flatMap(({ networkInterfaces = [] }) => networkInterfaces)
      .find(({ privateIpv4Address }) => privateIpv4Address !== undefined)?.privateIpv4Address ??
    attachments.flatMap(({ details = [] }) => details).find(({ name }) => name === 'privateIPv4Address')
      ?.value;
  return (
    address ?? {
      why: 'a task has no IPv4 address of its own: run the tasks in the network mode awsvpc, or read what is in front of them with the source http',
    }
  );
};

export type FindTasks = (
  where: { readonly cluster: string; readonly service: string; readonly container?: string | undefined },
  signal: AbortSignal,
) => Promise<Tasks>;

/** @param client with the commands that it takes */
export const taskFinder = (
  client: Ecs.ECSClient,
  { ListTasksCommand, DescribeTasksCommand }: Pick<typeof Ecs, 'ListTasksCommand' | 'DescribeTasksCommand'>,
): FindTasks => {
  /** The running tasks as they were described, by service and ARN. */
  const known = new Map<string, ReadonlyMap<string, Ecs.Task>>();

  const list = async (cluster: string, serviceName: string, abortSignal: AbortSignal): Promise<string[]> => {
    const arns: string[] = [];
    let nextToken: string | undefined;
    do {
      const command = new ListTasksCommand({ cluster, serviceName, desiredStatus: 'RUNNING', nextToken });
      const page = await attempted('ecs:ListTasks', client.send(command, { abortSignal }));
      arns.push(...(page.taskArns ?? []));
      ({ nextToken } = page);
    } while (nextToken !== undefined);
    return arns;
  };

  const describe = async (cluster: string, arns: readonly string[], abortSignal: AbortSignal) => {
    const calls = Array.from({ length: Math.ceil(arns.length / TASKS_PER_CALL) }, (_, nth) => {
      const tasks = arns.slice(nth * TASKS_PER_CALL, (nth + 1) * TASKS_PER_CALL);
      return attempted(
        'ecs:DescribeTasks',
        client.send(new DescribeTasksCommand({ cluster, tasks }), { abortSignal }),
      );
    });
    return (await Promise.all(calls)).flatMap(({ tasks = [] }) => tasks);
  };

  return async ({ cluster, service, container }, signal) => {
    const key = JSON.stringify([cluster, service]);
    const arns = await list(cluster, service, signal);
    const before = known.get(key) ?? new Map<string, Ecs.Task>();
    const fresh = arns.filter((arn) => !before.has(arn));
    const described = await describe(cluster, fresh, signal);
    const now = new Map(
      [...arns.flatMap((arn) => before.get(arn) ?? []), ...described]
        .filter(({ lastStatus, desiredStatus }) => lastStatus === 'RUNNING' && desiredStatus !== 'STOPPED')
        .map((task) => [task.taskArn ?? '', task]),
    );
    known.set(key, now);
    return {
      running: [...now].map(([arn, task]) => ({ id: idOf(arn), address: addressOf(task, container) })),
      starting: arns.length - now.size,
    };
  };
};
