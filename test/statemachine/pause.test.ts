/** Pausing and resuming a loop that runs: the unmodified state machine with the unmodified handlers, its waits shortened. */
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Decision, Outcome } from '../../lambdas/contract/records.ts';
import type { Room } from '../../lambdas/log.ts';
import { loopDefinition } from '../../local/assets.ts';
import { pauseIn, resumeIn } from '../../local/commands/pause.ts';
import { statusOf } from '../../local/commands/status.ts';
import { stopLane } from '../../local/commands/stop.ts';
import { createMachine } from '../../local/machine.ts';
import { BUCKET, QUEUE_URL, startAws, type TestAws } from '../rooms/aws.ts';

const SERVICE = 'shop/orders-worker';

let aws: TestAws;
let handlers: Record<Room, (event: unknown) => Promise<unknown>>;

beforeAll(async () => {
  aws = await startAws({ 'orders-worker': 0 });
  const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `m${index}`, MessageBody: 'x' }));
  await aws.sqs.send(new SendMessageBatchCommand({ QueueUrl: QUEUE_URL, Entries }));
  handlers = {
    lease: (await import('../../lambdas/lease/handler.ts')).handler,
    collect: (await import('../../lambdas/collect/handler.ts')).handler,
    decide: (await import('../../lambdas/decide/handler.ts')).handler,
    apply: (await import('../../lambdas/apply/handler.ts')).handler,
  };
});
beforeEach(() => aws.set('orders-worker', 0));
afterAll(() => aws.close());

const store = () => ({ bucket: BUCKET, s3: aws.s3 });

const input = (lane: string) => ({
  config: {
    loop: { name: lane, interval: 1, executionLength: 3 },
    services: [
      {
        cluster: 'shop',
        service: 'orders-worker',
        tasks: { min: 0, max: 5 },
        source: { type: 'sqs', queueUrl: QUEUE_URL },
        policy: { type: 'target', backlogPerTask: 3 },
      },
    ],
  },
});

interface Seen {
  readonly rooms: readonly Room[];
  readonly acquired: boolean;
  readonly decisions: readonly Decision[];
  readonly outcomes: readonly Outcome[];
  /** It handed over. */
  readonly heir: (() => string) | undefined;
}

/** A lane, one execution at a time: the next one begins when the test says so. */
const loop = (lane: string) => {
  let answers: { readonly room: Room; readonly result: unknown }[] = [];
  let heir: (() => string) | undefined;
  let over: (how: string) => void = () => undefined;
  let meanwhile: (() => Promise<unknown>) | undefined;
  const machine = createMachine(loopDefinition(), {
    invoke: async (room, event) => {
      if (room === 'collect') {
        const once = meanwhile;
        meanwhile = undefined;
        await once?.();
      }
      const result = await handlers[room](event);
      answers.push({ room, result });
      return result;
    },
    publish: async () => ({}),
    topicArn: 'arn:aws:sns:us-east-1:000000000000:t',
    onTrouble: (kind, where, why) => {
      throw new Error(`${kind} ${where} ${why}`);
    },
    onHandOver: () => undefined,
    startNext: async (begin) => {
      heir = begin;
      return 'arn:next';
    },
    onEnd: (_doer, how) => over(how),
    pauses: { waitTimeOverrides: { Wait: 1, WaitBlind: 1 } },
  });
  const of = <T>(room: Room, field: string): readonly T[] =>
    answers.flatMap((each) =>
      each.room === room ? ((each.result as Record<string, readonly T[]>)[field] ?? []) : [],
    );
  /** @param act what happens before its first look */
  const whole = async (begin: () => string, act?: () => Promise<unknown>): Promise<Seen> => {
    [answers, heir, meanwhile] = [[], undefined, act];
    const ended = new Promise<string>((resolve) => {
      over = resolve;
    });
    begin();
    expect(await ended).toBe('done');
    return {
      rooms: answers.map(({ room }) => room),
      acquired: answers.some(({ result }) => (result as { readonly acquired?: boolean }).acquired),
      decisions: of<Decision>('decide', 'decisions'),
      outcomes: of<Outcome>('apply', 'outcomes'),
      heir,
    };
  };
  return {
    /** As the schedule does, or a person. */
    start: (act?: () => Promise<unknown>) => whole(() => machine.start(input(lane)), act),
    next: ({ heir: begin }: Seen, act?: () => Promise<unknown>) => {
      if (begin === undefined) throw new Error('nobody was handed over to');
      return whole(begin, act);
    },
  };
};

const status = async (lane: string) => (await statusOf(store(), { lane }, 80)).lines.join('\n');

test('a paused service is held at once, says why after the hand-over, and goes on one hand-over after it is resumed', async () => {
  const lane = 'service';
  const { start, next } = loop(lane);
  const first = await start(() => pauseIn(store(), lane, SERVICE, { out: true }));
  expect(first.outcomes.length).toBeGreaterThan(0);
  for (const outcome of first.outcomes)
    expect(outcome).toMatchObject({
      from: 0,
      to: 4,
      applied: false,
      error: `scale-out of ${SERVICE} is paused`,
    });
  expect(aws.calls.get('ecs:UpdateService')).toBeUndefined();

  const second = await next(first, () => resumeIn(store(), lane, SERVICE, {}));
  expect(second.rooms).not.toContain('apply');
  for (const { direction, reasons } of second.decisions) {
    expect(direction).toBe('hold');
    expect(reasons).toContainEqual({ by: 'pause', said: 0, why: 'scale-out is paused by command' });
  }
  expect(aws.desired('orders-worker')).toBe(0);

  const third = await next(second);
  expect(third.outcomes).toMatchObject([{ from: 0, to: 4, applied: true }]);
  expect(aws.desired('orders-worker')).toBe(4);
  // Of the second execution's last tick, which this one was handed.
  expect(await status(lane)).toMatch(/shop\/orders-worker +0\/4 +10 +0 +hold 0 +out \d+ s ago/);
}, 30_000);

test('a pause of scale-in lets scale-out through', async () => {
  const lane = 'in-only';
  const { start } = loop(lane);
  const seen = await start(() => pauseIn(store(), lane, undefined, { in: true }));
  expect(seen.outcomes).toMatchObject([{ from: 0, to: 4, applied: true }]);
  expect(await status(lane)).toContain('scale-in of all services until it is resumed');
}, 30_000);

test('a paused lane changes nothing, ends at its hand-over and then makes no calls but those of the schedule', async () => {
  const lane = 'whole';
  const { start, next } = loop(lane);
  let stopping: Promise<void> = Promise.resolve();
  const first = await start(async () => {
    await pauseIn(store(), lane, undefined, {});
    stopping = stopLane(store(), lane, () => undefined);
  });
  for (const outcome of first.outcomes)
    expect(outcome).toMatchObject({ applied: false, error: `lane ${lane} is paused` });
  const heir = await next(first);
  expect(heir).toMatchObject({ acquired: false, rooms: ['lease'], heir: undefined });
  await stopping;
  expect(await status(lane)).toContain('lane whole: paused');

  aws.calls.clear();
  for (let minute = 0; minute < 3; minute += 1) {
    expect(await start()).toMatchObject({ acquired: false, rooms: ['lease'], heir: undefined });
  }
  expect([...aws.calls]).toEqual([['s3:GetObject', 3]]);
  expect(aws.desired('orders-worker')).toBe(0);

  await resumeIn(store(), lane, undefined, {});
  const again = await start();
  expect(again).toMatchObject({ acquired: true, outcomes: [{ from: 0, to: 4, applied: true }] });
}, 30_000);

test('a pause ends by itself, and the schedule starts the lane', async () => {
  const lane = 'a-while';
  const { start, next } = loop(lane);
  const first = await start(() => pauseIn(store(), lane, undefined, { for: 4 }));
  await next(first);
  for (;;) {
    const seen = await start();
    if (!seen.acquired) continue;
    expect(seen.outcomes).toMatchObject([{ to: 4, applied: true }]);
    break;
  }
  expect(await status(lane)).toMatch(/^lane a-while: ticking\n/);
  expect(await aws.getJson(`lanes/${lane}/lease.json`)).toMatchObject({ paused: false });
}, 30_000);
