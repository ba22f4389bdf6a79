/** Users instead of messages, so not the suite of the queues: who comes is bound to a task, and the source itself counts them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { statusIn } from '../../../../lambdas/collect/sources/nginx/status.ts';
import { sourceSchema } from '../../../../lambdas/collect/sources/registry.ts';
import { parseConfig } from '../../../../lambdas/contract/parse.ts';
import { demoSources } from '../../../../local/demo/open.ts';
import type { DemoQueue } from '../../../../local/demo/queue.ts';
import { loopbackOf, nginx } from '../../../../local/demo/queues/nginx.ts';
import { createWorkers, type Workers } from '../../../../local/demo/workers.ts';
import { freePort } from '../../../servers/port.ts';
import { eventually } from './behaviour.ts';

const WORK_MS = 500;
const TASKS = ['00a1', '00a2'] as const;

const options = { scheme: 'http', path: '/nginx_status' } as const;
const context = { key: 'shop/web', env: {}, server: {}, workMs: WORK_MS };

let queue: DemoQueue | undefined;
let workers: Workers | undefined;
afterEach(async () => {
  await queue?.close();
  await workers?.stop();
});

describe('the connections of users', () => {
  test('are spread over the tasks that run, and seen in the status of each, until they have their page', async () => {
    const port = await freePort();
    queue = await nginx.open({ ...options, port } as never, context);
    await expect(queue.send(1)).rejects.toThrow('no task runs');
    workers = createWorkers(queue, { workMs: WORK_MS });
    workers.follow([...TASKS]);
    const statusOf = async (id: string) => {
      const response = await fetch(`http://${loopbackOf(id)}:${port}/nginx_status`);
      return statusIn(await response.text());
    };
    await eventually(async () => {
      expect((await statusOf(TASKS[0]))?.busy).toBe(0);
      expect((await statusOf(TASKS[1]))?.busy).toBe(0);
    });
    await queue.send(20);
    for (const id of TASKS) expect(await statusOf(id)).toMatchObject({ busy: 10 });
    expect(await queue.depth()).toEqual({ backlog: 10, inFlight: 10 });
    // One whose task goes is served to the end; those who come then go to the other.
    workers.follow([TASKS[1]]);
    await queue.send(4);
    expect((await statusOf(TASKS[1]))?.busy).toBe(14);
    await eventually(async () => expect((await statusOf(TASKS[1]))?.busy).toBe(0));
    await expect(statusOf(TASKS[0])).rejects.toThrow();
  }, 20_000);

  test('need an address and a port that there are', async () => {
    const port = await freePort();
    queue = await nginx.open({ ...options, port } as never, context);
    workers = createWorkers(queue, { workMs: WORK_MS });
    workers.follow(['ffff']);
    await sleep(100);
    await expect(nginx.open({ ...options, port } as never, context)).rejects.toThrow(
      /^no task can serve its nginx_status at 127\.\d+\.255\.255:\d+: .*EADDRINUSE/,
    );
  });
});

test('are made unasked, where the tasks of the service itself are meant', () => {
  const of = (source: object) =>
    demoSources(
      parseConfig(
        {
          services: [
            {
              cluster: 'shop',
              service: 'web',
              tasks: { max: 3 },
              source,
              policy: { type: 'steps', metric: 'value', steps: [{ atLeast: 1, tasks: 1 }] },
            },
          ],
        },
        sourceSchema,
      ),
      [],
      {},
    ).map(({ kind }) => kind.type);
  expect(of({ type: 'nginx' })).toEqual(['nginx']);
  expect(of({ type: 'nginx', service: 'other' })).toEqual([]);
  expect(of({ type: 'nginx', scheme: 'https' })).toEqual([]);
});
