/** The workers of every service that has a queue of the demo: as many as the world runs tasks of it, stopped and protected as these are. */
import { keyOf } from '../../lambdas/contract/config.ts';
import type { ProtectedTask } from '../endpoints/agent.ts';
import { LOCAL } from '../endpoints/aws.ts';
import type { LoopEvent } from '../events.ts';
import { protectTask, type World, type WorldService } from '../world.ts';
import { startProtections } from './protection.ts';
import type { DemoQueue } from './queue.ts';
import { createWorkers } from './workers.ts';

export interface CrewOptions {
  /** How long a worker is busy with one message. */
  readonly workSeconds: number;
  /** From SIGTERM to SIGKILL of a task that is stopped; ECS's own default if unset. */
  readonly stopTimeoutSeconds?: number | undefined;
  /** The workers protect their tasks from scale-in while they are busy. */
  readonly protect?: boolean | undefined;
  readonly say: (event: LoopEvent['event'], message: string) => void;
}

/** The world, as the agent of its tasks sees and changes it. */
export interface WorldAccess {
  readonly now: () => World;
  readonly change: (how: (world: World) => World) => void;
}

export interface Crews {
  /** Brings the workers in line with the tasks that run. */
  readonly follow: (services: readonly WorldService[]) => void;
  /** Says how many messages somebody has begun again since the last time. */
  readonly report: () => void;
  /** Resolves when every worker has finished what it had. */
  readonly stop: () => Promise<void>;
  readonly close: () => void;
}

/** As its agent knows it. */
const taskIn = ({ now, services }: World, taskId: string): ProtectedTask | undefined => {
  for (const { cluster, tasks } of services) {
    const found = tasks.find(({ id }) => id === taskId);
    if (found === undefined) continue;
    const { protectedUntil } = found;
    return {
      arn: `arn:aws:ecs:${LOCAL.region}:000000000000:task/${cluster}/${taskId}`,
      until: protectedUntil === undefined ? undefined : Date.now() + protectedUntil - now,
    };
  }
  return undefined;
};

const runningIn = (services: readonly WorldService[], key: string): readonly string[] =>
  (services.find((each) => keyOf(each) === key)?.tasks ?? []).flatMap(({ id, status }) =>
    status === 'RUNNING' ? [id] : [],
  );

export const openCrews = async (
  queues: readonly DemoQueue[],
  { workSeconds, stopTimeoutSeconds = 30, protect, say }: CrewOptions,
  world: WorldAccess,
): Promise<Crews> => {
  const protections = protect
    ? await startProtections({
        task: (id) => taskIn(world.now(), id),
        protect: (id, minutes) =>
          world.change((before) =>
            protectTask(before, id, minutes === undefined ? undefined : before.now + minutes * 60_000),
          ),
      })
    : undefined;
  const crews = queues.map((queue) => {
    const { key } = queue;
    const workers = createWorkers(queue, {
      workMs: workSeconds * 1000,
      stopTimeoutMs: stopTimeoutSeconds * 1000,
      protectionOf: protections?.of,
      onKilled: (id) =>
        say(
          'killed',
          `${key}: task ${id.slice(-6)} was killed with a message in work, ${stopTimeoutSeconds} s after it was told to stop; the queue delivers it again`,
        ),
    });
    return { key, workers };
  });
  return {
    follow: (services) => {
      for (const { key, workers } of crews) workers.follow(runningIn(services, key));
    },
    report: () => {
      for (const { key, workers } of crews) {
        const count = workers.repeats();
        if (count === 0) continue;
        const what = count === 1 ? 'a message is' : `${count} messages are`;
        say('redelivered', `${key}: ${what} worked on again from the beginning`);
      }
    },
    stop: async () => {
      await Promise.all(crews.map(({ workers }) => workers.stop()));
    },
    close: () => protections?.close(),
  };
};
