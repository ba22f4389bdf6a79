/** The log of the local runner: a line for each change, one for each execution with all of its ticks, and none for a hold. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { type Ticks, ticksSchema } from '../../lambdas/contract/history.ts';
import type { Decision } from '../../lambdas/contract/records.ts';
import { ticksOfService } from '../ticks.ts';
import { eventsNamed, of, type Run, run } from './command.ts';

const config = {
  loop: { name: 'logged', interval: 1, executionLength: 4 },
  services: [
    {
      ...{ cluster: 'shop', service: 'orders-worker', tasks: { min: 0, max: 12 } },
      source: { type: 'sqs', queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders' },
      policy: { type: 'target', backlogPerTask: 5 },
    },
    {
      ...{ cluster: 'shop', service: 'blind', tasks: { min: 3, max: 5 } },
      // Nobody listens there.
      source: { type: 'http', url: 'http://127.0.0.1:9/' },
      policy: { type: 'value', metric: 'value', target: 1 },
    },
  ],
};

interface Line {
  readonly level: string;
  readonly message: string;
  readonly ticks?: unknown;
}

let seen: Run;
let lines: readonly Line[];
let ticks: readonly Ticks[];

beforeAll(async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'pulsescale-ticks-')), 'config.json');
  writeFileSync(file, JSON.stringify(config));
  const burst = ['--burst', '60@3', '--start-up', '1', '--work', '0.5'];
  seen = await run(['--config', file, '--seconds', '11', ...burst], { LOG_LEVEL: 'INFO' });
  lines = seen.errors
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
  ticks = lines.filter(({ message }) => message === 'ticks').map((line) => ticksSchema.parse(line.ticks));
}, 60_000);

const isIn = ({ term }: Decision) => ticks.some((each) => each.term === term);

test('each execution but the last has one line, which the next one writes', () => {
  expect(ticks.length).toBeGreaterThanOrEqual(2);
  expect(ticks.map(({ term }) => term)).toEqual(ticks.map((_, nth) => nth + 1));
  // The runner may be stopped between a hand-over and the line.
  expect(eventsNamed(seen.events, 'hand-over').length - ticks.length).toBeLessThanOrEqual(1);
  expect(ticks.every(({ lane }) => lane === 'logged')).toBe(true);
});

test.each(['orders-worker', 'blind'])(
  'every decision about %s stands in it, with what was seen',
  (service) => {
    const decisions = of(seen.events, 'decision').filter((each) => each.service === service && isIn(each));
    const read = ticks.flatMap((each) => ticksOfService(each, `shop/${service}`));
    expect(decisions.length).toBeGreaterThanOrEqual(6);
    expect(read).toHaveLength(decisions.length);
    decisions.forEach(({ at, from, to, direction, reading }, nth) => {
      const tick = read[nth];
      expect(tick?.at).toBe(Math.round(Date.parse(at) / 1000));
      expect(tick).toMatchObject({ to, counts: { desired: from } });
      expect(Math.sign((tick?.to ?? 0) - (tick?.counts['desired'] ?? 0))).toBe(
        { out: 1, in: -1, hold: 0 }[direction],
      );
      const { visible, inFlight } = reading.known ? reading : {};
      expect(tick?.readings[0] ?? {}).toEqual(
        reading.known ? expect.objectContaining({ visible, inFlight }) : {},
      );
    });
  },
);

test('a hold has no line of its own', () => {
  const changes = of(seen.events, 'decision').filter(({ direction }) => direction !== 'hold');
  const holds = of(seen.events, 'decision').filter(({ direction }) => direction === 'hold');
  expect(changes.length).toBeGreaterThanOrEqual(1);
  expect(holds.length).toBeGreaterThan(5);
  const count = (message: string): number => lines.filter((line) => line.message === message).length;
  expect(count('decision')).toBe(changes.length);
  expect(count('applied')).toBe(changes.length);
  // Once when a service can no longer be seen, not at every tick.
  expect(count('unknown')).toBe(1);
  expect(new Set(lines.map(({ message }) => message))).toEqual(
    new Set(['decision', 'applied', 'ticks', 'unknown']),
  );
});
