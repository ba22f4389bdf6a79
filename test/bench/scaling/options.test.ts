/** The command line of the bench: what it makes of it, and what it says of what it can't do. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { askedFor } from '../../../bench/scaling/options.ts';
import { fullPlan, shortPlan } from '../../../bench/scaling/plan.ts';

const file = (name: string, text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'bench-')), name);
  writeFileSync(path, text);
  return path;
};

test('nothing: the short plan; --full: five seeds of all; neither is changed', () => {
  expect(askedFor([]).plan).toEqual(shortPlan);
  expect(askedFor(['--full']).plan).toEqual(fullPlan);
  expect(askedFor(['--tune']).plan.sweep).toMatchObject({ again: true, only: true });
});

test('whatever is less than the whole is written elsewhere', () => {
  for (const args of [
    ['--only', 'steady'],
    ['--seeds', '2'],
    ['--plants', '10'],
    ['--interval', '60'],
  ])
    expect(askedFor(['--full', ...args]).plan.name).toBe('partial');
});

test('--only: traces or contestants by a part of their names, the other sort as it was', () => {
  const traces = askedFor(['--only', 'AZURE-conv']).plan;
  expect(traces.loads.map(({ trace }) => trace)).toEqual(['azure-conv', 'azure-conv-long']);
  expect(traces.peers).toEqual(shortPlan.peers);
  const both = askedFor(['--only', 'steady', '--only', 'knative', '--only', 'panic']).plan;
  expect(both.loads.map(({ trace }) => trace)).toEqual(['steady']);
  expect(both.peers.map(({ name }) => name)).toEqual(['Knative KPA']);
  expect(both.entries.map(({ name }) => name)).toEqual(['panic']);
  expect(both.bounds).toEqual([]);
});

test('--plants, --seeds, --interval, --threads', () => {
  const { plan, threads } = askedFor([
    ...['--plants', '10,57.5', '--seeds', '3', '--interval', '60', '--threads', '1'],
  ]);
  expect(plan).toMatchObject({ startUps: [10, 57.5], seeds: 3, interval: 60 });
  expect(threads).toBe(1);
});

test.each([
  [
    ['--only', 'stedy'],
    '--only stedy: unknown trace or contestant "stedy", the nearest known one is "steady"',
  ],
  [['--seed', '3'], "unknown option '--seed'"],
  [['--seeds', '0'], '"0" is not a whole number of at least 1'],
  [['--plants', '23,soon'], '"soon" is not a start-up in seconds; write them like 23,57'],
  [['--interval', '1.5'], '"1.5" is not whole seconds'],
  [['--policy', 'nowhere.yaml'], 'nowhere.yaml: there is no such file; give the path of a YAML or JSON file'],
  [['full'], 'too many arguments'],
])('%j is refused with a reason', (args, message) => {
  expect(() => askedFor(args)).toThrow(message);
});

test('--trace and --policy: the main line and the peers beside it, nobody tuned', () => {
  const path = file('mine.yaml', 'type: target\nbacklogPerTask: 7\n');
  const { plan } = askedFor(['--trace', 'mine.csv', '--work', '2.5', '--policy', path]);
  expect(plan.loads).toEqual([{ trace: 'mine.csv', part: 'test', work: 2.5 }]);
  expect(plan.entries.map(({ name }) => name)).toEqual(['queueDelay']);
  expect(plan.sweep).toBeUndefined();
  expect(plan.own).toEqual({
    ...{
      name: 'mine.yaml',
      own: { service: { policy: { type: 'target', backlogPerTask: 7 } }, interval: 5 },
    },
  });
});

test('a policy may come as a service or as a whole configuration, whose names and source are left out', () => {
  const service = `cluster: shop\nservice: orders\nsource: { type: sqs, queueUrl: "https://sqs.eu-west-1.amazonaws.com/1/x" }\ntasks: { max: 9 }\npolicy: { type: queueDelay }\n`;
  const whole = `loop: { interval: 10s }\nservices:\n  - ${service.trim().replaceAll('\n', '\n    ')}\n`;
  const own = (text: string) => askedFor(['--policy', file('own.yaml', text)]).plan.own?.own;
  expect(own(service)).toEqual({
    ...{ service: { tasks: { max: 9 }, policy: { type: 'queueDelay' } }, interval: 5 },
  });
  expect(own(whole)).toEqual({ ...own(service), interval: 10 });
});

test('what is wrong in it is told', () => {
  expect(() => askedFor(['--policy', file('own.yaml', 'type: target\nbacklogPrTask: 7\n')])).toThrow(
    /unknown key "backlogPrTask", the nearest known one is "backlogPerTask"/,
  );
  expect(() => askedFor(['--policy', file('own.yaml', '- 1\n')])).toThrow(/expected a policy/);
});
