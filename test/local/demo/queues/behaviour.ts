/** What every kind of the demo's queues must do, on its real server. A kind's own test is a call of {@link behavesAsQueue}. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DemoQueue, DemoQueueKind, ServerAddress } from '../../../../local/demo/queue.ts';
import { createWorkers } from '../../../../local/demo/workers.ts';
import { START_LIMIT_MS } from '../../../servers/server.ts';

export interface Stage {
  readonly options: unknown;
  /** For the kind, as the runner gives them. */
  readonly env?: Readonly<Record<string, string>>;
  readonly address?: ServerAddress;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Expectations {
  /** The server tells apart what waits and what is being worked on; else `backlog` has both. Default true. */
  readonly seesInFlight?: boolean;
  /** It is watched past the door that is shut in an outage. Default false. */
  readonly seesThroughOutage?: boolean;
}

const WORK_MS = 20;
/** Long enough to be seen at it. */
const TAKING_MS = 2000;
const LIMIT_MS = 60_000;

/** Asks until the answer is as expected; the last try fails the test. */
export const eventually = async (look: () => Promise<void>, limitMs = LIMIT_MS - 5000): Promise<void> => {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await look();
    } catch (failure) {
      if (Date.now() > end) throw failure;
      await sleep(50);
    }
  }
};

export const behavesAsQueue = (
  name: string,
  kind: DemoQueueKind<never>,
  set: () => Promise<Stage>,
  { seesInFlight = true, seesThroughOutage = false }: Expectations = {},
): void => {
  describe(name, () => {
    let stage: Stage;
    let queue: DemoQueue;
    const open = () =>
      kind.open(stage.options as never, {
        key: 'shop/orders-worker',
        env: stage.env ?? {},
        server: stage.address ?? {},
        workMs: TAKING_MS,
      });
    const depth = async () => {
      const { backlog, inFlight } = await queue.depth();
      return { backlog, inFlight: inFlight ?? 0 };
    };
    const drained = () => eventually(async () => expect(await depth()).toEqual({ backlog: 0, inFlight: 0 }));

    beforeAll(async () => {
      stage = await set();
      queue = await open();
    }, START_LIMIT_MS);
    afterAll(async () => {
      await queue?.close();
      await stage?.close();
    }, LIMIT_MS);

    test(
      'holds as many messages as were sent, and is not emptied by being made again',
      async () => {
        expect(await depth()).toEqual({ backlog: 0, inFlight: 0 });
        await queue.send(23);
        const again = await open();
        await eventually(async () => expect(await depth()).toEqual({ backlog: 23, inFlight: 0 }));
        await again.close();
      },
      LIMIT_MS,
    );

    test(
      'a task takes one message at a time, and finishes the one it has when it is stopped',
      async () => {
        const stop = new AbortController();
        const work = queue.work({ id: 'a', index: 0, work: (ms) => sleep(ms) }, TAKING_MS, stop.signal);
        await eventually(async () => {
          expect(await depth()).toEqual(
            seesInFlight ? { backlog: 22, inFlight: 1 } : { backlog: 23, inFlight: 0 },
          );
        });
        if (!seesInFlight) await sleep(TAKING_MS / 2);
        stop.abort();
        await work;
        await eventually(async () => expect(await depth()).toEqual({ backlog: 22, inFlight: 0 }));
      },
      LIMIT_MS,
    );

    test(
      'a task that is killed leaves its message in the queue, unacknowledged',
      async () => {
        const stop = new AbortController();
        const killed: (string | undefined)[] = [];
        const work = async (_: number, message?: string) => {
          killed.push(message);
          throw new Error('killed');
        };
        await expect(queue.work({ id: 'killed', index: 0, work }, WORK_MS, stop.signal)).rejects.toThrow();
        expect(new Set(killed)).toEqual(new Set([expect.any(String)]));
        const { backlog, inFlight } = await depth();
        expect(backlog + inFlight).toBe(22);
      },
      LIMIT_MS,
    );

    test(
      'several tasks share the work, what was left behind as well, until nothing is left',
      async () => {
        const workers = createWorkers(queue, { workMs: WORK_MS });
        workers.follow(['b', 'c', 'd']);
        await drained();
        await workers.stop();
      },
      LIMIT_MS,
    );

    test(
      'while the server is away nobody sees a 0, and the tasks go on when it is back',
      async () => {
        const workers = createWorkers(queue, { workMs: 200 });
        workers.follow(['e', 'f']);
        await queue.send(12);
        await sleep(300);
        await stage.stop();
        if (!seesThroughOutage) await expect(queue.depth()).rejects.toThrow();
        await expect(queue.send(1)).rejects.toThrow();
        await stage.start();
        await drained();
        await queue.send(5);
        await drained();
        await workers.stop();
      },
      2 * LIMIT_MS,
    );
  });
};
