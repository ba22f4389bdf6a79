/** A state holds 256 KiB, and what is larger ends the execution without a catch: a full lane must stay well below. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SERVICES_PER_LANE } from '../../lambdas/contract/config.ts';
import type { ServiceMemory } from '../../lambdas/contract/records.ts';
import type { Room } from '../../lambdas/log.ts';
import { splitIntoLanes } from '../../lib/lanes.ts';
import { loopDefinition } from '../../local/assets.ts';
import { createMachine, type Machine } from '../../local/machine.ts';
import { QUEUE_URL, startAws, type TestAws } from '../rooms/aws.ts';

const names = Array.from(
  { length: SERVICES_PER_LANE },
  (_, index) => `orders-worker-with-a-rather-long-name-${index}`,
);
let aws: TestAws;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pulsescale-size-'));
  aws = await startAws(Object.fromEntries(names.map((name) => [name, 0])));
  const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `m${index}`, MessageBody: 'x' }));
  await aws.sqs.send(new SendMessageBatchCommand({ QueueUrl: QUEUE_URL, Entries }));
});
afterAll(async () => {
  await aws.close();
  await rm(folder, { recursive: true });
});

/**
 * As full as a memory may be, whatever the rooms add to it: nobody shortens a time that was written with many digits, and what
 * does not fit beside it is left out.
 */
const fullMemory = (at: string, digits: number): ServiceMemory => ({
  lastIn: { at: at.replace('Z', `${'0'.repeat(digits)}Z`), streak: 1 },
});

interface Given {
  /** With so many digits that each service remembers as much as it may. */
  readonly digits?: number;
  /** SNS takes nothing. */
  readonly mute?: boolean;
  /** The configuration was deployed, and does not come in the execution's input. */
  readonly deployed?: boolean;
}

/** The largest data of each state, and the largest answer of each room, in one execution of 12 ticks. */
const sizesOf = async (
  services: readonly object[],
  beforeTick: (tick: number) => void,
  { digits = 0, deployed = false, mute = false }: Given = {},
): Promise<ReadonlyMap<string, number>> => {
  const rooms: readonly Room[] = ['lease', 'collect', 'decide', 'apply'];
  const handlers = Object.fromEntries(
    await Promise.all(
      rooms.map(async (room) => [room, (await import(`../../lambdas/${room}/handler.ts`)).handler] as const),
    ),
  ) as Record<Room, (event: unknown) => Promise<unknown>>;
  const sizes = new Map<string, number>();
  const note = (name: string, data: unknown): void => {
    sizes.set(name, Math.max(sizes.get(name) ?? 0, Buffer.byteLength(JSON.stringify(data))));
  };
  let ticks = 0;
  let handedOver = false;
  const machine = await new Promise<Machine>((resolve, reject) => {
    const started = createMachine(loopDefinition(), {
      invoke: async (room, event) => {
        // The successor is of no interest, and must not work on when the test is over.
        if (handedOver) return { acquired: false };
        if (room === 'collect') ticks += 1;
        if (room === 'collect') beforeTick(ticks);
        const answer = JSON.parse(JSON.stringify(await handlers[room](event)));
        note(`answer of ${room}`, answer);
        if (answer.memory !== undefined) note('memory', answer.memory);
        return answer;
      },
      publish: async () => {
        if (mute) throw new Error('SNS is down');
        return {};
      },
      topicArn: 'arn:aws:sns:us-east-1:000000000000:t',
      onTrouble: (_kind, where, why) => {
        if (where !== 'Publish') reject(new Error(`${where}: ${why}`));
      },
      onHandOver: () => {
        handedOver = true;
        resolve(started);
      },
      onState: note,
      pauses: { waitTimeOverrides: { Wait: 1 }, retryIntervalOverrides: { Publish: 1 } },
    });
    // Newer than what the test before has saved in this lane, which may be less than a second old.
    const savedAt = new Date().toISOString();
    const memory = Object.fromEntries(names.map((name) => [`shop/${name}`, fullMemory(savedAt, digits)]));
    started.start({
      takeOver: true,
      ...(digits > 0 ? { memory, savedAt } : {}),
      ...(deployed ? {} : { config: { loop: { name: 'full' }, services } }),
    });
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

/** Everything that a service may be given. */
const withEverything = {
  policy: undefined,
  policies: [
    { type: 'queueDelay', target: '20s', secondsPerMessage: 30 },
    { type: 'target', backlogPerTask: 5 },
    { type: 'forecast', season: '24h' },
  ],
  stabilization: { in: '300s' },
  limits: {
    out: [
      { percent: 100, per: '15s' },
      { tasks: 1, per: '60s' },
    ],
    in: [{ percent: 10, per: '60s' }],
  },
  fallback: { after: '60s', tasks: { atLeast: 3 } },
  deployment: 'out',
  emptyFor: '2m',
  schedule: [
    { start: '0 8 * * MON-FRI', end: '0 18 * * MON-FRI', timezone: 'Europe/Berlin', min: 1 },
    { start: '0 18 * * MON-FRI', end: '0 8 * * MON-FRI', timezone: 'Europe/Berlin', max: 40 },
  ],
};

const LIMIT = 0.9 * 256 * 1024;

const scaleOutAtTheEnd = (tick: number): void => {
  // The tasks vanish before the last tick, so that everything scales out when the history is at its longest.
  if (tick === 12) for (const name of names) aws.set(name, 0);
};

test('100 services that all scale out in one tick, at the end of an execution, configured by its input', async () => {
  const sizes = await sizesOf(servicesOn(QUEUE_URL), scaleOutAtTheEnd);
  expect(sizes.get('Notify')).toBeGreaterThan(50_000);
  expect(Math.max(...sizes.values())).toBeLessThan(LIMIT);
}, 60_000);

test('100 services of which none can be read, each for a reason of the greatest length', async () => {
  const sizes = await sizesOf(servicesOn(`${QUEUE_URL}-${'gone'.repeat(40)}`), () => undefined);
  expect(sizes.get('AnyChange?')).toBeGreaterThan(100_000);
  expect(Math.max(...sizes.values())).toBeLessThan(LIMIT);
}, 60_000);

test('100 services that scale out again and again while SNS is down: some notices wait, the oldest go', async () => {
  const sizes = await sizesOf(
    servicesOn(QUEUE_URL),
    (tick) => {
      if (tick % 4 === 0) for (const name of names) aws.set(name, 0);
    },
    { mute: true },
  );
  expect(sizes.get('Collect')).toBeGreaterThan(50_000);
  expect(Math.max(...sizes.values())).toBeLessThan(LIMIT);
}, 60_000);

describe('100 services that remember all that they may', () => {
  test('configured by the input', async () => {
    const sizes = await sizesOf(servicesOn(QUEUE_URL), scaleOutAtTheEnd, { digits: 800 });
    expect(sizes.get('memory')).toBeGreaterThan(95_000);
    expect(Math.max(...sizes.values())).toBeLessThan(LIMIT);
  }, 60_000);

  test('deployed, with every guard and policies that have much to say', async () => {
    const services = servicesOn(QUEUE_URL).map((each) => ({ ...each, ...withEverything }));
    const lanes = splitIntoLanes(
      'full',
      services.map((config) => ({
        config,
        arn: `arn:aws:ecs:us-east-1:000000000000:service/shop/${config.service}`,
      })),
    );
    expect(lanes).toHaveLength(1);
    const file = join(folder, 'config.json');
    process.env.PULSESCALE_CONFIG_FILE = file;
    await writeFile(file, JSON.stringify({ loop: { name: 'full' }, services }));
    const sizes = await sizesOf(services, scaleOutAtTheEnd, { digits: 670, deployed: true });
    expect(sizes.get('memory')).toBeGreaterThan(100_000);
    expect(sizes.get('answer of apply')).toBeGreaterThan(200_000);
    expect(Math.max(...sizes.values())).toBeLessThan(LIMIT);
  }, 60_000);
});
