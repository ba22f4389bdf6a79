/** `pulsescale check`: what a configuration means, with every default. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const file = join(mkdtempSync(join(tmpdir(), 'pulsescale-check-')), 'lane.yaml');
const check = (services: string) => {
  writeFileSync(file, `services:\n${services}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['local/cli.ts', 'check', file], {
    encoding: 'utf8',
  });
  return { status, said: status === 0 ? stdout : stderr, warned: stderr };
};

const source = '{ type: sqs, queueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/orders" }';

test('says what each service does and is given, defaults included', () => {
  const { status, said } = check(`
  - { cluster: shop, service: mails, tasks: { max: 40 }, source: ${source}, disableScaleIn: true }
  - cluster: shop
    service: orders-worker
    tasks: { min: 1, max: 40 }
    source: ${source}
    policies: [{ type: target, backlogPerTask: 15 }, { type: formula, tasks: target * 2 }]
    limits: { out: [{ tasks: 4, per: 1m }] }
    schedule:
      - { start: "0 8 * * MON-FRI", end: "0 18 * * MON-FRI", timezone: Europe/Berlin, min: 10 }
      - { start: "0 20 * * *", end: "0 6 * * *", max: 5 }
    pause: { at: 3 }
    dryRun: true
`);
  expect(status).toBe(0);
  expect(said.split('\n').filter((line) => !/policy|- { type/.test(line))).toEqual([
    `${file} is right: lane default, a tick every 5 s. Durations below are seconds.`,
    '  shop/mails: 0 to 40 tasks, queueDelay on sqs, scale-in off',
    '    cooldown: { out: 0, in: 0, priorityOverride: false }',
    '  shop/orders-worker: 1 to 40 tasks, target + formula on sqs, paused, a dry run',
    '    combine: max',
    '    policies:',
    '    cooldown: { out: 0, in: 120, priorityOverride: false }',
    '    limits: { out: [ { tasks: 4, per: 60 } ] }',
    '    schedule:',
    '      - { start: 0 8 * * MON-FRI, end: 0 18 * * MON-FRI, timezone: Europe/Berlin, min: 10 }',
    '      - { start: 0 20 * * *, end: 0 6 * * *, timezone: UTC, max: 5 }',
    '    pause: { at: 3 }',
    '    dryRun: true',
    '',
  ]);
  expect(said).toContain('      - { type: target, backlogPerTask: 15, count: visible+inFlight,');
});

test('says every problem with a schedule, its place and what to do', () => {
  const { status, said } = check(`
  - cluster: shop
    service: orders-worker
    tasks: { max: 40 }
    source: ${source}
    schedule: [{ start: "0 25 * * *", end: "0 18 * * *", timezone: Berlin }]
`);
  expect(status).toBe(1);
  expect(said).toContain(
    'schedule[0].start: expected cron whose hour is * or of 0 to 23, in lists (1,3), ranges (1-5) and steps (*/2 or 1-5/2), got "0 25 * * *"',
  );
  expect(said).toContain('timezone: expected an IANA time zone like "Europe/Berlin" or "UTC", got "Berlin"');
  expect(said).toContain('schedule[0]: give a window min, max or both');
});

test('says what services share, which hosts follow them, and what wakes them', () => {
  const { status, said } = check(`
  - { cluster: shop, service: mails }
  - { cluster: shop, service: pay, tasks: { max: 8 }, idle: { after: 10m } }
  - { cluster: yard, service: pack, source: { type: redis, host: cache, queueKey: pack } }
defaults: { tasks: { max: 40 }, idle: { after: 5m }, source: ${source} }
clusters:
  - { cluster: yard, capacity: { autoScalingGroup: yard-hosts, max: 9, cpuBuffer: 512 } }
groups:
  - { services: [shop/*, yard/pack], maxTotalTasks: 50, priority: [yard/pack, shop/pay] }
`);
  expect(status).toBe(0);
  const lines = said.split('\n');
  expect(lines.slice(lines.findIndex((line) => line.includes('budget')))).toEqual([
    '  a budget of 50 tasks for 3 services: yard/pack before shop/pay before shop/mails',
    "  yard: hosts of yard-hosts, the group's own minimum to 9",
    '    cpuBuffer: 512',
    '    memoryBuffer: 0',
    '    disableScaleIn: false',
    expect.stringMatching(/^ {2}The lane sleeps when all of these are idle; a look once a minute wakes it/),
    '    shop/mails: after 300 s; AWS/SQS ApproximateNumberOfMessagesVisible (QueueName orders)',
    '    shop/pay: after 600 s; AWS/SQS ApproximateNumberOfMessagesVisible (QueueName orders)',
    '    yard/pack: after 300 s; none for redis',
    '',
  ]);
  expect(lines).toContain('    idle: { after: 600 }');
});

test('of a lane that never sleeps it says who keeps it awake, and where', () => {
  const { status, said, warned } = check(`
  - { cluster: shop, service: mails, tasks: { max: 3 }, source: ${source}, idle: { after: 5m } }
  - { cluster: shop, service: pay, tasks: { max: 8 }, source: ${source} }
`);
  expect(status).toBe(0);
  expect(said).not.toContain('sleeps');
  expect(warned).toBe(
    `warning: ${file}:4:5 services[1].idle: shop/pay has none and others do, so its lane never sleeps\n`,
  );
});
