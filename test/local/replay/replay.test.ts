/** `pulsescale replay` from its command line to what it prints, and that it is the simulation of the bench and nothing else. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { parseConfig } from '../../../lambdas/contract/parse.ts';
import type { Decision } from '../../../lambdas/contract/records.ts';
import { casesOf } from '../../../local/replay/loads.ts';
import { replayed } from '../../../local/replay/replayed.ts';
import { demandOf } from '../../../local/simulation/figures/demand.ts';
import { figuresOf } from '../../../local/simulation/figures/figures.ts';
import { ours } from '../../../local/simulation/ours.ts';
import { fargate } from '../../../local/simulation/plant.ts';
import { simulate } from '../../../local/simulation/simulate.ts';
import { readTrace } from '../../../local/simulation/trace-csv.ts';
import { tools } from '../../samples.ts';
import { all, elementsOf } from '../plots/markup.ts';
import { configuration, linesOf, story, tickLines, WORK } from './logs.ts';

const folder = mkdtempSync(join(tmpdir(), 'pulsescale-replay-'));
const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const replay = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['local/cli.ts', 'replay', ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout, stderr };
};

const source = { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' };
const written = (given: object = {}, service = 'orders-worker') => ({
  ...{
    cluster: 'shop',
    service,
    source,
    tasks: { min: 1, max: 40 },
    policy: { type: 'target', backlogPerTask: 4 },
  },
  ...given,
});
const raw = { services: [written()] };
const yaml = write('orders.yaml', stringify(raw));
const csv = write(
  'day.csv',
  [
    't,count',
    ...Array.from({ length: 60 }, (_, nth) => `${nth * 10},${nth > 20 && nth < 26 ? 200 : 30}`),
  ].join('\n'),
);

describe('a trace', () => {
  test('is what simulate makes of it with the same configuration', async () => {
    const config = parseConfig(raw, sourceSchema);
    const [asked] = casesOf(config, { trace: csv, startUp: 30, work: 2, seed: 3 }, () => undefined);
    if (asked === undefined) throw new Error('no case');
    const decisions: Decision[] = [];
    const { simulated, figures } = await replayed(
      asked,
      { interval: 5, seed: 3, target: 30 },
      asked.service,
      (each) => decisions.push(each),
    );

    const trace = readTrace(csv, { seed: 3, meanWork: 2 });
    const [service] = config.services;
    if (service === undefined) throw new Error('no service');
    const demand = demandOf(trace, service.tasks);
    const plant = { ...fargate, startUp: 30, tasks: service.tasks, running: demand[0] ?? 0 };
    const expected: Decision[] = [];
    const controller = ours({ service, tools, interval: 5, seed: 3, decided: (each) => expected.push(each) });
    const run = simulate(trace, plant, controller, 3);
    expect(simulated).toEqual(run);
    expect(decisions).toEqual(expected);
    expect(figures).toEqual(figuresOf(trace, plant, run, demand, { target: 30 }));
  });

  test('on the command line: a table for people, with --json every decision on stdout', () => {
    const args = ['--config', yaml, '--trace', csv, '--work', '2'];
    const { status, stdout } = replay(...args);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^shop\/orders-worker: 2,\d{3} messages in 10 min/);
    expect(stdout).toMatch(/waited over 30 s +[\d.]+ %/);

    const json = replay(...args, '--json', '--interval', '10');
    const decisions = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(decisions).toHaveLength(60);
    expect(decisions[1]).toMatchObject({ kind: 'decision', cluster: 'shop', at: '2026-11-22T12:00:10.000Z' });
    expect(json.stderr).toMatch(/task-seconds/);
    // What it prints is a log that it reads.
    const log = write('again.log', json.stdout);
    const again = replay('--config', yaml, '--decisions', log, '--work', '2');
    expect(again.stdout).toMatch(/this configuration +the log\n/);
  });
});

test('a log of the deployed loop: its own figures beside those of the configuration, and its picture', () => {
  const told = story();
  const log = write('loop.log', linesOf(tickLines(told)));
  const own = write('own.yaml', stringify({ services: [written(configuration)] }));
  const plot = join(folder, 'loop.svg');
  const { status, stdout, stderr } = replay(
    '--config',
    own,
    '--decisions',
    log,
    '--work',
    String(WORK),
    '--plot',
    plot,
  );
  expect(status).toBe(0);
  expect(stderr).toContain(`${told.ticks.length} ticks in 30 lines`);
  expect(stdout).toContain('a message is 1.5 s of work, as --work says');
  const row = (name: string) => new RegExp(`${name} +([\\d,.]+)\\D+([\\d,.]+)`).exec(stdout)?.slice(1) ?? [];
  const [seconds = 0, logged = 1] = row('task-seconds').map((text) => Number(text.replaceAll(',', '')));
  expect(Math.abs(seconds / logged - 1)).toBeLessThan(0.05);
  const names = all(elementsOf(readFileSync(plot, 'utf8')), 'text', 'name').map(({ text }) => text);
  expect(names).toEqual(['this configuration', 'the log']);
});

describe('several services', () => {
  const two = write('two.yaml', stringify({ services: [written(), written({}, 'mailer')] }));
  const [first] = story().ticks;
  const mails = { ...first?.decision, service: 'mailer' };
  const others = { ...first?.decision, service: 'stranger' };
  const log = write('two.log', linesOf([...story().ticks.map(({ decision }) => decision), mails, others]));

  const cases = (services: readonly object[], service?: string) => {
    const said: string[] = [];
    const asked = { decisions: log, startUp: 23, work: 1.5, seed: 1, service };
    const found = casesOf(parseConfig({ services }, sourceSchema), asked, (each) => said.push(each));
    return { keys: found.map(({ key }) => key), said: said.slice(1) };
  };
  test('one by name, and what is left out is told', () => {
    const both = [written(), written({}, 'mailer')];
    expect(cases(both, 'shop/orders-worker')).toEqual({ keys: ['shop/orders-worker'], said: [] });
    expect(cases([written(), written({}, 'unheard')])).toEqual({
      keys: ['shop/orders-worker'],
      said: [
        'not in the configuration, and left out: shop/mailer, shop/stranger',
        'not in the log, and left out: shop/unheard',
      ],
    });
  });
  test('a page has all of them', () => {
    const file = join(folder, 'two.html');
    expect(replay('--config', two, '--trace', csv, '--work', '1', '--plot', file).status).toBe(0);
    expect(readFileSync(file, 'utf8').match(/<h2>[^<]*/g)).toEqual([
      '<h2>shop/orders-worker',
      '<h2>shop/mailer',
    ]);
  });
});

test('a payload of fast-autoscaler is a configuration too, and tuning prints what to paste', () => {
  const payload = write(
    'old.json',
    JSON.stringify({
      ...{ queue_type: 'sqs', queue_config: { queue_url: source.queueUrl } },
      ...{ cluster_name: 'shop', service_name: 'orders-worker', min_tasks: 1, max_tasks: 40 },
    }),
  );
  const { status, stdout, stderr } = replay(
    '--config',
    payload,
    '--trace',
    csv,
    '--work',
    '1',
    '--tune',
    '--target',
    '40',
  );
  expect([status, stderr.match(/of \d+ configurations/)?.[0]]).toEqual([0, 'of 66 configurations']);
  expect(stdout).toMatch(/^ {2}policy:\n {4}type: threshold\n/m);
  expect(stdout).toMatch(/Runners-up.*Pareto front.*With these values.*tuned +as configured/s);
});

describe('an error names what is wrong and what to do', () => {
  test.each([
    [['--config', yaml], 'give the load as --trace FILE (a CSV) or as --decisions LOG, one of the two'],
    [
      ['--config', yaml, '--trace', csv, '--plot', 'day.png'],
      '--plot day.png: give a name that ends in .svg or .html',
    ],
    [['--config', yaml, '--trace', csv, '--tune', '--late', '7'], '"7" is not a share from 0 to 1'],
  ])('%j', (args, message) => {
    const { status, stdout, stderr } = replay(...args);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(existsSync('day.png')).toBe(false);
  });

  test.each([
    [
      { trace: csv },
      'day.csv: counts do not tell how long a message takes, so its mean seconds must be given; give --work SECONDS',
    ],
    [
      { trace: csv, service: 'shop/mailer' },
      '--service shop/mailer: the configuration has shop/orders-worker',
    ],
    [{ decisions: csv }, 'day.csv:1: no line is JSON in 61 lines, which begin with "t,count"; give the log'],
    [
      { decisions: write('other.log', linesOf([{ ...story().ticks[0]?.decision, service: 'x' }])) },
      'the log tells of shop/x, the configuration of shop/orders-worker; give the configuration of these services',
    ],
    [
      { decisions: write('single.log', linesOf([story().ticks[0]?.decision])) },
      'single.log: shop/orders-worker: the log has a single tick',
    ],
  ])('%j', (asked, message) => {
    const config = parseConfig(raw, sourceSchema);
    expect(() => casesOf(config, { startUp: 23, seed: 1, ...asked }, () => undefined)).toThrow(message);
  });
});
