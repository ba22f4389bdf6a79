/** A state holds 256 KiB, and what is larger ends the execution without a catch: a full lane must stay well below. */

import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SERVICES_PER_LANE } from '../../lambdas/contract/config.ts';
import type { Room } from '../../lambdas/log.ts';
import { loopDefinition } from '../../local/assets.ts';
import { createMachine, type Machine } from '../../local/machine.ts';
import { QUEUE_URL, startAws, type TestAws } from '../rooms/aws.ts';

const names = Array.from(
  { length: SERVICES_PER_LANE },
  (_, index) => `orders-worker-with-a-rather-long-name-${index}`,
);
let aws: TestAws;

beforeAll(async () => {
  aws = await startAws(Object.fromEntries(names.map((name) => [name, 0])));
  const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `m${index}`, MessageBody: 'x' }));
  await aws.sqs.send(new SendMessageBatchCommand({ QueueUrl: QUEUE_URL, Entries }));
});
afterAll(() => aws.close());

/** The largest data of each state in one execution of 12 ticks. */
const sizesOf = async (
  services: readonly object[],
  beforeTick: (tick: number) => void,
): Promise<ReadonlyMap<string, number>> => {
  const rooms: readonly Room[] = ['lease', 'collect', 'decide', 'apply'];
  const handlers = Object.fromEntries(
    await Promise.all(
      rooms.map(async (room) => [room, (await import(`../../lambdas/${room}/handler.ts`)).handler] as const),
    ),
  ) as Record<Room, (event: unknown) => Promise<unknown>>;
  const sizes = new Map<string, number>();
  let ticks = 0;
  let handedOver = false;
  const machine = await new Promise<Machine>((resolve, reject) => {
    const started = createMachine(loopDefinition(), {
      invoke: async (room, event) => {
        // The successor is of no interest, and must not work on when the test is over.
        if (handedOver) return { acquired: false };
        if (room === 'collect') ticks += 1;
        if (room === 'collect') beforeTick(ticks);
        return JSON.parse(JSON.stringify(await handlers[room](event)));
      },
      publish: async () => ({}),
      topicArn: 'arn:aws:sns:us-east-1:000000000000:t',
      onTrouble: (_kind, where, why) => reject(new Error(`${where}: ${why}`)),
      onHandOver: () => {
        handedOver = true;
        resolve(started);
      },
      onState: (name, data) =>
        sizes.set(name, Math.max(sizes.get(name) ?? 0, Buffer.byteLength(JSON.stringify(data)))),
      pauses: { waitTimeOverrides: { Wait: 1 } },
    });
    started.start({ takeOver: true, config: { loop: { name: 'full' }, services } });
  });
  await machine.stop();
  expect(ticks).toBe(12);
  return sizes;
};

const servicesOn = (queueUrl: string) =>
  names.map((service) => ({
    cluster: 'shop',
    service,
    tasks: { min: 0, max: 50 },
    source: { type: 'sqs', queueUrl },
    policy: { type: 'target', backlogPerTask: 5 },
    cooldown: { out: 0, in: 120 },
  }));

const LIMIT = 0.9 * 256 * 1024;

test('100 services that all scale out in one tick, at the end of an execution, configured by its input', async () => {
  const sizes = await sizesOf(servicesOn(QUEUE_URL), (tick) => {
    // The tasks vanish before the last tick, so that everything scales out when the history is at its longest.
    if (tick === 12) for (const name of names) aws.set(name, 0);
  });
  expect(sizes.get('Notify')).toBeGreaterThan(50_000);
  expect(Math.max(...sizes.values())).toBeLessThan(LIMIT);
}, 60_000);

test('100 services of which none can be read, each for a reason of the greatest length', async () => {
  const sizes = await sizesOf(servicesOn(`${QUEUE_URL}-${'gone'.repeat(40)}`), () => undefined);
  expect(sizes.get('AnyChange?')).toBeGreaterThan(100_000);
  expect(Math.max(...sizes.values())).toBeLessThan(LIMIT);
}, 60_000);
