/** The main job, as a person runs it: the command in a process of its own, a burst of real messages, its JSON lines. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Decision } from '../../lambdas/contract/records.ts';
import type { WorldEvent } from '../../local/events.ts';
import { eventsNamed, of, type Run, run } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'pulsescale-run-'));

const config = (policy: object = { type: 'target', backlogPerTask: 5 }) => {
  const file = join(folder, `${Math.random()}.json`);
  const services = [
    {
      cluster: 'shop',
      service: 'orders-worker',
      tasks: { min: 0, max: 12 },
      source: { type: 'sqs', queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders' },
      policy,
      cooldown: { in: 4 },
      // A minute is what SQS needs, and longer than this test.
      emptyFor: 0,
    },
  ];
  writeFileSync(file, JSON.stringify({ loop: { name: 'test', interval: 2, executionLength: 8 }, services }));
  return file;
};

/** Seconds between the ticks. */
const gaps = (decisions: readonly Decision[]) =>
  decisions
    .slice(1)
    .map(({ at }, index) => Math.round((Date.parse(at) - Date.parse(decisions[index]?.at ?? at)) / 1000));

const common = (file: string) => [
  '--config',
  file,
  '--seconds',
  '26',
  '--burst',
  '60@3',
  '--start-up',
  '2',
  '--work',
  '0.5',
];

describe('a burst of real messages', () => {
  let free: Run;
  let held: Run;
  beforeAll(async () => {
    [free, held] = await Promise.all([
      run(common(config())),
      run(common(config()), { DISABLE_SCALE_IN: 'yes' }),
    ]);
  }, 60_000);

  test('ends with exit code 0 after the seconds it was given, and writes nothing but JSON lines', () => {
    expect(free).toMatchObject({ code: 0, errors: '' });
    expect(eventsNamed(free.events, 'stopped')).toHaveLength(1);
  });

  test('scales out within two ticks, says so to a real subscriber, the tasks start and the backlog drains', () => {
    const { events } = free;
    const burst = events.findIndex((event) => event.kind === 'event' && event.event === 'burst');
    const later = events.slice(burst);
    const out = of(later, 'decision').findIndex(({ direction }) => direction === 'out');
    expect(out).toBeGreaterThanOrEqual(0);
    expect(out).toBeLessThan(2);
    const notices = of(later, 'notice');
    expect(notices[0]).toMatchObject({
      event: 'scale-out',
      cluster: 'shop',
      service: 'orders-worker',
      from: 0,
      lane: 'test',
    });
    expect(notices[0]?.subject).toMatch(/^Scale out: shop\/orders-worker 0 -> \d+$/);
    const world = of(later, 'world');
    expect(Math.max(...world.map(({ running }) => running))).toBe(notices[0]?.to);
    expect(world.at(-1)).toMatchObject({ backlog: 0, inFlight: 0 } satisfies Partial<WorldEvent>);
  });

  test('hands over without a missed tick', () => {
    expect(eventsNamed(free.events, 'hand-over').length).toBeGreaterThanOrEqual(2);
    // The first gap leads onto the grid, all others are the interval.
    expect(
      gaps(of(free.events, 'decision'))
        .slice(1)
        .filter((gap) => gap !== 2),
    ).toEqual([]);
    expect(new Set(of(free.events, 'decision').map(({ term }) => term)).size).toBeGreaterThanOrEqual(3);
  });

  test('scales in afterwards, and never with DISABLE_SCALE_IN=yes', () => {
    expect(
      of(free.events, 'outcome').filter(({ direction, applied }) => direction === 'in' && applied).length,
    ).toBeGreaterThan(0);
    expect(of(free.events, 'world').at(-1)).toMatchObject({ desired: 0 });
    expect(of(held.events, 'decision').filter(({ from, to }) => to < from)).toEqual([]);
    expect(of(held.events, 'decision').some(({ direction }) => direction === 'out')).toBe(true);
  });
});

describe('system A, unchanged', () => {
  const settings = {
    MIN_TASKS: '1',
    SCALE_UP_THRESHOLD: '20',
    SCALE_DOWN_THRESHOLD: '10',
    TASKS_PER_MESSAGE: '0.1',
  };
  test('its environment variables drive it', async () => {
    const env = {
      ECS_CLUSTER: 'prod',
      SERVICE_NAME: 'mailer',
      SQS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/1/mail',
      ...settings,
    };
    const { code, events } = await run(['--seconds', '9', '--burst', '50@1'], env);
    expect(code).toBe(0);
    const out = of(events, 'outcome').find(({ direction }) => direction === 'out');
    expect(out).toMatchObject({
      cluster: 'prod',
      service: 'mailer',
      from: 1,
      applied: true,
      reasons: [{ by: 'threshold' }],
    });
  }, 30_000);

  test('its payload drives it', async () => {
    const file = join(folder, 'payload.json');
    const payload = {
      queue_type: 'sqs',
      cluster_name: 'prod',
      service_name: 'mailer',
      min_tasks: 0,
      scale_up_threshold: 20,
      scale_down_threshold: 10,
      tasks_per_message: 0.1,
    };
    writeFileSync(
      file,
      JSON.stringify({
        config: { ...payload, queue_config: { queue_url: 'https://sqs.us-east-1.amazonaws.com/1/mail' } },
      }),
    );
    const { code, events } = await run(['--config', file, '--seconds', '9', '--burst', '50@1']);
    expect(code).toBe(0);
    expect(of(events, 'outcome')).toMatchObject([
      { cluster: 'prod', service: 'mailer', from: 0, to: 5, applied: true },
    ]);
  }, 30_000);
});

describe('bad input stops it before anything starts', () => {
  test('a wrong configuration: every problem at once, with its place', async () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(
      file,
      'loop: { intervall: 5s }\nservices:\n  - cluster: shop\n    tasks: { min: 5, max: two }\n    source: { type: sqz }\n',
    );
    const { code, events, errors } = await run(['--config', file]);
    expect(code).toBe(1);
    expect(events).toEqual([]);
    for (const part of [
      'wrong.yaml',
      'intervall',
      'interval',
      'services[0].service',
      'services[0].tasks.max',
      'sqz',
      'sqs',
    ]) {
      expect(errors).toContain(part);
    }
    expect(errors).not.toMatch(/\n\s+at /);
  }, 20_000);

  test('a file that is not there, a burst that is none', async () => {
    expect((await run(['--config', 'nowhere.yaml'])).errors).toContain('nowhere.yaml');
    expect((await run(['--burst', 'lots'])).errors).toContain('600@10');
  }, 20_000);
});
