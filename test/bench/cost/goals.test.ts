/** What a month may cost at most, on the counts that were written last; `count.test.ts` looks whether they still hold. */
import { describe, expect, test } from '@jest/globals';
import { dollarsOf } from '../../../bench/cost/bill.ts';
import {
  alarmItems,
  type Case,
  countedFigures,
  type Figures,
  itemsFor,
  laneSizes,
  ratesFor,
  restingItems,
  sleepingItems,
} from '../../../bench/cost/ours.ts';
import { peerCosts, scalerDollars } from '../../../bench/cost/peers.ts';
import { deployedFor } from '../../../bench/cost/stack.ts';
import type { Used } from '../../../bench/cost/used.ts';
import { peers } from '../../../bench/scaling/peers/registry.ts';
import { splitIntoLanes } from '../../../lib/lanes.ts';

const ROOM = 1.2;
const roomier = (used: Used): Used => ({ ...used, log: { ...used.log, bytes: used.log.bytes * ROOM } });

/** With a fifth more bytes logged than were counted. */
const figures: Figures = {
  ...countedFigures(),
  lanes: countedFigures().lanes.map((lane) => ({ ...lane, execution: roomier(lane.execution) })),
};
const dollars = (given: Case): number => dollarsOf(itemsFor(figures, given));

describe('logs included, ten changes an hour and service, no free tier', () => {
  test('one service at 5 s is at most 3.70 USD', () => {
    expect(dollars({ services: 1, interval: 5 })).toBeLessThanOrEqual(3.7);
  });
  test('each of fifty at 5 s is at most 0.40 USD', () => {
    expect(dollars({ services: 50, interval: 5 }) / 50).toBeLessThanOrEqual(0.4);
  });
  test('a lane that is paused is at most 0.20 USD', () => {
    expect(dollarsOf(restingItems(figures))).toBeLessThanOrEqual(0.2);
    expect(dollarsOf(restingItems(figures, 2))).toBeLessThanOrEqual(0.2);
  });
  test('the looks at one that is asleep are at most 0.20 USD; its alarm is ten cents besides', () => {
    const items = sleepingItems(figures);
    expect(dollarsOf(items.filter(({ price }) => price !== 'alarm'))).toBeLessThanOrEqual(0.2);
    expect(dollarsOf(items.filter(({ price }) => price === 'alarm'))).toBeCloseTo(0.1, 10);
    const { asleep, asleepWritten } = figures.lanes.find(({ load }) => load === 'idle') ?? {};
    expect(asleep).toMatchObject({
      ticks: 1,
      invocations: { lease: 1, collect: 1, decide: 1 },
      log: { lines: 0 },
    });
    expect(asleep?.calls).not.toHaveProperty('s3:PutObject');
    expect(asleepWritten).toMatchObject({
      ticks: 1,
      invocations: { lease: 2 },
      calls: { 's3:PutObject': 2 },
    });
  });
  test('the alarms of a lane are 0.60 USD besides, of two lanes twice as much', () => {
    expect(dollarsOf(alarmItems(figures, 1))).toBeCloseTo(0.6, 10);
    expect(dollarsOf(alarmItems(figures, 50))).toBeCloseTo(0.6, 10);
    expect(dollarsOf(alarmItems(figures, 200))).toBeCloseTo(1.2, 10);
  });
  test('seconds, services, changes and slow answers all cost something', () => {
    const usual = dollars({ services: 1, interval: 5 });
    expect(dollars({ services: 1, interval: 2 })).toBeGreaterThan(usual);
    expect(dollars({ services: 1, interval: 60 })).toBeLessThan(usual);
    expect(dollars({ services: 10, interval: 5 })).toBeGreaterThan(usual);
    expect(dollars({ services: 1, interval: 5, changes: 60 })).toBeGreaterThan(usual);
    expect(dollars({ services: 1, interval: 5, slowness: 2 })).toBeGreaterThan(usual);
  });
});

describe('what was counted', () => {
  test('a tick is one collect and one decide, and nothing is logged for it but its place in the line', () => {
    for (const size of [1, 10, 50, 100]) {
      const { perTick, perExecution } = ratesFor(figures, size);
      expect(perTick).toMatchObject({ 'invoke:collect': 1, 'invoke:decide': 1, 's3:PutObject': 0 });
      expect(perTick['sqs:GetQueueAttributes']).toBe(size);
      expect(perTick['log:lines']).toBe(0);
      expect(perExecution).toMatchObject({ 'invoke:lease': 1, 's3:PutObject': 1, 'log:lines': 1 });
    }
  });
  test('the lanes are those that services are split over', () => {
    for (const [services, sizes] of Object.entries(laneSizes)) {
      const all = Array.from({ length: Number(services) }, (_, nth) => ({
        config: { cluster: 'shop', service: `orders-worker-${nth}` },
        arn: `arn:aws:ecs:us-east-1:000000000000:service/shop/orders-worker-${nth}`,
      }));
      expect(splitIntoLanes('default', all).map((lane) => lane.services.length)).toEqual(sizes);
    }
  });
  test('the stack is deployed as it was then', () => {
    for (const services of [1, 50])
      expect(deployedFor(services)).toMatchObject({
        ...figures.deployed[services],
        definition: expect.anything(),
      });
  });
});

describe('beside the others', () => {
  test('every peer of the scaling bench has a price or a reason, and nobody else has', () => {
    expect(peerCosts.map(({ peer }) => peer).sort()).toEqual(peers.map(({ name }) => name).sort());
    for (const { why, source } of peerCosts) expect(why.length * source.length).toBeGreaterThan(0);
  });
  test('by name', () => {
    const one = { services: 1, interval: 5 };
    expect(scalerDollars('aws-fargate-fast-autoscaler', one).dollars).toBeCloseTo(86.3, 10);
    expect(scalerDollars('Serverless ECS Scaler', { ...one, services: 10 }).dollars).toBeCloseTo(8.6, 10);
    expect(scalerDollars('AWS target tracking, CPU 60 s', one).dollars).toBeCloseTo(0.2, 10);
    expect(scalerDollars('KEDA + HPA', one)).toMatchObject({ dollars: undefined });
    expect(scalerDollars('queueDelay', one).dollars).toBeCloseTo(
      dollarsOf(itemsFor(countedFigures(), one)),
      10,
    );
  });
});
