/** Secrets as collect finds them in Secrets Manager, shown to a server that asks for a password. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../lambdas/collect/connections.ts';
import { readerOf } from '../../lambdas/collect/read.ts';
import type { Sighting } from '../../lambdas/contract/source.ts';
import { basic, type JsonServer, startJsonServer } from '../endpoints/json-server.ts';
import { type SecretsManager, startSecretsManager } from '../endpoints/secrets-manager.ts';
import { later } from '../samples.ts';

let secrets: SecretsManager;
let server: JsonServer;
let nth = 0;
let arn = '';
/** Everything that any reading said. */
let said = '';

beforeAll(async () => {
  secrets = await startSecretsManager();
  Object.assign(process.env, secrets.env);
  server = await startJsonServer();
  server.tell('/depth', 7);
});
beforeEach(async () => {
  await closeConnections();
  nth += 1;
  arn = `arn:aws:secretsmanager:us-east-1:123456789012:secret:broker-${nth}-AbCdEf`;
  server.want(basic('reader', 's3cret/first'));
  server.heard.length = 0;
  said = '';
});
afterAll(async () => {
  await closeConnections();
  await Promise.all([secrets.close(), server.stop()]);
});

const options = (more: object = {}) => ({
  type: 'http',
  url: `${server.url}/depth`,
  username: 'reader',
  passwordSecret: arn,
  ...more,
});

/** Reads as collect does at the tick of that second, each for a service of its own. */
const readAt = async (second: number, ...sources: readonly object[]): Promise<readonly Sighting[]> => {
  const read = readerOf({ at: later(second), longestMs: 4000 });
  const owner = { cluster: 'shop', service: 'worker' };
  const readings = await Promise.all(
    (sources.length === 0 ? [options()] : sources).map((given) =>
      read({ given, path: 'source', owner, needsInFlight: false }),
    ),
  );
  said += JSON.stringify(readings);
  return readings;
};

const seven = { known: true, value: 7 };
const unknown = (why: RegExp) => ({ known: false, why: expect.stringMatching(why) });

describe('what a secret may be', () => {
  test('plain text', async () => {
    secrets.set(arn, 's3cret/first');
    expect(await readAt(0)).toMatchObject([seven]);
  });

  test('a JSON object with keys that are called as the options are', async () => {
    server.want(basic('somebody', 's3cret/first'));
    secrets.set(arn, JSON.stringify({ username: 'somebody', password: 's3cret/first' }));
    const given = { ...options({ usernameSecret: arn }), username: undefined };
    expect(await readAt(0, given)).toMatchObject([seven]);
    expect(secrets.calls(arn)).toBe(1);
  });

  test('a JSON object with a key that the ARN names', async () => {
    secrets.set(arn, JSON.stringify({ pw: 's3cret/first', password: 'not this one' }));
    expect(await readAt(0, options({ passwordSecret: `${arn}:pw::` }))).toMatchObject([seven]);
  });

  test('a version that the ARN names', async () => {
    secrets.set(arn, JSON.stringify({ pw: 's3cret/first' }));
    secrets.set(arn, JSON.stringify({ pw: 'not yet' }));
    const given = options({ passwordSecret: `${arn}:pw:AWSPREVIOUS:` });
    expect(await readAt(0, given)).toMatchObject([seven]);
  });

  test('a number, which is a password too', async () => {
    server.want(basic('reader', '1234'));
    secrets.set(arn, '{"password":1234}');
    expect(await readAt(0)).toMatchObject([seven]);
  });

  test('text that only looks like JSON', async () => {
    server.want(basic('reader', '{s3cret}'));
    secrets.set(arn, '{s3cret}');
    expect(await readAt(0)).toMatchObject([seven]);
  });
});

describe('what cannot be had is unknown and says why, and the server is not bothered', () => {
  test('a key that is not there: the keys are named, and no value', async () => {
    secrets.set(arn, JSON.stringify({ user: 'reader', pw: 's3cret/first' }));
    const [reading] = await readAt(0);
    expect(reading).toMatchObject(
      unknown(/has user, pw, and password is not among them: name the key as arn:.*:KEY::/),
    );
    expect(await readAt(5, options({ passwordSecret: `${arn}:pass::` }))).toMatchObject([
      unknown(/and pass is not among them/),
    ]);
    expect(await readAt(5, options({ passwordSecret: `${arn}:constructor::` }))).toMatchObject([
      unknown(/not among them/),
    ]);
    expect(said).not.toContain('s3cret');
  });

  test('a key that holds no text, and a key of what has none', async () => {
    secrets.set(arn, '{"password":{"inner":"s3cret/first"}}');
    expect(await readAt(0)).toMatchObject([unknown(/password is neither text nor a number/)]);
    const other = `${arn.slice(0, -1)}Z`;
    secrets.set(other, 's3cret/first');
    expect(await readAt(0, options({ passwordSecret: `${other}:pw::` }))).toMatchObject([
      unknown(/is no JSON object, and pw in it was asked for/),
    ]);
    expect(said).not.toContain('s3cret');
  });

  test('a secret that is not there', async () => {
    expect(await readAt(0)).toMatchObject([unknown(/there is no secret arn:.*check the ARN/)]);
    expect(server.heard).toHaveLength(0);
  });

  test('one that is there by the next tick is used then', async () => {
    await readAt(0);
    secrets.set(arn, 's3cret/first');
    expect(await readAt(5)).toMatchObject([seven]);
  });

  test('a role that may not: the permission is named', async () => {
    secrets.set(arn, 's3cret/first');
    secrets.deny(arn);
    expect(await readAt(0)).toMatchObject([
      unknown(/secretsmanager:GetSecretValue on arn:.* is denied: allow secretsmanager:GetSecretValue/),
    ]);
    secrets.allow(arn);
    expect(await readAt(5)).toMatchObject([seven]);
  });

  test('a binary one', async () => {
    secrets.setBinary(arn, new Uint8Array([1, 2, 3]));
    expect(await readAt(0)).toMatchObject([unknown(/is binary: store text/)]);
  });

  test('a Secrets Manager that keeps silent, which is not taken for the server; others go on', async () => {
    secrets.set(arn, 's3cret/first');
    secrets.silence();
    try {
      server.tell('/open', 3);
      process.env.PASSWORD = 's3cret/first';
      const open = { ...options({ password: '%(PASSWORD)' }), passwordSecret: undefined };
      expect(await readAt(0, options({ timeLimit: '400ms' }), open)).toMatchObject([
        unknown(/GetSecretValue on arn:.* did not answer in time.*NAT or an interface endpoint/),
        seven,
      ]);
    } finally {
      secrets.silence(false);
    }
  });
});

describe('how often a secret is fetched', () => {
  test('once for many services, and again after five minutes of ticks', async () => {
    secrets.set(arn, 's3cret/first');
    server.tell('/other', 7);
    // Different ways in, so different connections, each of which wants the secret.
    const many = [
      options(),
      options({ username: 'reader', tokenSecret: undefined, tls: false }),
      options({ url: `${server.url}/other` }),
    ];
    for (const reading of await readAt(0, ...many)) expect(reading).toMatchObject(seven);
    expect(secrets.calls(arn)).toBe(1);
    for (const second of [5, 150, 299]) {
      await closeConnections();
      expect(await readAt(second)).toMatchObject([seven]);
    }
    expect(secrets.calls(arn)).toBe(1);
    await closeConnections();
    expect(await readAt(300)).toMatchObject([seven]);
    expect(secrets.calls(arn)).toBe(2);
  });

  test('a warm connection asks for it no more', async () => {
    secrets.set(arn, 's3cret/first');
    await readAt(0);
    expect(await readAt(1000)).toMatchObject([seven]);
    expect(secrets.calls(arn)).toBe(1);
  });

  test('again at once when the server refuses it: a rotation costs no tick, for none of the services', async () => {
    secrets.set(arn, 's3cret/first');
    const paths = Array.from({ length: 20 }, (_, index) => `/depth?${index}`);
    for (const path of paths) server.tell(path, 7);
    const sources = paths.map((path) => options({ url: `${server.url}${path}` }));
    await readAt(0, ...sources);
    secrets.set(arn, 's3cret/second');
    server.want(basic('reader', 's3cret/second'));
    for (const reading of await readAt(5, ...sources)) expect(reading).toMatchObject(seven);
    expect(secrets.calls(arn)).toBe(2);
    expect(await readAt(10)).toMatchObject([seven]);
    expect(secrets.calls(arn)).toBe(2);
  });

  test('a rotation whose secret comes after the server is found at the next tick', async () => {
    secrets.set(arn, 's3cret/first');
    await readAt(0);
    server.want(basic('reader', 's3cret/second'));
    expect(await readAt(5)).toMatchObject([
      unknown(/refused the user reader: check username and password or passwordSecret/),
    ]);
    secrets.set(arn, 's3cret/second');
    expect(await readAt(10)).toMatchObject([seven]);
  });

  test('ever more rarely while it stays the same, however many services are refused', async () => {
    secrets.set(arn, 's3cret/wrong');
    const sources = Array.from({ length: 20 }, (_, index) =>
      options({ url: `${server.url}/depth?${index}` }),
    );
    const fetchedAt: number[] = [];
    for (let second = 0; second < 300; second += 5) {
      const before = secrets.calls(arn);
      for (const reading of await readAt(second, ...sources)) expect(reading).toMatchObject({ known: false });
      fetchedAt.push(...Array.from({ length: secrets.calls(arn) - before }, () => second));
    }
    expect(fetchedAt).toEqual([0, 0, 5, 10, 15, 25, 45, 85, 145, 205, 265]);
    // And what was put right in the meantime is found.
    secrets.set(arn, 's3cret/first');
    expect(await readAt(325)).toMatchObject([seven]);
    expect(said).not.toContain('s3cret');
  });
});

test('no secret is in any reason, not even where the server repeats it', async () => {
  secrets.set(arn, JSON.stringify({ password: 's3cret/first', token: 's3cret-token' }));
  server.tell('/echo', { depth: 's3cret/first' });
  server.tell('/s3cret%2Ffirst', 'no', 500);
  await readAt(
    0,
    options({ url: `${server.url}/echo`, field: 'depth' }),
    options({ url: `${server.url}/s3cret%2Ffirst` }),
  );
  server.want('Bearer another');
  await readAt(5, { type: 'http', url: `${server.url}/depth`, tokenSecret: arn });
  expect(said).toContain('depth is \\"***');
  expect(said).toContain('refused the token');
  expect(said).not.toContain('s3cret');
});

test('of a secret that begins another nothing is left over, and none is shown in quotes or as in a form', async () => {
  secrets.set(arn, 'abra');
  await readAt(0);
  secrets.set(arn, 'abra "kad abra"');
  await closeConnections();
  server.want(basic('reader', 'abra "kad abra"'));
  server.tell('/echo', { depth: 'abra "kad abra"' });
  server.tell('/form', { depth: 'abra+%22kad+abra%22' });
  await readAt(
    400,
    options({ url: `${server.url}/echo`, field: 'depth' }),
    options({ url: `${server.url}/form`, field: 'depth' }),
  );
  expect(said.match(/depth is \\"\*\*\*/g)).toHaveLength(2);
  expect(said).not.toMatch(/kad/);
});

test('a time limit need not be a whole number of milliseconds', async () => {
  secrets.set(arn, 's3cret/first');
  expect(await readAt(0, options({ timeLimit: 1.33333 }))).toMatchObject([seven]);
});
