/**
 * The demo's tasks: each running task is a real consumer of the queue. A task that is stopped finishes the message it has;
 * one whose server has gone away waits and tries again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoQueue, DemoTask } from './queue.ts';

export interface Workers {
  /** Brings the consumers in line with the tasks that run. */
  readonly follow: (taskIds: readonly string[]) => void;
  /** Resolves when every consumer has finished what it had. */
  readonly stop: () => Promise<void>;
}

const RETRY_MS = 500;

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
      // The queue is away (somebody pressed the button) or we are being stopped.
    }
    // The pause also holds back a kind whose work returns at once.
    await sleep(RETRY_MS, undefined, { signal: stop }).catch(() => undefined);
  }
};

/** @param workMs how long one message takes */
export const createWorkers = (queue: DemoQueue, workMs: number): Workers => {
  const running = new Map<string, AbortController>();
  const unfinished = new Set<Promise<void>>();
  let hired = 0;

  const hire = (id: string): void => {
    const stop = new AbortController();
    running.set(id, stop);
    const life = persevere(queue, { id, index: hired }, workMs, stop.signal);
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
    stop: async () => {
      for (const id of running.keys()) dismiss(id);
      await Promise.all(unfinished);
    },
  };
};
