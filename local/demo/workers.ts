/**
 * The demo's tasks: each running task is a real consumer of the queue, and is stopped as ECS stops one: after SIGTERM it takes no
 * further message and may finish the one that it has, and is killed if that takes longer than the service's `stopTimeout`. What
 * it had in work then was never acknowledged, and the queue delivers it again. One whose server has gone away waits and tries again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskProtection } from '../../worker/index.ts';
import type { DemoQueue, DemoTask } from './queue.ts';

export interface Workers {
  /** Brings the consumers in line with the tasks that run. */
  readonly follow: (taskIds: readonly string[]) => void;
  /** How many messages were begun that somebody had begun before, since this was asked last. */
  readonly repeats: () => number;
  /** Resolves when every consumer has finished what it had. */
  readonly stop: () => Promise<void>;
}

export interface WorkersOptions {
  /** How long one message takes. */
  readonly workMs: number;
  /** From SIGTERM to SIGKILL. Default 30 s, as that of ECS. */
  readonly stopTimeoutMs?: number | undefined;
  /** By which a task protects itself while it works. Unset: none does. */
  readonly protectionOf?: ((taskId: string) => TaskProtection) | undefined;
  /** A task was killed with a message in work. */
  readonly onKilled?: ((taskId: string) => void) | undefined;
}

const RETRY_MS = 500;
const STOP_TIMEOUT_MS = 30_000;

/** So many names of messages are kept, to know those that come again. */
const MOST_NAMES = 200_000;

const persevere = async (
  queue: DemoQueue,
  task: DemoTask,
  workMs: number,
  stop: AbortSignal,
): Promise<void> => {
  while (!stop.aborted) {
    try {
      await queue.work(task, workMs, stop);
    } catch {
      // The queue is away (somebody pressed the button), or we are being stopped or killed.
    }
    // The pause also holds back a kind whose work returns at once.
    await sleep(RETRY_MS, undefined, { signal: stop }).catch(() => undefined);
  }
};

export const createWorkers = (queue: DemoQueue, options: WorkersOptions): Workers => {
  const { workMs, stopTimeoutMs = STOP_TIMEOUT_MS, protectionOf, onKilled } = options;
  const running = new Map<string, AbortController>();
  const unfinished = new Set<Promise<void>>();
  const begun = new Set<string>();
  let repeated = 0;
  let hired = 0;

  const begin = (message: string | undefined): void => {
    if (message === undefined) return;
    if (begun.has(message)) repeated += 1;
    if (begun.size >= MOST_NAMES) begun.clear();
    begun.add(message);
  };

  const live = async (id: string, index: number, stop: AbortSignal): Promise<void> => {
    const killing = new AbortController();
    const protection = protectionOf?.(id);
    const atWork = async (ms: number, message: string | undefined): Promise<void> => {
      begin(message);
      await sleep(ms, undefined, { signal: killing.signal }).catch((thrown: unknown) => {
        onKilled?.(id);
        throw thrown;
      });
    };
    const work: DemoTask['work'] = (ms, message) =>
      protection === undefined ? atWork(ms, message) : protection.busy(() => atWork(ms, message));
    let kill: NodeJS.Timeout | undefined;
    stop.addEventListener('abort', () => {
      kill = setTimeout(() => killing.abort(), stopTimeoutMs);
    });
    await persevere(queue, { id, index, work }, workMs, stop);
    clearTimeout(kill);
    await protection?.close();
  };

  const hire = (id: string): void => {
    const stop = new AbortController();
    running.set(id, stop);
    const life = live(id, hired, stop.signal);
    hired += 1;
    unfinished.add(life);
    void life.then(() => unfinished.delete(life));
  };
  const dismiss = (id: string): void => {
    running.get(id)?.abort();
    running.delete(id);
  };

  return {
    follow: (taskIds) => {
      const wanted = new Set(taskIds);
      for (const id of running.keys()) if (!wanted.has(id)) dismiss(id);
      for (const id of wanted) if (!running.has(id)) hire(id);
    },
    repeats: () => {
      const count = repeated;
      repeated = 0;
      return count;
    },
    stop: async () => {
      for (const id of running.keys()) dismiss(id);
      await Promise.all(unfinished);
    },
  };
};
