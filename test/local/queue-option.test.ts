/** `--queue` and `--stop-queue`, as a person gives them. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { eventsNamed, of, run } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'pulsescale-queue-'));

const configured = (source: object) => {
  const file = join(folder, `${Math.random()}.json`);
  const service = {
    cluster: 'shop',
    service: 'orders-worker',
    tasks: { min: 1, max: 12 },
    source,
    policy: { type: 'target', backlogPerTask: 5 },
    cooldown: { in: 1 },
  };
  writeFileSync(file, JSON.stringify({ loop: { interval: 1 }, services: [service] }));
  return file;
};

const SQS = { type: 'sqs', queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders' };

test('--queue sqs through an outage: unknown, never an "in", and on it goes', async () => {
  const args = ['--queue', 'sqs', '--config', configured(SQS), '--seconds', '13', '--start-up', '1'];
  const { code, events, errors } = await run([...args, '--burst', '60@1', '--stop-queue', '4@4']);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(of(events, 'decision').some(({ direction }) => direction === 'out')).toBe(true);
  const [stopped] = eventsNamed(events, 'queue-stopped');
  const [started] = eventsNamed(events, 'queue-started');
  expect(eventsNamed(events, 'source-unknown')).toHaveLength(1);
  expect(eventsNamed(events, 'source-known')).toHaveLength(1);
  const inOutage = events.slice(events.indexOf(stopped as never), events.indexOf(started as never));
  expect(of(inOutage, 'decision').filter(({ reading }) => !reading.known).length).toBeGreaterThan(0);
  expect(of(inOutage, 'decision').filter(({ direction }) => direction === 'in')).toEqual([]);
  expect(of(events, 'decision').at(-1)?.reading.known).toBe(true);
}, 60_000);

describe('what does not go together is said before anything starts', () => {
  const refused = async (args: readonly string[], env: Record<string, string> = {}) => {
    const { code, events, errors } = await run([...args, '--seconds', '1'], env);
    expect({ code, events }).toEqual({ code: 1, events: [] });
    expect(errors).not.toMatch(/\n\s+at /);
    return errors;
  };

  test('a kind that there is not, an outage that is none', async () => {
    const errors = await refused(['--queue', 'zeromq']);
    for (const kind of ['zeromq', 'sqs', 'redis']) expect(errors).toContain(kind);
    expect(await refused(['--stop-queue', 'now'])).toContain('20@30');
  }, 20_000);

  test('another kind than the configuration has', async () => {
    expect(await refused(['--queue', 'redis', '--config', configured(SQS)])).toMatch(
      /--queue: is redis, but the configuration has sources of type sqs only/,
    );
    const variables = { ECS_CLUSTER: 'a', SERVICE_NAME: 'b', SQS_QUEUE_URL: SQS.queueUrl };
    expect(await refused(['--queue', 'redis'], variables)).toMatch(/is redis, but .* type sqs only/);
  }, 20_000);

  test('a queue of this machine with AWS itself', async () => {
    for (const option of ['--queue=sqs', '--stop-queue=1@1', '--burst=1@1'])
      expect(await refused(['--aws', option])).toContain(option.split('=')[0]);
  }, 20_000);
});
