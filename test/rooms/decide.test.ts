/** Decide's edge: what it accepts, the switch that refuses scale-in, what it keeps for replay and what it logs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type History, noHistory } from '../../lambdas/contract/history.ts';
import type { Decision, Memory } from '../../lambdas/contract/records.ts';
import { AT, counts, later, sample, seen, service, unseen } from '../samples.ts';

interface Decided {
  readonly decisions: readonly Decision[];
  readonly changes: number;
  readonly memory: Memory;
  readonly history: History;
}

let handler: (event: unknown) => Promise<Decided>;

beforeAll(async () => {
  Object.assign(process.env, {
    LOG_LEVEL: 'SILENT',
    ECS_CLUSTER: 'shop',
    SERVICE_NAME: 'orders-worker',
    SQS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/1/q',
    MIN_TASKS: '0',
  });
  ({ handler } = (await import('../../lambdas/decide/handler.ts')) as unknown as { handler: typeof handler });
});
afterEach(() => {
  delete process.env.DISABLE_SCALE_IN;
  delete process.env.disable_scalein;
});

const idle = sample({ readings: [seen(0)], counts: counts(5) });
const decide = (samples: readonly unknown[], given: object = {}) =>
  handler({ at: AT, lane: 'l', term: 3, memory: {}, samples, ...given });

test('a decision for each sample, in order, and how many are changes', async () => {
  const busy = sample({ service: service({ service: 'mail' }), readings: [seen(100)], counts: counts(1) });
  const settled = sample({ service: service({ service: 'quiet' }), readings: [seen(50)], counts: counts(5) });
  const { decisions, changes, memory } = await decide([idle, busy, settled]);
  expect(decisions).toMatchObject([
    { service: 'orders-worker', from: 5, to: 0, direction: 'in', at: AT, term: 3 },
    { service: 'mail', from: 1, to: 10, direction: 'out' },
    { service: 'quiet', from: 5, to: 5, direction: 'hold' },
  ]);
  expect(changes).toBe(2);
  expect(Object.keys(memory)).toEqual(['shop/orders-worker', 'shop/mail', 'shop/quiet']);
});

describe('DISABLE_SCALE_IN', () => {
  test.each(['yes', 'true', '1', 'YES', 'True', ' on ', 'y', 'maybe'])(
    '%s refuses scale-in for every service',
    async (value) => {
      process.env.DISABLE_SCALE_IN = value;
      const { decisions } = await decide([idle]);
      expect(decisions).toMatchObject([{ to: 5, direction: 'hold' }]);
      expect(decisions[0]?.reasons.at(-1)).toMatchObject({ by: 'disableScaleIn', said: 5 });
    },
  );
  test('so does disable_scalein', async () => {
    process.env.disable_scalein = 'yes';
    expect((await decide([idle])).decisions).toMatchObject([{ to: 5 }]);
  });
  test.each(['no', 'false', '0', '', 'No', 'off'])('"%s" allows it', async (value) => {
    process.env.DISABLE_SCALE_IN = value;
    expect((await decide([idle])).decisions).toMatchObject([{ to: 0 }]);
  });
});

test('a sample without a configuration uses the deployed one; one without any is left out and the others go on', async () => {
  const named = (name: string) => ({
    ...sample({ readings: [seen(500)], counts: counts(2) }),
    service: { cluster: 'shop', service: name },
  });
  const { decisions } = await decide([named('nobody'), named('orders-worker')]);
  expect(decisions).toMatchObject([
    { service: 'orders-worker', from: 2, to: 7, reasons: [{ by: 'threshold' }] },
  ]);
});

test('a dry run is no change for the rooms after this one', async () => {
  const busy = sample({ service: service({ dryRun: true }), readings: [seen(100)], counts: counts(1) });
  const { decisions, changes, memory } = await decide([busy]);
  expect(decisions).toMatchObject([{ from: 1, to: 1, direction: 'hold' }]);
  expect(changes).toBe(0);
  expect(memory['shop/orders-worker']).not.toHaveProperty('lastOut');
});

test('what is missing has a default, what is unknown is ignored', async () => {
  const { decisions } = await handler({
    at: AT,
    colour: 'green',
    samples: [
      {
        service: { ...service(), cooldown: { in: 5, colour: 'green' }, wish: 3 },
        readings: [{ known: true, visible: 20 }],
        counts: { desired: 1 },
      },
    ],
  });
  expect(decisions).toMatchObject([{ from: 1, to: 2, term: 0 }]);
});

test('every tick is kept for replay, unknown as null', async () => {
  const first = await decide([idle]);
  const second = await decide([sample({ readings: [unseen], counts: counts(0) })], {
    at: later(5),
    history: first.history,
  });
  const seconds = Date.parse(AT) / 1000;
  expect(second.history).toEqual({
    at: [seconds, seconds + 5],
    services: {
      'shop/orders-worker': {
        readings: [{ visible: [0, null], inFlight: [0, null] }],
        counts: { desired: [5, 0], running: [5, 0], pending: 0 },
        to: 0,
      },
    },
  });
});

test('what is no history, as an older version has handed it over, is no obstacle', async () => {
  const { history } = await decide([idle], { history: { 'shop/orders-worker': [[1, 2, 3, 4, 5, 6, 7]] } });
  expect(history.at).toEqual([Date.parse(AT) / 1000]);
  expect((await decide([], { history: noHistory })).history).toEqual(noHistory);
});

test('the rules know no clock, no chance and no environment', () => {
  const files = readdirSync('lambdas/decide', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && file !== 'handler.ts',
  );
  expect(files.length).toBeGreaterThan(8);
  const impure = /Date\.now|new Date\(\)|Math\.random|performance\.|process\.|setTimeout|fetch\(/;
  expect(files.filter((file) => impure.test(readFileSync(join('lambdas/decide', file), 'utf8')))).toEqual([]);
});
