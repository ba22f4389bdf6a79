/** Tasks and consumers: as many as run, each with its own life. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
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
  const workers = createWorkers(queue, 10);
  workers.follow(['a', 'b']);
  workers.follow(['a', 'b']);
  expect([...at]).toEqual(['a', 'b']);
  workers.follow(['b', 'c']);
  await eventually(async () => expect([...at]).toEqual(['b', 'c']));
  expect(began).toEqual([
    { id: 'a', index: 0 },
    { id: 'b', index: 1 },
    { id: 'c', index: 2 },
  ]);
  await workers.stop();
  expect([...at]).toEqual([]);
});

test('a consumer whose server has gone away begins again, until it is stopped', async () => {
  const { queue, began } = written(async () => {
    throw new Error('ECONNREFUSED');
  });
  const workers = createWorkers(queue, 10);
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
  const workers = createWorkers(queue, 10);
  workers.follow(['a']);
  await workers.stop();
  expect(finished).toBe(true);
});
