/** The unmodified state machine with the unmodified handlers, failing wherever a property says. */

import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Room } from '../../lambdas/log.ts';
import { loopDefinition } from '../../local/assets.ts';
import { createMachine } from '../../local/machine.ts';
import type { Publication } from '../../local/machine-parts.ts';
import { QUEUE_URL, startAws, type TestAws } from '../rooms/aws.ts';

const TICKS = 4;
const rooms = ['collect', 'decide', 'apply', 'publish'] as const;
type Place = (typeof rooms)[number];

interface Fault {
  readonly place: Place;
  /** The how-manieth call of this place fails. */
  readonly call: number;
  readonly error: string;
}

let aws: TestAws;
let handlers: Record<Room, (event: unknown) => Promise<unknown>>;
let runs = 0;

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
afterAll(() => aws.close());

const input = (lane: string) => ({
  config: {
    loop: { name: lane, interval: 1, executionLength: TICKS },
    services: [
      {
        cluster: 'shop',
        service: 'orders-worker',
        tasks: { min: 0, max: 5 },
        source: { type: 'sqs', queueUrl: QUEUE_URL },
        policy: { type: 'target', backlogPerTask: 3 },
        // What it says has quotation marks in it.
        schedule: [{ start: '* * * * *', end: '0 0 29 2 *', max: 2 }],
      },
    ],
  },
});

/** One execution with these faults, its waits shortened; resolves when it hands over. */
const run = async (faults: readonly Fault[], publications: Publication[] = []) => {
  runs += 1;
  aws.set('orders-worker', 0);
  const calls: Record<string, number> = {};
  const seen: { room: string; event: unknown; result: unknown }[] = [];
  const enter = (place: string): void => {
    calls[place] = (calls[place] ?? 0) + 1;
    const fault = faults.find((each) => each.place === place && each.call === calls[place]);
    if (fault !== undefined) throw Object.assign(new Error('injected'), { name: fault.error });
  };
  let handedOver: (term: number) => void = () => undefined;
  const over = new Promise<number>((resolve) => {
    handedOver = resolve;
  });
  const machine = createMachine(loopDefinition(), {
    invoke: async (room, event) => {
      enter(room);
      const result = await handlers[room](event);
      seen.push({ room, event, result });
      return result;
    },
    publish: async (publication) => {
      enter('publish');
      publications.push(publication);
      return {};
    },
    topicArn: 'arn:aws:sns:us-east-1:000000000000:t',
    onTrouble: (kind, where, why) => {
      if (kind === 'execution-failed') throw new Error(`${where} ${why}`);
    },
    onHandOver: (term) => handedOver(term),
    pauses: {
      waitTimeOverrides: { Wait: 1, WaitBlind: 1 },
      retryIntervalOverrides: { Collect: 1, Decide: 1, Apply: 1, Publish: 1, AcquireLease: 1 },
    },
  });
  machine.start(input(`lane-${runs}`));
  const term = await over;
  await machine.stop();
  return { calls, seen, term };
};

test('an execution ticks as planned, applies once, tells it once and hands its memory over', async () => {
  const publications: Publication[] = [];
  const { seen, term } = await run([], publications);
  expect(term).toBe(1);
  expect(seen.filter(({ room }) => room === 'collect').length).toBeGreaterThanOrEqual(TICKS);
  const acts = seen.flatMap(({ room, event }) =>
    room === 'apply' ? [(event as { act?: string }).act ?? 'apply'] : [],
  );
  expect(acts).toEqual(['apply', 'confirm']);
  expect(aws.desired('orders-worker')).toBe(2);
  expect(publications).toMatchObject([
    {
      Subject: 'Scale out: shop/orders-worker 0 -> 2',
      MessageAttributes: { event: { StringValue: 'scale-out' } },
    },
  ]);
  expect(JSON.parse(publications[0]?.Message ?? '{}')).toMatchObject({
    event: 'scale-out',
    from: 0,
    to: 2,
    reasons: [
      { by: 'target', said: 4 },
      { by: 'schedule', why: 'window "* * * * *" to "0 0 29 2 *" UTC: at most 2' },
    ],
    reading: { visible: 10 },
  });
});

const fault: fc.Arbitrary<Fault> = fc.record({
  place: fc.constantFrom(...rooms),
  call: fc.integer({ min: 1, max: 5 }),
  error: fc.constantFrom(
    'StoreError',
    'ConfigError',
    'Lambda.Unknown',
    'Lambda.ServiceException',
    'TypeError',
    'AccessDeniedException',
  ),
});

test('7: a tick that fails in any room is followed by another, and the count is still right in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 6 }), async (faults) => {
      const { calls } = await run(faults);
      const failed = new Set(faults.map(({ place, call }) => `${place} ${call}`)).size;
      // Every planned tick began, whatever became of the ones before.
      expect(calls.collect).toBeGreaterThanOrEqual(TICKS);
      expect(aws.desired('orders-worker') === 2 || failed > 0).toBe(true);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('an execution that has lost its lane ends without a hand-over', async () => {
  const publications: Publication[] = [];
  let over = false;
  const ended = new Promise<void>((resolve, reject) => {
    const machine = createMachine(loopDefinition(), {
      invoke: async (room, event) => {
        const result = (await handlers[room](event)) as Record<string, unknown>;
        if (room === 'decide')
          await aws.putJson('lanes/lost/lease.json', {
            owner: 'x',
            term: 9,
            expiresAt: '2099-01-01T00:00:00Z',
          });
        if (room === 'apply') setTimeout(resolve, 100);
        return result;
      },
      publish: async (publication) => publications.push(publication),
      topicArn: 'arn:aws:sns:us-east-1:000000000000:t',
      onTrouble: (_kind, where, why) => reject(new Error(`${where}: ${why}`)),
      onHandOver: () => {
        over = true;
      },
      pauses: { waitTimeOverrides: { Wait: 1 } },
    });
    aws.set('orders-worker', 0);
    machine.start(input('lost'));
  });
  await ended;
  expect({ over, publications, desired: aws.desired('orders-worker') }).toEqual({
    over: false,
    publications: [],
    desired: 0,
  });
});
