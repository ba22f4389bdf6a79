/** The arithmetic of ../shared/facts/aws.md, done again with the price table. */
import { expect, test } from '@jest/globals';
import { dollarsOf, type Item, partsOf } from '../../../bench/cost/bill.ts';
import { billedMs } from '../../../bench/cost/durations.ts';
import { standardLoop } from '../../../bench/cost/peers.ts';
import { MONTH_SECONDS } from '../../../bench/cost/prices.ts';

test('(a): the old Standard loop, every 3 s with 4 transitions, is 86.30 USD', () => {
  // 2,592,000 / 3 × 4 = 3,456,000, less 4,000, × 0.000025.
  expect(dollarsOf(standardLoop(3, 4))).toBeCloseTo(86.3, 10);
  // 3,141,818 transitions at 3.3 s are 78.55 gross; the free ones are worth 10 cents.
  expect(dollarsOf(standardLoop(3.3, 4))).toBeCloseTo(78.55 - 0.1, 2);
});

test('(b): an Express loop, every 5 s with three functions of 128 MB and 40 ms', () => {
  const ticks = MONTH_SECONDS / 5;
  const express: Item[] = [
    { what: 'duration', price: 'expressGbHour', units: (MONTH_SECONDS * 64) / 1024 / 3600 },
    { what: 'requests', price: 'expressRequest', units: MONTH_SECONDS / 290 },
  ];
  const lambda: Item[] = [
    { what: 'Lambda', price: 'lambdaRequest', units: 3 * ticks },
    { what: 'Lambda', price: 'lambdaGbSecond', units: 3 * ticks * 0.04 * 0.125 },
  ];
  expect(dollarsOf(express)).toBeCloseTo(2.7 + 0.009, 3);
  expect(dollarsOf(lambda)).toBeCloseTo(0.311 + 0.104, 3);
  expect(dollarsOf([...express, ...lambda])).toBeCloseTo(3.12, 2);
  expect(dollarsOf([...express, ...lambda], true)).toBeCloseTo(2.82, 2);
  expect(partsOf([...express, ...lambda]).map(([what]) => what)).toEqual(['duration', 'Lambda', 'requests']);
});

test('(c): its neighbours, once a tick of 5 s', () => {
  const each = (price: Item['price']): number => dollarsOf([{ what: 'x', price, units: MONTH_SECONDS / 5 }]);
  expect(each('s3Put')).toBeCloseTo(2.59, 2);
  expect(each('s3Get')).toBeCloseTo(0.21, 2);
  expect(each('sqsRequest')).toBeCloseTo(0.21, 2);
  expect(each('metricRequest')).toBeCloseTo(5.18, 2);
});

test('(d): fifty machines reach the second tier: 60 USD and 37.50', () => {
  expect(dollarsOf([{ what: 'x', price: 'expressGbHour', units: 50 * 45 }])).toBeCloseTo(97.5, 10);
});

test('what a function is billed for: its rounds of calls, and its CPU at its share of a core', () => {
  const collect = { room: 'collect', services: 50, memory: 512, slowness: 1 } as const;
  // 40 ms, and (2 + 50 × 0.4) ms × 1.5 × 1769 / 512.
  expect(billedMs(collect)).toBe(Math.ceil(40 + 22 * 1.5 * (1769 / 512)));
  expect(billedMs({ ...collect, slowness: 2 })).toBe(billedMs(collect) + 40);
  // Decide waits for nobody.
  const decide = { room: 'decide', services: 1, memory: 128 } as const;
  expect(billedMs({ ...decide, slowness: 2 })).toBe(billedMs({ ...decide, slowness: 1 }));
});
