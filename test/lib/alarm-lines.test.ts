/**
 * What an alarm waits for is written: the filters of the template, as CloudWatch would apply them, on the lines that the unmodified
 * handlers print with the log level of a deployment, against S3, ECS and Application Auto Scaling on this machine.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Decision } from '../../lambdas/contract/records.ts';
import type { ScalableTarget } from '../../local/endpoints/application-auto-scaling.ts';
import { type Endpoints, LOCAL, startEndpoints } from '../../local/endpoints/aws.ts';
import { type Lambdas, startLambdas } from '../../local/lambdas.ts';
import { createWorld, setDesired } from '../../local/world.ts';
import { seen } from '../samples.ts';
import { matcherOf } from './filter-pattern.ts';
import { Synthesised } from './synthesised.ts';

const PIPE_MS = 200;
const KEY = 'shop/orders-worker';
const BUCKET = 'state';
const MAX = 10;
const config = {
  loop: { name: 'default' },
  services: [
    {
      ...{ cluster: 'shop', service: 'orders-worker', tasks: { min: 1, max: MAX } },
      source: { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' },
    },
  ],
};

type Line = Readonly<Record<string, unknown>>;

/** By the name of the metric. */
const filters = new Synthesised({ config }).all('AWS::Logs::MetricFilter').map(([, { Properties }]) => {
  const [made] = Properties['MetricTransformations'] as readonly { readonly MetricName: string }[];
  return [String(made?.MetricName), matcherOf(String(Properties['FilterPattern']))] as const;
});
const counted = (line: Line): readonly string[] =>
  filters.flatMap(([metric, matches]) => (matches(line) ? [metric] : []));

let targets: readonly ScalableTarget[] = [];
let endpoints: Endpoints;
let s3: S3Client;
let lambdas: Lambdas;
let log = '';
let world = createWorld({
  ...{ seed: 1, startUpMs: 0, startUpSigma: 0 },
  services: [{ cluster: 'shop', service: 'orders-worker', desired: 2 }],
});

const startHandlers = (): Lambdas => {
  const file = join(mkdtempSync(join(tmpdir(), 'pulsescale-lines-')), 'pulsescale.json');
  writeFileSync(file, JSON.stringify(config));
  const lines = new PassThrough().on('data', (chunk) => {
    log += String(chunk);
  });
  const own = { PULSESCALE_BUCKET: BUCKET, PULSESCALE_CONFIG_FILE: file, LOG_LEVEL: 'INFO' };
  return startLambdas({ ...process.env, ...endpoints.env, ...own }, lines);
};

beforeAll(async () => {
  endpoints = await startEndpoints({
    services: () => world.services,
    setDesired: (cluster, service, count) => {
      world = setDesired(world, cluster, service, count);
    },
    scalableTargets: () => targets,
    count: () => undefined,
  });
  s3 = new S3Client({ ...LOCAL, endpoint: endpoints.directUrl, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterAll(async () => {
  s3.destroy();
  await endpoints.close();
});

const put = (lease: object, lane = 'default') =>
  s3.send(
    new PutObjectCommand({ Bucket: BUCKET, Key: `lanes/${lane}/lease.json`, Body: JSON.stringify(lease) }),
  );

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
const held = (given: object = {}) => ({
  ...{ owner: 'before', term: 4, expiresAt: ago(-60), paused: false, memory: {} },
  ...given,
});

/** The lines of these invocations that say more than what every execution prints. */
const linesOf = async (act: () => Promise<unknown>): Promise<readonly Line[]> => {
  log = '';
  lambdas = startHandlers();
  try {
    await act();
    // Lines come through a pipe of their own, a moment after the answer.
    await sleep(PIPE_MS);
  } finally {
    await lambdas.stop();
  }
  return log
    .split('\n')
    .filter(Boolean)
    .map((each) => JSON.parse(each) as Line);
};

const metricsOf = async (act: () => Promise<unknown>): Promise<readonly string[]> => {
  const lines = await linesOf(act);
  const found = lines.filter((line) => counted(line).length > 0);
  // The dimension of the metric, without which CloudWatch counts nothing.
  for (const line of found) expect(line['lane']).toBe('default');
  return found.flatMap(counted).toSorted();
};

/** Two ticks of the predecessor, ten and five seconds ago. */
const history = (desired: number, visible: number) => ({
  at: [10, 5].map((seconds) => Math.round(Date.now() / 1000) - seconds),
  services: {
    [KEY]: { readings: [{ visible }], counts: { desired, running: desired, pending: 0 }, to: desired },
  },
});

const acquire = (input: object) =>
  lambdas.invoke('lease', { act: 'acquire', execution: 'e', at: ago(0), input: { term: 4, ...input } });

describe('the lease of a successor', () => {
  test('prints nothing that counts where all is well', async () => {
    targets = [];
    await put(held());
    expect(await metricsOf(() => acquire({ memory: {}, history: history(2, 5) }))).toEqual([]);
  });

  test('prints who is unknown for five minutes, and not before', async () => {
    const unknown = async (seconds: number) => {
      await put(held());
      const memory = { [KEY]: { desired: 2, unknownSince: ago(seconds) } };
      return metricsOf(() => acquire({ memory, history: history(2, 5) }));
    };
    expect(await unknown(290)).toEqual([]);
    expect(await unknown(301)).toEqual(['SourceUnknown']);
  });

  test('prints who is at its maximum for ten minutes with work left, and not before', async () => {
    const atMax = async (seconds: number, visible: number) => {
      await put(held({ atMax: { [KEY]: ago(seconds) } }));
      return metricsOf(() => acquire({ memory: {}, history: history(MAX, visible) }));
    };
    expect(await atMax(590, 40)).toEqual([]);
    expect(await atMax(601, 40)).toEqual(['AtMax']);
    expect(await atMax(601, 0)).toEqual([]);
  });

  test('prints who has a second controller, and how to be rid of it', async () => {
    targets = [{ resourceId: 'service/shop/orders-worker', min: 1, max: 4 }];
    await put(held());
    const lines = await linesOf(() => acquire({ memory: {}, history: history(2, 5) }));
    const [line] = lines.filter((each) => counted(each).includes('TwoControllers'));
    expect(line).toMatchObject({ lane: 'default', key: KEY, min: 1, max: 4 });
    expect(line?.['why']).toMatch(
      /deregister-scalable-target .* --resource-id service\/shop\/orders-worker\)/,
    );
  });

  test('prints which other lane scales the same service, and how to be rid of it', async () => {
    targets = [];
    const other = { ...held({ expiresAt: ago(-60) }), services: [KEY, 'shop/another'] };
    await put(held());
    await put(other, 'older');
    const lines = await linesOf(() => acquire({ memory: {}, history: history(2, 5) }));
    await put({ ...other, paused: true }, 'older');
    const [line, ...more] = lines.filter((each) => counted(each).includes('TwoControllers'));
    expect(more).toEqual([]);
    expect(line).toMatchObject({ lane: 'default', key: KEY, otherLane: 'older' });
    expect(line?.['why']).toContain('npx pulsescale stop --lane older');
  });

  test('looks for it at the first acquisition of a process and every ten minutes', async () => {
    targets = [{ resourceId: 'service/shop/orders-worker', min: 1, max: 4 }];
    const started = Date.now();
    const at = (seconds: number): string => new Date(started + seconds * 1000).toISOString();
    const found = await metricsOf(async () => {
      for (const [nth, seconds] of [0, 60, 599, 600, 660, 1201].entries()) {
        await put(held({ term: nth, expiresAt: ago(1) }));
        const event = { act: 'acquire', execution: `e${nth}`, at: at(seconds), input: { term: nth } };
        expect(await lambdas.invoke('lease', event)).toMatchObject({ acquired: true });
      }
    });
    expect(found).toEqual(Array(3).fill('TwoControllers'));
  });
});

const decision = (given: Partial<Decision>): Decision => ({
  ...{ cluster: 'shop', service: 'orders-worker', from: 2, to: 8, direction: 'out' },
  ...{ reasons: [], reading: seen(80), at: ago(0), term: 4 },
  ...given,
});
const apply = (given: Partial<Decision> = {}) =>
  lambdas.invoke('apply', { at: ago(0), lane: 'default', term: 4, decisions: [decision(given)], memory: {} });

describe('apply', () => {
  test('prints nothing that counts where ECS takes the change', async () => {
    await put(held());
    expect(await metricsOf(() => apply())).toEqual([]);
  });
  test('prints what ECS refuses', async () => {
    await put(held());
    expect(await metricsOf(() => apply({ cluster: 'gone' }))).toEqual(['Failures']);
  });
  test.each([
    ['the lane is paused', { paused: true }],
    ['the service is paused', { pauses: { [KEY]: { what: 'all' } } }],
    ['the term is stale', { term: 5 }],
    ['a later tick has acted', { savedAt: ago(-600) }],
  ])('prints nothing that counts where %s', async (_, lease) => {
    await put(held(lease));
    const answers: unknown[] = [];
    expect(await metricsOf(async () => answers.push(await apply()))).toEqual([]);
    expect(answers).toMatchObject([{ outcomes: [{ applied: false }] }]);
  });
});

test('no filter is left out above', () => {
  const metrics = ['AtMax', 'Failures', 'SourceUnknown', 'TwoControllers'];
  expect(filters.map(([metric]) => metric).toSorted()).toEqual(metrics);
});

test('collect prints that the tick before it has failed', async () => {
  const tick = { at: ago(0), lane: 'default', term: 4, memory: {} };
  expect(await metricsOf(() => lambdas.invoke('collect', tick))).toEqual([]);
  const trouble = { Error: 'States.Timeout', Cause: 'the function took too long' };
  expect(await metricsOf(() => lambdas.invoke('collect', { ...tick, trouble }))).toEqual(['Failures']);
});
