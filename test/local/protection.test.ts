/** A long message through a scale-in, as a person runs it: without protection and with it, side by side. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { eventsNamed, of, type Run, run } from './command.ts';

const MESSAGES = 3;

/** Counts only what waits, so that it scales in as soon as most messages are in work: what many a rule does. */
const config = (): string => {
  const service = {
    cluster: 'shop',
    service: 'render',
    tasks: { min: 0, max: 4 },
    source: { type: 'sqs', queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/render' },
    policy: { type: 'target', backlogPerTask: 1, count: 'visible' },
    cooldown: { in: 1 },
    emptyFor: 0,
  };
  const file = join(mkdtempSync(join(tmpdir(), 'pulsescale-protection-')), 'long.json');
  writeFileSync(file, JSON.stringify({ loop: { interval: 1 }, services: [service] }));
  return file;
};

let bare: Run;
let safe: Run;

beforeAll(async () => {
  const file = config();
  // A message takes 4 s and is out of sight for 6 s, a task is killed 1 s after it was told to stop.
  const args = ['--config', file, '--seconds', '16', '--burst', `${MESSAGES}@1`];
  const slow = ['--work', '4', '--stop-timeout', '1', '--start-up', '0.5'];
  [bare, safe] = await Promise.all([run([...args, ...slow]), run([...args, ...slow, '--protect'])]);
}, 60_000);

const scaleIns = ({ events }: Run) => of(events, 'outcome').filter(({ direction }) => direction === 'in');

test('both scale in while the messages are in work', () => {
  for (const each of [bare, safe]) {
    expect(each).toMatchObject({ code: 0, errors: '' });
    const [first] = scaleIns(each);
    expect(first).toMatchObject({ applied: true, reading: { known: true } });
    expect(first?.reading).not.toMatchObject({ inFlight: 0 });
  }
});

test('unprotected, a task is killed with its message in work, and the queue delivers that again', () => {
  const killed = eventsNamed(bare.events, 'killed');
  expect(killed.length).toBeGreaterThan(0);
  expect(killed[0]?.message).toMatch(/^shop\/render: task \w+ was killed with a message in work, 1 s after/);
  const [again] = eventsNamed(bare.events, 'redelivered');
  expect(again?.t).toBeGreaterThan(killed[0]?.t ?? Number.POSITIVE_INFINITY);
});

test('protected, every message is finished by the task that began it, and then the scale-in is', () => {
  expect(eventsNamed(safe.events, 'killed')).toEqual([]);
  expect(eventsNamed(safe.events, 'redelivered')).toEqual([]);
  const world = of(safe.events, 'world');
  // They run on above the desired count, which is what decisions are based on.
  const above = world.filter(({ running, desired, inFlight }) => running > desired && (inFlight ?? 0) > 0);
  expect(above.length).toBeGreaterThan(0);
  expect(Math.max(...world.map(({ backlog }) => backlog ?? 0))).toBe(MESSAGES);
  expect(world.at(-1)).toMatchObject({ backlog: 0, inFlight: 0, desired: 0, running: 0 });
});
