/** Tasks and consumers: as many as run, each with its own life. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { DemoQueue, DemoTask } from '../../../local/demo/queue.ts';
import { createWorkers } from '../../../local/demo/workers.ts';
import { eventually } from './queues/behaviour.ts';

/** A queue that writes down who works, and whose work goes as the test says. */
const written = (work: DemoQueue['work']) => {
  const at = new Set<string>();
  const began: DemoTask[] = [];
  const queue: DemoQueue = {
    key: 'shop/orders-worker',
    send: async () => undefined,
    depth: async () => ({ backlog: 0, inFlight: null }),
    work: async (task, workMs, stop) => {
      began.push(task);
      at.add(task.id);
      try {
        await work(task, workMs, stop);
      } finally {
        at.delete(task.id);
      }
    },
    close: async () => undefined,
  };
  return { queue, at, began };
};

const untilStopped: DemoQueue['work'] = (_task, _workMs, stop) =>
  new Promise((resolve) => stop.addEventListener('abort', () => resolve()));

test('one consumer per running task, counted on through all changes', async () => {
  const { queue, at, began } = written(untilStopped);
  const workers = createWorkers(queue, { workMs: 10 });
  workers.follow(['a', 'b']);
  workers.follow(['a', 'b']);
  expect([...at]).toEqual(['a', 'b']);
  workers.follow(['b', 'c']);
  await eventually(async () => expect([...at]).toEqual(['b', 'c']));
  expect(began.map(({ id, index }) => [id, index])).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
  ]);
  await workers.stop();
  expect([...at]).toEqual([]);
});

test('a consumer whose server has gone away begins again, until it is stopped', async () => {
  const { queue, began } = written(async () => {
    throw new Error('ECONNREFUSED');
  });
  const workers = createWorkers(queue, { workMs: 10 });
  workers.follow(['a']);
  await eventually(async () => expect(began.length).toBeGreaterThanOrEqual(3));
  await workers.stop();
  const after = began.length;
  await sleep(700);
  expect(began).toHaveLength(after);
});

test('stopping waits for the message that somebody has', async () => {
  let finished = false;
  const { queue } = written(async () => {
    await sleep(200);
    finished = true;
  });
  const workers = createWorkers(queue, { workMs: 10 });
  workers.follow(['a']);
  await workers.stop();
  expect(finished).toBe(true);
});

describe('a task that is stopped with a message in work', () => {
  /** Takes one message for as long as it is told, again and again, and writes down those that it finished. */
  const longWork = (ms: number) => {
    const done: string[] = [];
    const { queue } = written(async (task, _workMs, stop) => {
      while (!stop.aborted) {
        await task.work(ms, `of ${task.id}`);
        done.push(task.id);
      }
    });
    return { queue, done };
  };
  const run = async (ms: number, stopTimeoutMs: number) => {
    const { queue, done } = longWork(ms);
    const killed: string[] = [];
    const workers = createWorkers(queue, { workMs: ms, stopTimeoutMs, onKilled: (id) => killed.push(id) });
    workers.follow(['a']);
    await sleep(50);
    workers.follow([]);
    await workers.stop();
    return { done, killed, repeats: workers.repeats() };
  };

  test('finishes it within the stop timeout', async () => {
    expect(await run(200, 10_000)).toEqual({ done: ['a'], killed: [], repeats: 0 });
  });

  test('is killed after it, and has finished nothing', async () => {
    expect(await run(10_000, 200)).toEqual({ done: [], killed: ['a'], repeats: 0 });
  });

  test('leaves a message that is known when somebody begins it again', async () => {
    const { queue } = written(async (task) => task.work(1, 'the same'));
    const workers = createWorkers(queue, { workMs: 1 });
    workers.follow(['a', 'b', 'c']);
    await sleep(50);
    await workers.stop();
    expect(workers.repeats()).toBe(2);
    expect(workers.repeats()).toBe(0);
  });
});
