/**
 * The configurations of four other scalers, as their documentations have them and unchanged, started as a person starts them: each scales
 * out within two ticks of a burst, and in afterwards. Their own short waits, a tick a second and quick tasks keep it short.
 */
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { variablesIn } from '../../lambdas/contract/dialects/variables.ts';
import type { Decision } from '../../lambdas/contract/records.ts';
import { settingOf } from '../../local/commands/setting.ts';
import { LOCAL } from '../../local/endpoints/aws.ts';
import type { RunnerEvent } from '../../local/events.ts';
import { startRunner } from '../../local/runner.ts';
import { fixture } from '../contract/dialects/written.ts';
import { basic, type JsonServer, startJsonServer } from '../endpoints/json-server.ts';
import { eventsNamed, of, type Run, run } from './command.ts';

/** `npm start`'s environment, as somebody who has such a file sets it. */
const variables = (file: string): Record<string, string> =>
  variablesIn(readFileSync(fixture(file), 'utf8')) as Record<string, string>;

const quick = ['--interval', '1', '--start-up', '1', '--work', '0.2', '--seconds', '75'];

/** Whether a service has been scaled out and in since, to this count or to any. */
const isBack =
  (service: string, count?: number) =>
  (events: readonly RunnerEvent[]): boolean => {
    const own = of(events, 'outcome').filter((each) => each.service === service && each.applied);
    const out = own.findIndex(({ direction }) => direction === 'out');
    const last = own.at(-1);
    return out >= 0 && last?.direction === 'in' && (count === undefined || last.to === count);
  };

const QUEUE = '/api/queues/celery';
/** After the loop asked first, however long it took to start. */
const BURST_MS = 2000;
const CALM_MS = 8000;

/** A queue that is told about, of which nothing is embedded: full for some seconds. */
const broker = async (): Promise<JsonServer> => {
  const server = await startJsonServer();
  server.want(basic('guest', 'geheim'));
  const ready = (messages_ready: number) =>
    server.tell(QUEUE, { messages_ready, message_stats: { ack_details: { rate: 0.5 } } });
  ready(4);
  const look = setInterval(() => {
    if (server.heard.length === 0) return;
    clearInterval(look);
    setTimeout(ready, BURST_MS, 50);
    setTimeout(ready, CALM_MS, 0);
  }, 100).unref();
  return server;
};

/** A folder of cluster files, in which no other file is. */
const clusters = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pulsescale-clusters-'));
  copyFileSync(fixture('ecs-autoscale/my_cluster.yml'), join(folder, 'my_cluster.yml'));
  return folder;
};

/** Its tasks listen on port 80, as they do there; who may not open that gives them another one, which is all that differs then. */
const props = async (): Promise<string> => {
  const file = fixture('fargate-fast-autoscaler.yaml');
  const probe = createServer().listen(80, '127.0.0.1');
  const allowed = await once(probe, 'listening').then(
    () => true,
    (thrown: NodeJS.ErrnoException) => thrown.code !== 'EACCES',
  );
  probe.close();
  if (allowed) return file;
  const other = join(mkdtempSync(join(tmpdir(), 'pulsescale-props-')), 'props.yaml');
  writeFileSync(other, `${readFileSync(file, 'utf8')}port: 8099\n`);
  return other;
};

let server: JsonServer;
let runs: { readonly [name in 'a' | 'b' | 'c' | 'd']: Run };
beforeAll(async () => {
  server = await broker();
  const brokers = {
    BROKER_USER: 'guest',
    BROKER_PASSWORD: 'geheim',
    BROKER_PORT: String(server.port),
    MOST_WORKERS: '6',
  };
  const [a, b, c, d] = await Promise.all([
    run([...quick, '--burst', '200@2'], variables('fast-autoscaler.env'), isBack('mailer', 1)),
    run([...quick, '--burst', '20@2'], variables('serverless-ecs-scaler.env'), isBack('encoder', 0)),
    run([...quick, '--config', clusters()], brokers, isBack('worker', 1)),
    run([...quick, '--burst', '600@2', '--config', await props()], {}, isBack('web')),
  ]);
  runs = { a, b, c, d };
}, 120_000);
afterAll(() => server?.stop());

const burstIn = ({ events }: Run): number =>
  events.findIndex((event) => event.kind === 'event' && event.event === 'burst');

/** The first that shows the burst, of a source that nobody here sends anything to. */
const fullIn = ({ events }: Run): number =>
  events.findIndex(
    (event) =>
      event.kind === 'decision' && event.reading.known && event.reading.values?.['queue_length'] === 50,
  );

const scales = (ran: Run, service: string, from: number) => {
  expect(ran.code).toBe(0);
  expect(ran.errors).toMatch(/^read as .+: \d+ differences/);
  const own = of(ran.events.slice(Math.max(0, from)), 'decision').filter((each) => each.service === service);
  const out = own.findIndex(({ direction }) => direction === 'out');
  const applied = of(ran.events, 'outcome').filter((each) => each.service === service && each.applied);
  return {
    soon: from > 0 && out >= 0 && out < 2,
    directions: [...new Set(applied.map(({ direction }) => direction))],
    last: own.at(-1)?.to,
  };
};

describe('started unchanged, it scales out within two ticks of a burst and in afterwards', () => {
  test('fast-autoscaler, by its environment', () => {
    const { a } = runs;
    expect(scales(a, 'mailer', burstIn(a))).toEqual({ soon: true, directions: ['out', 'in'], last: 1 });
    expect(eventsNamed(a.events, 'started')).toHaveLength(1);
  });

  test('Serverless ECS Scaler, by its environment, to 0', () => {
    const { b } = runs;
    expect(scales(b, 'encoder', burstIn(b))).toEqual({ soon: true, directions: ['out', 'in'], last: 0 });
    expect(of(b.events, 'world').at(-1)).toMatchObject({ backlog: 0, inFlight: 0 });
  });

  test('ecs-autoscale, by a folder of its cluster files', () => {
    const { c } = runs;
    expect(scales(c, 'worker', fullIn(c))).toEqual({ soon: true, directions: ['out', 'in'], last: 1 });
    expect(JSON.stringify(c.events)).not.toContain('geheim');
    // Nobody measures the CPU of the other here: unknown, and it stays as it is.
    const idle = of(c.events, 'decision').filter(({ service }) => service === 'backend');
    expect(new Set(idle.map(({ from, to }) => to - from))).toEqual(new Set([0]));
  });

  test('and the hosts of its cluster follow the tasks', () => {
    const { events } = runs.c;
    const hosts = of(events, 'hosts').map(({ desired }) => desired);
    expect(hosts[0]).toBe(1);
    expect(Math.max(...hosts)).toBeGreaterThan(1);
    expect(Math.max(...hosts)).toBeLessThanOrEqual(4);
  });

  test('aws-fargate-fast-autoscaler, by its props', () => {
    const { d } = runs;
    expect(scales(d, 'web', burstIn(d))).toMatchObject({ soon: true, directions: ['out', 'in'] });
    const highest = Math.max(...of(d.events, 'decision').map(({ to }) => to));
    expect([10, 15, 20]).toContain(highest);
  });
});

test("fast-autoscaler's state in S3 is honoured: a cooldown that runs there goes on here", async () => {
  const env = { ...variables('fast-autoscaler.env'), SCALE_IN_COOLDOWN: '600' };
  const said = new PassThrough().resume();
  const setting = await settingOf({}, env, said);
  const config = { ...setting.config, loop: { ...setting.config.loop, interval: 1 } };
  const demo = { seed: 1, startUpSeconds: 0.1, workSeconds: 0.1 };
  const runner = await startRunner({ config, env: setting.env, aws: false, demo, log: said });
  const ins: Decision[] = [];
  runner.subscribe((event) => {
    if (event.kind === 'decision' && event.direction === 'in') ins.push(event);
  });
  const s3 = new S3Client({ ...LOCAL, endpoint: runner.addresses['SNS, S3'] ?? '', forcePathStyle: true });
  const timestamp = Date.now() / 1000 - 60;
  await s3.send(
    new PutObjectCommand({
      Bucket: 'tf-configuration-mailer',
      Key: 'autoscaling-state/prod/mailer/down-last-action.json',
      Body: JSON.stringify({ timestamp, cluster: 'prod', service: 'mailer', action_type: 'down', count: 3 }),
    }),
  );
  /** The first decision of this kind from now on; `undefined`: none within so long that a slow machine is no excuse. */
  const next = (is: (decision: Decision) => boolean): Promise<Decision | undefined> =>
    new Promise((resolve) => {
      const late = setTimeout(resolve, 25_000, undefined);
      runner.subscribe((event) => {
        if (event.kind !== 'decision' || !is(event)) return;
        clearTimeout(late);
        resolve(event);
      });
    });
  const first = next(() => true);
  const out = next(({ direction }) => direction === 'out');
  const cooldown = ({ reasons }: Decision) =>
    reasons.find(({ by, why }) => by === 'cooldown' && why.includes('scale-in'))?.why;
  const held = next((decision) => decision.from > 1 && cooldown(decision) !== undefined);
  runner.begin();
  await first;
  await runner.actions.burst(200);
  const holding = await held;
  await runner.stop();
  s3.destroy();
  expect(await out).toMatchObject({ from: 1 });
  expect(holding && cooldown(holding)).toMatch(
    /^([6-9]\d|1\d\d) s since the last scale-in, the cooldown is 600 s$/,
  );
  expect(ins).toEqual([]);
}, 60_000);
