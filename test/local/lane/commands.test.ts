/** `pulsescale pause`, `resume`, `stop` and `status` as an operator types them, against a bucket. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Lease } from '../../../lambdas/store/lease-object.ts';
import { pauseIn, resumeIn } from '../../../local/commands/pause.ts';
import { statusOf } from '../../../local/commands/status.ts';
import { stopLane } from '../../../local/commands/stop.ts';
import { laneMeant } from '../../../local/lane/meant.ts';
import { changeLane, readLane } from '../../../local/lane.ts';
import { BUCKET, startAws, type TestAws } from '../../rooms/aws.ts';
import { pulsescale } from './cli.ts';
import { lease } from './leases.ts';

let aws: TestAws;
beforeAll(async () => {
  aws = await startAws({});
});
afterAll(() => aws.close());

/** ISO 8601, so many seconds from now. */
const soon = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

/** A lane that is held for another minute. */
const put = (lane: string, fields: Partial<Lease> = {}, Bucket = BUCKET) => {
  const Body = JSON.stringify(lease({ acquiredAt: soon(-20), expiresAt: soon(60), ...fields }));
  return aws.s3.send(new PutObjectCommand({ Bucket, Key: `lanes/${lane}/lease.json`, Body }));
};

const objectOf = (lane: string) => aws.getJson(`lanes/${lane}/lease.json`);

const store = () => ({ bucket: BUCKET, s3: aws.s3 });

const pause = async (lane: string, service?: string, flags: Parameters<typeof pauseIn>[3] = {}) =>
  (await pauseIn(store(), lane, service, flags)).join('\n');

const resume = async (lane: string, service?: string, flags: Parameters<typeof resumeIn>[3] = {}) =>
  (await resumeIn(store(), lane, service, flags)).join('\n');

const status = async (lane?: string, json = false, bucket = BUCKET) => {
  const named = lane === undefined ? {} : { lane };
  const { code, lines } = await statusOf({ bucket, s3: aws.s3 }, { ...named, json }, 80);
  return { code, out: lines.join('\n') };
};

/** Seconds from now until an instant. */
const away = (until: unknown): number => (Date.parse(String(until)) - Date.now()) / 1000;

/** Without the mark of the write. */
const written = async (lane: string) => {
  const { claim: _, ...object } = await objectOf(lane);
  return object;
};

describe('pause and resume', () => {
  test('a lane: everything else in its object stays, and resume undoes it', async () => {
    await put('whole', {
      memory: { 'shop/mailer': { desired: 3 } },
      pauses: { 'shop/mailer': { what: 'in' } },
    });
    const before = await objectOf('whole');
    const paused = await pause('whole');
    expect(paused).toContain('lane whole: the whole lane is paused until it is resumed');
    expect(paused).toContain('paused besides: scale-in of shop/mailer until it is resumed');
    expect(await written('whole')).toEqual({ ...before, paused: true });

    const resumed = await resume('whole');
    expect(resumed).toContain('resumed the whole lane\n  its loop goes on with its next tick');
    expect(resumed).toContain('still paused: scale-in of shop/mailer until it is resumed');
    expect(await written('whole')).toEqual(before);
    expect(await resume('whole')).toContain('the whole lane was not paused');
  });

  test('a lane that stands by is started by its schedule', async () => {
    await put('standing-by', { paused: true, expiresAt: soon(-30) });
    expect(await resume('standing-by')).toContain('the schedule starts its loop within a minute');
  });

  test.each([
    ['the lane', undefined, { for: 1800 }, { paused: true }, undefined],
    ['the lane', undefined, { all: true, for: 90 }, { paused: true }, undefined],
    ['every service', undefined, { in: true, for: 7200 }, { paused: false }, ['*', 'in']],
    ['one of them', 'shop/mailer', { out: true, for: 86_400 }, { paused: false }, ['shop/mailer', 'out']],
    ['its name alone', 'orders-worker', { for: 5 }, { paused: false }, ['shop/orders-worker', 'all']],
  ] as const)('%s: %s %j', async (_, service, flags, whole, single) => {
    const lane = `for-${flags.for}`;
    await put(lane);
    await pause(lane, service, flags);
    const object = await objectOf(lane);
    expect(object).toMatchObject(whole);
    const { until, ...what } = (object['pauses'] as Lease['pauses'])[single?.[0] ?? ''] ?? {};
    expect(what).toEqual(single === undefined ? {} : { what: single[1] });
    // By S3's clock, which tells whole seconds.
    const { now } = await readLane(store(), lane);
    const seconds = (Date.parse(String(until ?? object['pausedUntil'])) - now.getTime()) / 1000;
    expect(seconds).toBeLessThanOrEqual(flags.for);
    expect(seconds).toBeGreaterThan(flags.for - 60);
  });

  test('a later pause says what it replaces, and resume --all ends everything', async () => {
    await put('twice');
    await pause('twice', 'mailer', { in: true, for: 3600 });
    const again = await pause('twice', 'mailer');
    expect(again).toContain('every change of shop/mailer is paused until it is resumed');
    expect(again).toMatch(/in place of: scale-in of shop\/mailer until .* \(in 60 min\)/);
    await pause('twice', undefined, { out: true });
    const resumed = await resume('twice', undefined, { all: true });
    expect(resumed).toContain('resumed every change of shop/mailer');
    expect(resumed).toContain('resumed scale-out of all services');
    expect(await objectOf('twice')).toMatchObject({ paused: false, pauses: {} });
  });

  test('an unknown service: the nearest is named, and nothing is written', async () => {
    await put('wrong');
    const before = await objectOf('wrong');
    await expect(pause('wrong', 'shop/mailr')).rejects.toThrow(
      'lane wrong has no service "shop/mailr"; the nearest is shop/mailer',
    );
    await expect(resume('wrong', 'orders')).rejects.toThrow('the nearest is shop/orders-worker');
    expect(await objectOf('wrong')).toEqual(before);
  });

  test('neither it nor what the loop writes at the same moment is lost', async () => {
    await put('busy');
    const tick = (n: number) =>
      changeLane(store(), 'busy', (held) => ({
        ...held,
        memory: { ...held.memory, [`shop/${n}`]: { desired: n } },
      }));
    const ticks = async () => {
      for (let n = 0; n < 20; n += 1) await tick(n);
    };
    await Promise.all([ticks(), pause('busy', 'mailer'), pause('busy', undefined, { in: true })]);
    const object = await objectOf('busy');
    expect(object).toMatchObject({ pauses: { 'shop/mailer': { what: 'all' }, '*': { what: 'in' } } });
    expect(Object.keys(object['memory'] as object)).toHaveLength(20);
  });
});

describe('stop', () => {
  const silent = () => undefined;

  test('waits until the lease is given back', async () => {
    await put('given-back');
    const told: string[] = [];
    const stopping = stopLane(store(), 'given-back', (text) => {
      if (told.length === 0)
        void changeLane(store(), 'given-back', (held, now) => ({ ...held, expiresAt: now.toISOString() }));
      told.push(text);
    });
    await stopping;
    expect(told[0]).toMatch(/^lane given-back is paused; waiting for its execution to end, \d+ s at most$/);
    expect(await objectOf('given-back')).toMatchObject({ paused: true });
  }, 20_000);

  test('an execution that has died: until its lease runs out; without an end, whatever was paused before', async () => {
    await put('dead', { expiresAt: soon(3), pausedUntil: soon(900), paused: true });
    await stopLane(store(), 'dead', silent);
    const object = await objectOf('dead');
    expect(object).not.toHaveProperty('pausedUntil');
    expect(away(object['expiresAt'])).toBeLessThanOrEqual(0);
  }, 20_000);

  test('somebody else resumes it: that is no stop', async () => {
    await put('resumed');
    const stopping = stopLane(store(), 'resumed', () => void resume('resumed'));
    await expect(stopping).rejects.toThrow('somebody has resumed lane resumed');
  }, 20_000);
});

describe('status', () => {
  test.each([
    ['ticking', {}, 0],
    ['not ticking', { expiresAt: soon(-60) }, 1],
    ['asleep', { expiresAt: soon(-60), asleep: true, asleepSince: soon(-600) }, 0],
    ['paused', { paused: true }, 3],
  ] as const)('of a lane that is %s', async (state, fields, code) => {
    const lane = state.replace(' ', '-');
    await put(lane, fields);
    const said = await status(lane);
    expect(said.code).toBe(code);
    expect(said.out).toMatch(new RegExp(`^lane ${lane}: ${state}\n`));
    const json = await status(lane, true);
    expect(json.code).toBe(code);
    expect(JSON.parse(json.out)).toMatchObject({
      lane,
      state,
      term: 7,
      object: { owner: lease().owner, term: 7 },
    });
  });

  test('an object that is no lease', async () => {
    await aws.putJson('lanes/cut/lease.json', '{"owner": "e1", "te');
    const said = await status('cut');
    expect(said.code).toBe(1);
    expect(said.out).toContain('lane cut: unreadable\n  its object is not a lease: not JSON');
    await expect(pause('cut')).rejects.toThrow('is not a lease');
  });

  test('without a lane: the only one in full, several in a table, the worst of them as exit code', async () => {
    const Bucket = 'others';
    await aws.s3.send(new CreateBucketCommand({ Bucket }));
    const all = (json = false) => status(undefined, json, Bucket);
    await expect(all()).rejects.toThrow('no lane has ever been started in bucket others');
    await put('orders', {}, Bucket);
    expect(await all()).toMatchObject({ code: 0, out: expect.stringMatching(/^lane orders: ticking\n/) });
    await put('orders-10', { paused: true }, Bucket);
    expect(await all()).toMatchObject({ code: 3 });
    await put('orders-2', { expiresAt: soon(-5), services: ['shop/invoices'] }, Bucket);
    const { code, out } = await all();
    expect(code).toBe(1);
    expect(out.split('\n').map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['lane', 'state'],
      ['orders', 'ticking'],
      ['orders-2', 'not ticking'],
      ['orders-10', 'paused'],
    ]);
    const lanes = JSON.parse((await all(true)).out) as readonly { readonly lane: string }[];
    expect(lanes.map(({ lane }) => lane)).toEqual(['orders', 'orders-2', 'orders-10']);

    // A service alone says which lane is meant; without it there are three.
    const there = { bucket: Bucket, s3: aws.s3 };
    expect(await laneMeant(there, 'invoices')).toBe('orders-2');
    await expect(laneMeant(there, undefined)).rejects.toThrow(
      'Give --lane, one of orders, orders-2, orders-10',
    );
    await put('default', {}, Bucket);
    expect(await laneMeant(there, undefined)).toBe('default');
  });
});

describe('what cannot be done says what to do', () => {
  test('no such lane: which there are; no such bucket', async () => {
    await put('present');
    await expect(status('absent')).rejects.toThrow(
      /there is no lane absent in bucket state; there (is|are) .*present/,
    );
    await expect(pause('absent')).rejects.toThrow('there is no lane absent');
    const nowhere = { bucket: 'nowhere', s3: aws.s3 };
    await expect(statusOf(nowhere, {}, 80)).rejects.toThrow('there is no bucket nowhere');
    await expect(pauseIn(nowhere, 'x', undefined, {})).rejects.toThrow('there is no bucket nowhere');
  });

  test('denied: which IAM action, to whom', async () => {
    const denier = createServer(({ method, url }, response) => {
      const isAllowed = method === 'GET' && url?.includes('/lanes/readable/');
      // As S3 says of every object.
      const version = { etag: '"1"', 'last-modified': new Date().toUTCString() };
      response.writeHead(isAllowed ? 200 : 403, { 'content-type': 'application/xml', ...version });
      response.end(
        isAllowed ? JSON.stringify(lease()) : '<Error><Code>AccessDenied</Code><Message>no</Message></Error>',
      );
    }).listen(0, '127.0.0.1');
    await once(denier, 'listening');
    const address = denier.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const s3 = new S3Client({ endpoint: `http://127.0.0.1:${port}` });
    const there = { bucket: 'b', s3 };
    const toWhom = 'is denied: allow it to whoever runs this command';
    await expect(statusOf(there, {}, 80)).rejects.toThrow(`s3:ListBucket on b ${toWhom}`);
    await expect(statusOf(there, { lane: 'x' }, 80)).rejects.toThrow(`s3:GetObject on b/lanes/* ${toWhom}`);
    await expect(pauseIn(there, 'readable', undefined, {})).rejects.toThrow(
      `s3:PutObject on b/lanes/* ${toWhom}`,
    );
    s3.destroy();
    denier.close();
    denier.closeAllConnections();
    await expect(
      statusOf({ bucket: 'b', s3: new S3Client({ endpoint: 'http://127.0.0.1:1' }) }, {}, 80),
    ).rejects.toThrow("S3 can't be reached");
  });
});

test('typed into a shell: what is read from the words, and what the shell is told', async () => {
  await put('typed', { pauses: { 'shop/mailer': { what: 'in' } } });
  const on = ['--bucket', BUCKET, '--lane', 'typed'];
  const said = await Promise.all([
    pulsescale(['pause', 'shop/orders-worker', '--out', '--for', '1.5h', ...on]),
    pulsescale(['pause', '--for', 'ever', ...on]),
    pulsescale(['resume', '--in', '--out', ...on]),
    pulsescale(['status', '--lane', 'absent', '--bucket', BUCKET]),
    pulsescale(['stop']),
  ]);
  expect(said.map(({ code }) => code)).toEqual([0, 1, 1, 1, 1]);
  const [pausing, length, both, absent, nowhere] = said.map(({ out, errors }) => `${out}${errors}`);
  expect(pausing).toMatch(/scale-out of shop\/orders-worker is paused until .* \(in 2 h\)/);
  expect(length).toContain('such as 90s, 30m or 2h');
  expect(both).toContain("'--in' cannot be used with option '--out'");
  expect(absent).toMatch(/^pulsescale: there is no lane absent/);
  expect(nowhere).toContain('Give --bucket');
  expect(said.map(({ errors }) => errors).join('')).not.toMatch(/\n\s+at /);
  await put('typed', { paused: true, expiresAt: soon(60) });
  const paused = await pulsescale(['status', ...on]);
  expect(paused).toMatchObject({ code: 3, errors: '', out: expect.stringMatching(/^lane typed: paused\n/) });
}, 90_000);
