/** The lane's object as it is read and written, on the wire. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Lease, type LeaseStore, readLease, writeLease } from '../../lambdas/store/lease-object.ts';

/** What S3 answers, request by request. */
interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Half a minute off: more than five, and the SDK takes every refusal for one of its signature and asks again. */
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toUTCString();
const DATE = ago(30);
const lease: Lease = {
  owner: 'e1',
  term: 7,
  expiresAt: '2026-11-22T00:00:10.000Z',
  paused: false,
  pauses: {},
  memory: {},
  notices: [],
};
const refusal = (status: number, code: string): Answer => ({
  status,
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});

let server: Server;
let store: LeaseStore;
let answers: ((body: string) => Answer)[];
let asked: string[];

beforeEach(async () => {
  answers = [];
  asked = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    asked.push(`${request.method} ${request.url?.split('?')[0]}`);
    const {
      status,
      body = '',
      headers = {},
    } = answers.shift()?.(Buffer.concat(chunks).toString()) ?? { status: 500 };
    response.writeHead(status, { date: DATE, 'content-type': 'application/xml', ...headers }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const s3 = new S3Client({
    endpoint,
    credentials,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 2,
  });
  store = { bucket: 'state', s3 };
});
afterEach(() => {
  store.s3.destroy();
  server.close();
});

const answer = (...given: readonly Answer[]): void => {
  for (const each of given) answers.push(() => each);
};

/** As S3 has them with every object. */
const headers = { etag: '"1"', 'last-modified': ago(150) };

describe("S3's Date comes with whatever was found", () => {
  test('a lease', async () => {
    answer({ status: 200, body: JSON.stringify(lease), headers });
    expect(await readLease(store, 'eu')).toEqual({ lease, etag: '"1"', now: new Date(DATE) });
  });

  test('nothing', async () => {
    answer(refusal(404, 'NoSuchKey'));
    expect(await readLease(store, 'eu')).toEqual({ missing: true, now: new Date(DATE) });
  });

  test('something else, with its bytes and its age', async () => {
    answer({ status: 200, body: '{"term": 7', headers });
    expect(await readLease(store, 'eu')).toMatchObject({
      unreadable: expect.stringContaining('not JSON'),
      bytes: new TextEncoder().encode('{"term": 7'),
      lastModified: new Date(headers['last-modified']),
      now: new Date(DATE),
    });
  });

  test('an answer that the SDK asked for twice', async () => {
    answer({ ...refusal(503, 'SlowDown'), headers: { date: ago(60) } });
    answer(refusal(404, 'NoSuchKey'));
    expect(await readLease(store, 'eu')).toEqual({ missing: true, now: new Date(DATE) });
  });
});

test.each(['<html>please log in</html>', JSON.stringify(lease)])(
  'who is not S3 is not believed: %s',
  async (body) => {
    answer({ status: 200, body });
    await expect(readLease(store, 'eu')).rejects.toMatchObject({
      name: 'StoreError',
      message: expect.stringContaining('not S3'),
    });
  },
);

describe('a conditional write', () => {
  /** What S3 holds after a write that landed although its answer was another. */
  let landed = '';
  const lands =
    (then: Answer) =>
    (body: string): Answer => {
      landed = body;
      return then;
    };
  const shows = (): Answer => ({ status: 200, body: landed, headers });
  const foreign = (): Answer => ({
    status: 200,
    body: JSON.stringify({ ...lease, claim: 'other' }),
    headers,
  });

  test.each([
    [412, 'PreconditionFailed'],
    [409, 'ConditionalRequestConflict'],
  ])('refused with %i has lost when the object is not its own', async (status, code) => {
    answers.push(() => refusal(status, code), foreign);
    expect(await writeLease(store, 'eu', lease, '"1"')).toBe(false);
    expect(asked).toEqual(['PUT /state/lanes/eu/lease.json', 'GET /state/lanes/eu/lease.json']);
  });

  test.each([
    [412, 'PreconditionFailed'],
    [409, 'ConditionalRequestConflict'],
  ])('refused with %i has won when its first attempt had landed', async (status, code) => {
    answers.push(lands(refusal(500, 'InternalError')), () => refusal(status, code), shows);
    expect(await writeLease(store, 'eu', lease, '"1"')).toBe(true);
  });

  test('answered with 200 by whoever is not S3 has not been written', async () => {
    answers.push(() => ({ status: 200, body: '<html>welcome</html>' }), foreign);
    expect(await writeLease(store, 'eu', lease, '"1"')).toBe(false);
    expect(asked).toEqual(['PUT /state/lanes/eu/lease.json', 'GET /state/lanes/eu/lease.json']);
  });

  test('that finds the object gone has lost', async () => {
    answer(refusal(404, 'NoSuchKey'));
    expect(await writeLease(store, 'eu', lease, '"1"')).toBe(false);
  });

  test('into a bucket that is not there is an error', async () => {
    answer(refusal(404, 'NoSuchBucket'));
    await expect(writeLease(store, 'eu', lease, undefined)).rejects.toMatchObject({ name: 'StoreError' });
  });

  test('that is denied is an error that names the action', async () => {
    answer(refusal(403, 'AccessDenied'));
    await expect(writeLease(store, 'eu', lease, '"1"')).rejects.toMatchObject({
      name: 'StoreError',
      message: expect.stringContaining('s3:PutObject'),
    });
  });
});
