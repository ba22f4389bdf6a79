/** Tuning: the cheapest that keeps the target, and nothing said that is not so. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { parseConfig } from '../../../lambdas/contract/parse.ts';
import { policySchema } from '../../../lambdas/contract/policies.ts';
import type { Case } from '../../../local/replay/loads.ts';
import { configured } from '../../../local/replay/tune/candidates.ts';
import { gridOf } from '../../../local/replay/tune/grids.ts';
import { pasted, tunedPlot, tunedReport } from '../../../local/replay/tune/report.ts';
import { paretoFront, tune } from '../../../local/replay/tune/tune.ts';
import { all, elementsOf } from '../plots/markup.ts';
import { plantOf, traceOf } from '../simulation/loads.ts';

const KEY = 'shop/orders-worker';
const source = { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' };
const raw = (given: object) => ({
  services: [{ cluster: 'shop', service: 'orders-worker', tasks: { min: 0, max: 40 }, source, ...given }],
});
/** 3.5 tasks are busy for ten minutes: four can do it and three can't. */
const steady = traceOf(
  Array.from({ length: 2100 }, (_, nth) => [(nth + 0.5) / 3.5, 1]),
  600,
);
const tuned = async (given: object, target = 20, allowed = 0.001) => {
  const file = configured(raw(given), KEY);
  const { service } = file;
  const asked: Case = {
    ...{ key: KEY, service, trace: steady, plant: plantOf({ tasks: service.tasks, running: 4 }) },
    ...{ sight: 'counters', said: [] },
  };
  const told: number[] = [];
  const found = await tune(
    asked,
    { interval: 5, seed: 1, target },
    {
      ...{ configured: file, known: { target, work: 1, startUp: 5 }, allowed },
      tell: (done, of) => told.push(done / of),
    },
  );
  return { found, told };
};

test('of fixed counts the four that the load needs, not three and not six', async () => {
  const { found, told } = await tuned({ policy: { type: 'presence', tasks: 8 } });
  expect(found.best.candidate.service.policy).toMatchObject({ type: 'presence', tasks: 4 });
  expect(found.isMet).toBe(true);
  expect(told.at(-1)).toBe(1);
  expect(parse(pasted(found))).toMatchObject({ policy: { type: 'presence', tasks: 4 } });
  expect(tunedReport(KEY, found, 20, 0.001)).toMatch(
    /The cheapest of \d+ with at most 0\.1 % of the messages over 20 s: 4\d?.*% cheaper/,
  );
});

test('nothing that was tried and keeps the target is cheaper, and what is pasted is what was best', async () => {
  const { found } = await tuned({ policy: { type: 'target', backlogPerTask: 2 }, cooldown: { out: '5s' } });
  for (const { late, taskSeconds } of found.all)
    if (late <= 0.001) expect(taskSeconds).toBeGreaterThanOrEqual(found.best.taskSeconds);
  const service = { ...raw({}).services[0], ...parse(pasted(found)) };
  const [read] = parseConfig({ services: [service] }, sourceSchema).services;
  expect(read).toMatchObject({ policy: found.best.candidate.service.policy, cooldown: { out: 5 } });
  const plot = elementsOf(tunedPlot(KEY, found, 20, 0.001));
  expect(all(plot, 'path', 'point').length).toBeGreaterThanOrEqual(found.all.length);
  expect(all(plot, 'text').map(({ text }) => text)).toEqual(
    expect.arrayContaining(['best', 'as configured', 'allowed: 0.1 %']),
  );
});

test('where nobody keeps the target that is said, with the nearest', async () => {
  const { found } = await tuned({ policy: { type: 'presence', tasks: 2 }, tasks: { min: 0, max: 3 } });
  expect(found.isMet).toBe(false);
  expect(found.best.late).toBe(Math.min(...found.all.map(({ late }) => late)));
  expect(tunedReport(KEY, found, 20, 0.001)).toMatch(
    /None of \d+ keeps at most 0\.1 % .* the nearest is \d+/,
  );
});

test('of several policies each is tuned, by its place', async () => {
  const policies = [
    { type: 'presence', tasks: 8, name: 'least' },
    { type: 'formula', tasks: 'backlog / 10' },
  ];
  const { found } = await tuned({ policies });
  expect(found.best.taskSeconds).toBeLessThan(found.configured.taskSeconds);
  expect(found.best.candidate.said).toMatch(/^least: tasks \d, emptyFor \S+, formula: tasks /);
  const [least, formula] = found.best.candidate.raw['policies'] as readonly { readonly tasks: unknown }[];
  expect(least).toMatchObject({ type: 'presence', name: 'least' });
  expect(Number(least?.tasks)).toBeLessThan(8);
  expect(formula).toMatchObject({ type: 'formula', tasks: expect.stringContaining('backlog / 10') });
});

describe('the grid', () => {
  test.each([
    { type: 'queueDelay' },
    { type: 'target', backlogPerTask: 5 },
    { type: 'panic', target: 0.7 },
    { type: 'threshold' },
    { type: 'value', metric: 'inFlight / running', target: 0.7 },
    {
      type: 'steps',
      steps: [
        { atLeast: 0, tasks: 0 },
        { atLeast: 10, change: 3 },
      ],
    },
    {
      type: 'rules',
      events: [
        { metric: 'visible', min: 100, action: 10 },
        { metric: 'visible', max: 0, action: -1 },
      ],
    },
    { type: 'presence' },
    { type: 'forecast' },
    { type: 'formula', tasks: 'sqrt(backlog)' },
  ])('of $type has only what its schema takes, and more than one of each', (given) => {
    const policy = policySchema.parse(given);
    const grid = gridOf(policy as never, { target: 30, work: 1.7, startUp: 23 });
    for (const axis of grid) {
      expect(new Set(axis.map((choice) => JSON.stringify(choice))).size).toBe(axis.length);
      expect(axis.length).toBeGreaterThan(1);
      for (const choice of axis) expect(() => policySchema.parse({ ...given, ...choice })).not.toThrow();
    }
    expect(grid.reduce((count, axis) => count * axis.length, 1)).toBeLessThanOrEqual(110);
  });
});

test('of the front nobody is beaten in cost and lateness, and everybody else is', () => {
  const tried = fc.record({
    taskSeconds: fc.nat({ max: 9 }),
    late: fc.nat({ max: 3 }),
    p99Wait: fc.nat({ max: 5 }),
  });
  type Tried = { readonly taskSeconds: number; readonly late: number; readonly p99Wait: number };
  const noLater = (a: Tried, b: Tried) => (a.late === b.late ? a.p99Wait <= b.p99Wait : a.late < b.late);
  const beats = (a: Tried, b: Tried) =>
    a.taskSeconds <= b.taskSeconds && noLater(a, b) && (a.taskSeconds < b.taskSeconds || !noLater(b, a));
  fc.assert(
    fc.property(fc.array(tried, { minLength: 1, maxLength: 30 }), (given) => {
      const front = paretoFront(given);
      for (const one of front) expect(given.some((other) => beats(other, one))).toBe(false);
      for (const other of given)
        expect(front.some((one) => one.taskSeconds <= other.taskSeconds && noLater(one, other))).toBe(true);
      expect(front.map(({ taskSeconds }) => taskSeconds)).toEqual(
        front.map(({ taskSeconds }) => taskSeconds).sort((a, b) => a - b),
      );
    }),
  );
});
