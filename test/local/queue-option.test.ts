/** `--queue` and `--stop-queue`, as a person gives them. */
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { messageOf } from '../../lambdas/contract/errors.ts';
import type { LoopEvent } from '../../local/events.ts';
import { freePort } from '../servers/port.ts';
import { startRedis } from '../servers/redis.ts';
import { START_LIMIT_MS } from '../servers/server.ts';
import { eventsNamed, of, type Run, run } from './command.ts';

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
  writeFileSync(file, JSON.stringify({ loop: { interval: 2 }, services: [service] }));
  return file;
};

const SQS = { type: 'sqs', queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders' };

const REDIS = { type: 'redis', host: '127.0.0.1', queueKey: 'orders', processingKey: 'at work' };

/** Not one `in` while the queue is away, and seen again afterwards. */
const bearsTheOutage = ({ code, events, errors }: Run) => {
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  const at = (name: LoopEvent['event']) =>
    events.findIndex((event) => event.kind === 'event' && event.event === name);
  expect(of(events.slice(0, at('queue-stopped')), 'decision').map(({ direction }) => direction)).toContain(
    'out',
  );
  const away = of(events.slice(at('queue-stopped'), at('source-known')), 'decision');
  expect(away.filter(({ reading }) => !reading.known).length).toBeGreaterThan(0);
  expect(away.slice(0, -1).filter(({ direction }) => direction === 'in')).toEqual([]);
  expect(at('queue-started')).toBeGreaterThan(at('queue-stopped'));
  expect(eventsNamed(events, 'source-unknown')).toHaveLength(1);
  expect(eventsNamed(events, 'source-known')).toHaveLength(1);
  expect(of(events, 'decision').at(-1)?.reading.known).toBe(true);
};

const outage = ['--seconds', '16', '--start-up', '1', '--burst', '90@1', '--stop-queue', '4@6'];
const short = ['--queue', 'redis', '--seconds', '9', '--burst', '300@1'];

const refuses = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  const refused = await once(socket, 'connect').then(
    () => false,
    (thrown: unknown) => messageOf(thrown).includes('ECONNREFUSED'),
  );
  socket.destroy();
  return refused;
};

describe('runs', () => {
  const variables = {
    ECS_CLUSTER: 'prod',
    SERVICE_NAME: 'mailer',
    QUEUE_TYPE: 'redis',
    REDIS_HOST: '127.0.0.1',
    REDIS_PASSWORD: 'geheim',
    REDIS_QUEUE_KEY: 'mail',
    MIN_TASKS: '1',
  };
  let up: Awaited<ReturnType<typeof startRedis>>;
  let port: number;
  let runs: { readonly [name in 'onSqs' | 'onRedis' | 'onOneThatIsUp' | 'alone']: Run };

  beforeAll(async () => {
    up = await startRedis({ password: 'geheim' });
    port = await freePort();
    const redis = configured({ ...REDIS, port, password: '%(QUEUE_PASSWORD)' });
    const [onSqs, onRedis, onOneThatIsUp, alone] = await Promise.all([
      run(['--queue', 'sqs', '--config', configured(SQS), ...outage]),
      run(['--queue', 'redis', '--config', redis, ...outage], { QUEUE_PASSWORD: 'geheim' }),
      run(short, { ...variables, REDIS_PORT: String(up.address.port) }),
      run(short),
    ]);
    runs = { onSqs, onRedis, onOneThatIsUp, alone };
  }, START_LIMIT_MS);
  afterAll(() => up?.close());

  test('--queue sqs through an outage: unknown, never an "in", and on it goes', () =>
    bearsTheOutage(runs.onSqs));

  test('--queue redis starts a server where the configuration says, with its password, and ends it', async () => {
    bearsTheOutage(runs.onRedis);
    expect(JSON.stringify(runs.onRedis.events)).not.toContain('geheim');
    expect(await refuses(port)).toBe(true);
  });

  test("with fast-autoscaler's variables, on a server that is up", async () => {
    const { code, events, errors } = runs.onOneThatIsUp;
    expect(code).toBe(0);
    expect(errors).toMatch(
      new RegExp(
        `^read as fast-autoscaler: .*\n--queue: 127.0.0.1:${up.address.port} is up and used as it is.*\n$`,
      ),
    );
    expect(of(events, 'outcome')[0]).toMatchObject({
      cluster: 'prod',
      service: 'mailer',
      direction: 'out',
      applied: true,
    });
    expect(Math.max(...of(events, 'world').map(({ backlog }) => backlog ?? 0))).toBeGreaterThan(200);
    expect(await refuses(up.address.port)).toBe(false);
  });

  test('alone: the demo, on a server of its own', () => {
    const { code, events, errors } = runs.alone;
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(of(events, 'decision').map(({ direction }) => direction)).toContain('out');
    expect(of(events, 'world').map(({ inFlight }) => inFlight)).toContain(1);
  });

  test('without --queue nothing is sent to a server that a configuration names', async () => {
    const file = configured({ ...REDIS, port: up.address.port });
    const { code, events, errors } = await run(['--config', file, '--seconds', '3', '--burst', '5@1']);
    expect(code).toBe(0);
    expect(errors).toContain('--queue redis makes one');
    expect(new Set(of(events, 'world').map(({ backlog }) => backlog))).toEqual(new Set([null]));
  }, 30_000);

  test('a server that is up is not stopped', async () => {
    const file = configured({ ...REDIS, port: up.address.port });
    const { code, errors } = await run(['--queue', 'redis', '--config', file, '--stop-queue', '1@1']);
    expect(code).toBe(1);
    expect(errors).toContain('was up before, so it is not ours to stop');
  }, 30_000);
});

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

  test('several kinds without a configuration, or one of them that it does not have', async () => {
    const several = ['--queue', 'sqs', '--queue', 'redis'];
    expect(await refused(several)).toContain('--queue of several kinds needs a configuration');
    const errors = await refused([...several, '--config', configured(SQS)]);
    expect(errors).toMatch(/--queue: is redis, but the configuration has sources of type sqs only/);
  }, 20_000);

  test('another kind than the configuration has', async () => {
    expect(await refused(['--queue', 'redis', '--config', configured(SQS)])).toMatch(
      /--queue: is redis, but the configuration has sources of type sqs only/,
    );
    const variables = { ECS_CLUSTER: 'a', SERVICE_NAME: 'b', SQS_QUEUE_URL: SQS.queueUrl };
    expect(await refused(['--queue', 'redis'], variables)).toMatch(/is redis, but .* type sqs only/);
  }, 20_000);

  test('a server elsewhere', async () => {
    expect(
      await refused(['--queue', 'redis', '--config', configured({ ...REDIS, host: 'redis.internal' })]),
    ).toMatch(/redis server must be on this machine, not at redis.internal:6379/);
  }, 20_000);

  test('a queue of this machine with AWS itself', async () => {
    for (const option of ['--queue=sqs', '--stop-queue=1@1', '--burst=1@1'])
      expect(await refused(['--aws', option])).toContain(option.split('=')[0]);
  }, 20_000);
});
